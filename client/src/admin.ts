/**
 * The client of the operators' API for TypeScript and JavaScript: one typed method per call, and lists as async iteration.
 * The key is as good as a password: keep it out of pages that others can reach.
 */
import { ADMIN_CALLS, type AdminCalls } from './admin-contract';
import { checkedAddress, post, type TransportOptions } from './transport';

export type { AdminCalls } from './admin-contract';
export { ADMIN_CALLS } from './admin-contract';
export type { Answered, Fetch, TransportOptions } from './transport';

export type AdminCallName = keyof AdminCalls;

export interface AdminClientOptions extends TransportOptions {
  /** `lrk_…` */
  key: string;
  /** Which tenant, for operators of all of them. Left out for the default one. */
  tenant?: string;
}

/** A call that did not succeed. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** errorCode of the API; 0 where there was no answer. */
  readonly code: number;
  /** Names the request in the service's log. */
  readonly requestId: string;

  constructor(message: string, details: { status: number; code: number; requestId?: string; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId ?? '';
  }
}

type Input<N extends AdminCallName> = AdminCalls[N]['input'];
type InputOf<N extends AdminCallName> = Record<string, never> extends Input<N> ? [input?: Input<N>] : [input: Input<N>];
type Methods = { [N in AdminCallName]: (...input: InputOf<N>) => Promise<AdminCalls[N]['data']> };

/** The calls that give pages. */
export type ListName = {
  [N in AdminCallName]: AdminCalls[N]['data'] extends { items: unknown[]; cursor: string } ? N : never;
}[AdminCallName];
export type ListItem<N extends ListName> = AdminCalls[N]['data'] extends { items: (infer T)[] } ? T : never;

export class LiveRoomAdmin {
  /** `admin.api.kickUser({ … })`: every call by its name. */
  readonly api: Methods;
  readonly #options: AdminClientOptions;
  readonly #base: string;

  constructor(options: AdminClientOptions) {
    this.#options = options;
    this.#base = `${checkedAddress(options.baseUrl)}/base/v1/admin/`;
    if (!options.key) throw new TypeError('key is missing: it must be the key of an operator, lrk_…');
    // One method for every name of the table, which is what Methods says.
    this.api = Object.fromEntries(
      Object.keys(ADMIN_CALLS).map((name) => [name, (input?: object) => this.#send(name as AdminCallName, input)]),
    ) as unknown as Methods;
  }

  /** Every item of a list, page after page: `for await (const room of admin.each('rooms')) …` */
  async *each<N extends ListName>(name: N, input?: Input<N>): AsyncGenerator<ListItem<N>> {
    let cursor: string | undefined;
    do {
      const page = (await this.#send(name, { ...input, ...(cursor && { cursor }) })) as {
        items: ListItem<N>[];
        cursor: string;
      };
      yield* page.items;
      cursor = page.cursor;
    } while (cursor !== '');
  }

  async #send(name: AdminCallName, input: object | undefined): Promise<unknown> {
    const { key, tenant, timeoutMs = 20_000, fetch: send } = this.#options;
    const response = await post(send, {
      url: this.#base + ADMIN_CALLS[name],
      headers: { authorization: `Bearer ${key}` },
      body: { ...(tenant !== undefined && { tenant }), ...input },
      timeoutMs,
      // A change whose answer was lost may have been made: who decides whether to repeat it is the operator.
      retries: 0,
    }).catch((cause: unknown) => {
      throw new AdminError('the service cannot be reached', { status: 0, code: 0, cause });
    });
    const { status } = response;
    const answer: unknown = await response.json().catch(() => undefined);
    if (typeof answer !== 'object' || answer === null || typeof Reflect.get(answer, 'errorCode') !== 'number') {
      throw new AdminError('this is no answer of the service', { status, code: 0 });
    }
    const { errorCode, errorMessage, requestId, data } = Object.fromEntries(Object.entries(answer));
    if (errorCode === 0) return data;
    throw new AdminError(String(errorMessage), { status, code: errorCode, requestId: String(requestId) });
  }
}
