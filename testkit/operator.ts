/** Operators in tests: they call with their key and get the HTTP status beside the envelope. */
import type { Params, Service } from './service';
import { type Answer, type Ask, type Envelope, send, type Way } from './ways';

export const ADMIN_KEY = 'lrk_a-key-for-tests-that-nobody-else-has';

export interface AdminAnswer extends Envelope {
  status: number;
}

export interface OperatorOptions {
  way?: Way;
  method?: 'GET' | 'POST';
}

export interface TestOperator {
  key: string;
  call(name: string, params?: Params, options?: OperatorOptions): Promise<AdminAnswer>;
  /** The same, and it must succeed; gives `data`. */
  must<T>(name: string, params?: Params): Promise<T>;
  raw(name: string, params?: Params, options?: OperatorOptions): Promise<Answer>;
}

/** `key` '' = none is sent. `params.lines` is a body of lines in place of parameters. */
export function adminAsk(name: string, params: Params, key: string): Ask {
  const authorization = key === '' ? {} : { authorization: `Bearer ${key}` };
  const { lines } = params;
  const isLines = typeof lines === 'string';
  return {
    method: 'POST',
    path: `/base/v1/admin/${name}`,
    headers: { ...authorization, 'content-type': isLines ? 'application/x-ndjson' : 'application/json' },
    body: isLines ? lines : JSON.stringify(params),
  };
}

/** `key` '' = none is sent. */
export function operatorOf(service: Service, key: string = ADMIN_KEY): TestOperator {
  const raw: TestOperator['raw'] = (name, params = {}, { way = 'http', method = 'POST' } = {}) => {
    const { body = '', ...ask } = adminAsk(name, params, key);
    const query = Object.entries(params).map(([field, value]): [string, string] => [field, String(value)]);
    return send(service, way, { ...ask, method, ...(method === 'GET' ? { query } : { body }) });
  };
  const call: TestOperator['call'] = async (name, params, options) => {
    const { status, text } = await raw(name, params, options);
    // The tests say what is in it.
    return { ...(JSON.parse(text) as Envelope), status };
  };
  return {
    key,
    raw,
    call,
    must: async <T>(name: string, params: Params = {}) => {
      const answer = await call(name, params);
      if (answer.status !== 200 || answer.errorCode !== 0) {
        throw new Error(`${name}: expected success, got ${answer.status} ${answer.errorMessage}`);
      }
      // Each test says what it expects the data to be and then checks it.
      return answer.data as T;
    },
  };
}

/** Adds an operator and gives their way to call. */
export async function newOperator(
  service: Service,
  operator: { name: string; scope: 'read' | 'moderate' | 'service' | 'manage'; tenant?: string },
  by: TestOperator = operatorOf(service),
): Promise<TestOperator> {
  const { key } = await by.must<{ key: string }>('add_operator', { tenant: '*', ...operator });
  return operatorOf(service, key);
}
