/** Names the option that was probably meant by an unknown one: the framework only says that it does not know it. */
import type { CommandDefinition } from './framework';

/** Options of the framework itself, of every command. */
const common = ['help', 'version', 'verbose', 'debug', 'config', 'stage', 'param'];

/** The number of letters to insert, delete or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The command that the arguments name: `deploy`, `invoke local`. */
function commandOf(args: readonly string[], commands: Record<string, CommandDefinition>) {
  const first = commands[args[0] ?? ''];
  const second = first?.commands?.[args[1] ?? ''];
  return second ? { name: `${args[0]} ${args[1]}`, command: second } : first && { name: args[0] ?? '', command: first };
}

/** `args`: the command line without the program. A sentence for an option that the command does not have, or undefined. */
export function unknownOption(
  args: readonly string[],
  commands: Record<string, CommandDefinition>,
): string | undefined {
  const found = commandOf(args, commands);
  if (!found) return undefined;
  const known = [...Object.keys(found.command.options), ...common];
  const given = args.flatMap((text) => /^--([^=]+)/.exec(text)?.[1] ?? []);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const [nearest] = known
    .map((name) => ({ name, far: distance(unknown, name) }))
    .filter(({ name, far }) => far <= 2 && far < name.length - 1)
    .sort((a, b) => a.far - b.far);
  const hint = nearest
    ? `Did you mean --${nearest.name}?`
    : `It takes ${Object.keys(found.command.options)
        .map((name) => `--${name}`)
        .join(', ')} and --stage.`;
  return `sls ${found.name} has no option --${unknown}. ${hint}`;
}
