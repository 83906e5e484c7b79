/**
 * A loopback server that behaves as the TMS API (TextModeration 2020-12-29): checks the TC3 signature for real and each
 * request against the SDK's typings, judges by words of the test, keeps to a rate, and fails on demand.
 */
import { randomUUID } from 'node:crypto';
import { checkModel, ModelError } from './cloud-models';
import { type Failure, FailureSwitches, type FakeReply, type FakeRequest, startFakeServer } from './fake-http';
import { type CloudKey, verifyTc3 } from './tc3';

export interface ModeratedText {
  text: string;
  body: Readonly<Record<string, unknown>>;
}

export interface FakeTms {
  /** For TMS_ENDPOINT. */
  readonly url: string;
  readonly calls: readonly ModeratedText[];
  /** Calls a second; above it RequestLimitExceeded. Default 1,000, as the vendor's. */
  limit(perSecond: number): void;
  fail(failure: Failure<string>): void;
  clear(): void;
  stop(): Promise<void>;
}

const PRODUCT = { product: 'tms', version: '2020-12-29', action: 'TextModeration' } as const;
const MAX_CHARACTERS = 10_000;

class Tms {
  readonly failures = new FailureSwitches<string>();
  readonly calls: ModeratedText[] = [];
  perSecond = 1_000;
  readonly #key: CloudKey;
  readonly #times: number[] = [];

  constructor(key: CloudKey) {
    this.#key = key;
  }

  respond(request: FakeRequest): FakeReply<string> {
    const failure = this.failures.take(PRODUCT.action);
    const code = failure?.errorCode ?? this.#refusal(request);
    const json = {
      Response: {
        ...(code === undefined ? this.#judge(request) : { Error: { Code: code, Message: '' } }),
        RequestId: randomUUID(),
      },
    };
    return { json, failure: failure?.errorCode === undefined ? failure : undefined };
  }

  #refusal(request: FakeRequest): string | undefined {
    const { headers } = request;
    if (headers['x-tc-action'] !== PRODUCT.action || headers['x-tc-version'] !== PRODUCT.version)
      return 'InvalidAction';
    const refused = verifyTc3(request, this.#key, PRODUCT.product);
    if (refused) return refused.Code;
    const now = Date.now();
    while ((this.#times[0] ?? now) < now - 1_000) this.#times.shift();
    this.#times.push(now);
    if (this.#times.length > this.perSecond) return 'RequestLimitExceeded';
    try {
      checkModel(PRODUCT, JSON.parse(request.body.toString('utf8')));
      return undefined;
    } catch (error) {
      if (error instanceof ModelError) return error.code;
      throw error;
    }
  }

  /** `ad` is blocked, `doubt` is to be reviewed; everything else passes. */
  #judge(request: FakeRequest): object {
    // The model was checked before.
    const body = JSON.parse(request.body.toString('utf8')) as { Content: string };
    const text = Buffer.from(body.Content, 'base64').toString('utf8');
    this.calls.push({ text, body });
    if ([...text].length > MAX_CHARACTERS) return { Error: { Code: 'InvalidParameterValue.ErrTextContentLen' } };
    const words = text.split(/\W+/);
    const Suggestion = words.includes('ad') ? 'Block' : words.includes('doubt') ? 'Review' : 'Pass';
    return { Suggestion, Label: Suggestion === 'Pass' ? 'Normal' : 'Ad', Score: 90, Keywords: [] };
  }
}

export async function startFakeTms(key: CloudKey): Promise<FakeTms> {
  const tms = new Tms(key);
  const server = await startFakeServer((request) => tms.respond(request));
  return {
    url: server.url,
    calls: tms.calls,
    limit: (perSecond) => {
      tms.perSecond = perSecond;
    },
    fail: (failure) => tms.failures.add(failure),
    clear: () => tms.failures.clear(),
    stop: server.stop,
  };
}
