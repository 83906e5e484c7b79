/** A real SMTP server on the loopback that takes mail over TLS only, with a certificate made for the run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came. */
  raw: string;
  /** The connection was encrypted when the mail came. */
  secure: boolean;
}

export interface MailServer {
  /** For MAIL_URL, with its user and password and its certificate as the one that is trusted. */
  readonly url: string;
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** The newest code that went to an address. */
  codeFor(address: string): string;
  stop(): Promise<void>;
}

function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const files = ['-keyout', key, '-out', cert];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    execFileSync('openssl', [...args, ...subject, ...files], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `refuse`: addresses that get 550. `mode`: TLS from the first byte, STARTTLS, or none at all. */
export async function startMailServer(
  options: { refuse?: readonly string[]; mode?: 'tls' | 'starttls' | 'plain' } = {},
): Promise<MailServer> {
  const { refuse = [], mode = 'tls' } = options;
  const { key, cert } = selfSigned();
  const received: ReceivedMail[] = [];
  const settings: SMTPServerOptions = {
    key,
    cert,
    secure: mode === 'tls',
    logger: false,
    authOptional: false,
    ...(mode === 'plain' && { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }),
    onAuth: ({ username, password }, _session, done) =>
      username === 'mailer' && password === 'mail-password' ? done(null, { user: 'mailer' }) : done(new Error('no')),
    onRcptTo: ({ address }, _session, done) => {
      if (!refuse.includes(address)) return done();
      return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString('utf8'),
          secure: session.secure,
        });
        done();
      });
    },
  };
  const server = new SMTPServer(settings);
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const scheme = mode === 'tls' ? 'smtps' : 'smtp';
  return {
    // nodemailer reads `tls.…` of the query as options of the connection.
    url: `${scheme}://mailer:mail-password@127.0.0.1:${port}/?tls.ca=${encodeURIComponent(cert)}`,
    port,
    received,
    codeFor(to) {
      const mail = received.findLast((one) => one.to.includes(to));
      // base64 or quoted-printable, by the Chinese in it.
      const body = mail?.raw.slice(mail.raw.indexOf('\r\n\r\n')) ?? '';
      const text = /base64/i.test(mail?.raw ?? '') ? Buffer.from(body, 'base64').toString('utf8') : body;
      const code = /code is (\d{6})/.exec(text)?.[1];
      if (code === undefined) throw new Error(`no code was mailed to ${to}`);
      return code;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
