/** Mail by SMTP: one short text to one address. */

/** `refused`: the server does not take mail for this address (5xx). `code` is nodemailer's or the server's, for the log. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly refused: boolean;
  readonly code: string;

  constructor(refused: boolean, code: string) {
    super(`mail: ${code}`);
    this.refused = refused;
    this.code = code;
  }
}

export interface SmtpParts {
  /** '' = not set. */
  url: string;
  from: string;
}

export interface SmtpMailer {
  ready(): boolean;
  /** Throws MailError. */
  send(mail: { to: string; subject: string; text: string }, budgetMs: number): Promise<void>;
}

/** Answers to RCPT TO that are about the mailbox (RFC 5321, 4.2.3): unavailable, not local, name not allowed. */
const NO_SUCH_MAILBOX = new Set([550, 551, 553]);

function toMailError(error: unknown): MailError {
  const fields = typeof error === 'object' && error !== null ? error : {};
  const response: unknown = Reflect.get(fields, 'responseCode');
  const code: unknown = Reflect.get(fields, 'code');
  const name = typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'UNREACHABLE';
  if (typeof response !== 'number') return new MailError(false, name);
  return new MailError(name === 'EENVELOPE' && NO_SUCH_MAILBOX.has(response), `${name} ${response}`);
}

export function createSmtpMailer({ url, from }: SmtpParts): SmtpMailer {
  return {
    ready: () => url !== '' && from !== '',
    async send(mail, budgetMs) {
      const { sendMail } = await import('./smtp-client');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new MailError(false, 'ETIMEDOUT')), budgetMs);
      });
      try {
        await Promise.race([sendMail({ url, from, ...mail, timeoutMs: budgetMs }), late]);
      } catch (error) {
        throw error instanceof MailError ? error : toMailError(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
