/** nodemailer behind one function. Built as a separate file, dist/smtp-client.js, and loaded on first use. */
import { createTransport } from 'nodemailer';

export interface Mail {
  /** smtps://user:password@host:465, or smtp://… */
  url: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  timeoutMs: number;
}

/** Throws nodemailer's error, whose `code` is its own and `responseCode` the server's. */
export async function sendMail({ url, from, to, subject, text, timeoutMs }: Mail): Promise<void> {
  const transport = createTransport({
    url,
    // A password and a code never travel in the clear: smtp:// must offer STARTTLS.
    requireTLS: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
  } finally {
    transport.close();
  }
}
