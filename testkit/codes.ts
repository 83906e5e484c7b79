/** What tests of sign-in by code have in common: a service that writes its codes down, and the two calls of the flow. */
import type { DatabaseKind } from './database-copies';
import { type Params, type Service, type ServiceOptions, startService } from './service';
import type { Envelope } from './ways';

export interface CodeService extends Service {
  /** Lines as standard error would have them. */
  written: string[];
  /** The newest code that was written for an address. */
  codeFor(address: string): string;
}

/** No limits but those a test sets. */
export const UNLIMITED = {
  CODE_INTERVAL_SECONDS: '0',
  CODE_SENDS_PER_ADDRESS_HOUR: '0',
  CODE_SENDS_PER_ADDRESS_DAY: '0',
  CODE_SENDS_PER_IP_HOUR: '0',
  CODE_SENDS_PER_IP_DAY: '0',
  CODE_SENDS_PER_DAY: '0',
  CODE_PUMPED_PERCENT: '0',
  CAPTCHA_CHECKS_PER_IP_HOUR: '0',
  CODE_FAILURES_PER_ADDRESS_HOUR: '0',
  CODE_FAILURES_PER_IP_HOUR: '0',
} as const;

export async function startCodeService(kind: DatabaseKind, options: ServiceOptions = {}): Promise<CodeService> {
  const written: string[] = [];
  const env = { ...UNLIMITED, ...options.env };
  const service = await startService(kind, { ...options, env, writeCode: (line) => written.push(line) });
  const codeFor = (address: string) => {
    const line = written.findLast((one) => one.startsWith(`sign-in code for ${address}: `));
    const digits = /: (\d{6})\n$/.exec(line ?? '')?.[1];
    if (digits === undefined) throw new Error(`no code was written for ${address}`);
    return digits;
  };
  return Object.assign(service, { written, codeFor });
}

export function sendCode(service: Service, params: Params): Promise<Envelope> {
  return service.call('auth_users/user_verify_by_picture', params);
}

/** The sessionId of a code that was sent. */
export async function sessionFor(service: Service, params: Params): Promise<string> {
  const answer = await sendCode(service, params);
  if (answer.errorCode !== 0) throw new Error(answer.errorMessage);
  // The contract test says that it is so.
  return (answer.data as { sessionId: string }).sessionId;
}

export function loginWith(service: Service, params: Params): Promise<Envelope> {
  return service.call('auth_users/user_login_code', params);
}
