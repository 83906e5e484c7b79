/**
 * Sign-in by code: codes asked for and sign-ins per second over HTTP, on a real MySQL server. Service and callers share one
 * process, so a separate service does more. Nothing is sent and no limit is reached; each number signs in for the first time,
 * then again.
 */
import { type CodeService, loginWith, sessionFor, startCodeService } from '../testkit/codes';
import { startMysqlServer } from '../testkit/mysql-server';
import { printTable } from './table';

const NUMBERS = 2_000;
const SIDE_BY_SIDE = 32;

async function perSecond(work: (index: number) => Promise<unknown>): Promise<string> {
  const started = performance.now();
  let next = 0;
  async function worker(): Promise<void> {
    while (next < NUMBERS) {
      const index = next;
      next += 1;
      await work(index);
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return String(Math.round((NUMBERS / (performance.now() - started)) * 1000));
}

const phoneOf = (index: number) => `+86138${String(index).padStart(8, '0')}`;

async function round(service: CodeService, what: string): Promise<[string, string][]> {
  const sessions: string[] = [];
  const sent = await perSecond(async (index) => {
    sessions[index] = await sessionFor(service, { phone: phoneOf(index) });
  });
  const codes = new Map(service.written.map((line) => [line.slice(17, 31), line.trim().slice(-6)]));
  const entered = await perSecond(async (index) => {
    const phone = phoneOf(index);
    const { errorCode } = await loginWith(service, { phone, sessionId: sessions[index], code: codes.get(phone) });
    if (errorCode !== 0) throw new Error(`a sign-in was answered ${errorCode}`);
  });
  return [
    [`user_verify_by_picture, ${what}`, sent],
    [`user_login_code, ${what}`, entered],
  ];
}

export async function benchCodes(): Promise<void> {
  const mysql = await startMysqlServer();
  // The database is that of the variables, never one of the service.
  const service = await startCodeService('sqlite', { env: mysql.env(mysql.createDatabaseName()) });
  try {
    const rows = [...(await round(service, 'first time')), ...(await round(service, 'known number'))];
    printTable(['sign-in by code', 'requests/s'], rows);
  } finally {
    await service.close();
    await mysql.stop();
  }
}
