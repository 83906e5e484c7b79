/** The type of the log. http/log.ts formats its lines. */

/** One line: what happened and plain values. Never a token, signature, salt, UserSig or a text from outside. undefined is left out. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>) => void;

/** Takes one finished line, with its line break. */
export type Write = (line: string) => void;
