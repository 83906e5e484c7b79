/** Calls of the cloud API that come to nothing, as one kind of error. */

/** Carries the vendor's error code, for example LimitExceeded, or ours: NoCredentials, Timeout, Unreachable. Never a message. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly code: string;

  constructor(code: string) {
    super(`cloud API: ${code}`);
    this.code = code;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof CloudError) return error.code;
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[\w.]{1,80}$/.test(code) ? code : 'Unreachable';
}

/** The result of the call within `budgetMs`; else throws CloudError. The SDK only has time-outs in whole seconds. */
export async function withinBudget<T>(call: Promise<T>, budgetMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CloudError('Timeout')), budgetMs);
  });
  try {
    return await Promise.race([call, late]);
  } catch (error) {
    throw new CloudError(codeOf(error));
  } finally {
    clearTimeout(timer);
  }
}

export interface CloudCredentials {
  secretId: string;
  secretKey: string;
  /** Set for temporary credentials. */
  token?: string;
}

/** Address and credentials of an API. */
export interface CloudAccess {
  /** null = it is not to be called. */
  endpoint: URL | null;
  region: string;
  /** Asked for every call: a function's role gets new ones all the time. */
  credentials: () => CloudCredentials | null;
}

/** The same, resolved for one call. */
export interface CloudCall {
  endpoint: string;
  protocol: 'https://' | 'http://';
  region: string;
  credentials: CloudCredentials;
  timeoutMs: number;
}

/** Throws CloudError if there is no endpoint or no credentials. */
export function cloudCall({ endpoint, region, credentials }: CloudAccess, timeoutMs: number): CloudCall {
  const key = credentials();
  if (!endpoint) throw new CloudError('Off');
  if (!key) throw new CloudError('NoCredentials');
  const protocol = endpoint.protocol === 'http:' ? 'http://' : 'https://';
  return { endpoint: endpoint.host, protocol, region, credentials: key, timeoutMs };
}
