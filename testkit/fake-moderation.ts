/**
 * Loopback servers that behave as the TMS API (TextModeration) and the IMS API (ImageModeration, both 2020-12-29): check the
 * TC3 signature for real and each request against the SDK's typings, judge by words in the text or the picture's address,
 * keep to a rate, and fail on demand. They download nothing.
 */
import { randomUUID } from 'node:crypto';
import { checkModel, ModelError } from './cloud-models';
import { type Failure, FailureSwitches, type FakeReply, type FakeRequest, startFakeServer } from './fake-http';
import { type CloudKey, verifyTc3 } from './tc3';

export interface Moderated {
  /** The text, or the address of the picture. */
  text: string;
  body: Readonly<Record<string, unknown>>;
}

export interface FakeModeration {
  /** For TMS_ENDPOINT or IMS_ENDPOINT. */
  readonly url: string;
  readonly calls: readonly Moderated[];
  /** Calls a second; above it RequestLimitExceeded. Default: as the vendor's. */
  limit(perSecond: number): void;
  fail(failure: Failure<string>): void;
  clear(): void;
  stop(): Promise<void>;
}

interface Product {
  product: 'tms' | 'ims';
  version: string;
  action: string;
  perSecond: number;
  /** What is judged, and the vendor's code if it cannot be. */
  read(body: Readonly<Record<string, unknown>>): { text: string; refusal?: string | undefined };
}

const MAX_CHARACTERS = 10_000;

const TMS: Product = {
  ...({ product: 'tms', version: '2020-12-29', action: 'TextModeration', perSecond: 1_000 } as const),
  read: ({ Content }) => {
    const text = Buffer.from(String(Content), 'base64').toString('utf8');
    const long = [...text].length > MAX_CHARACTERS;
    return { text, refusal: long ? 'InvalidParameterValue.ErrTextContentLen' : undefined };
  },
};

/** An address with `missing` is one that the vendor cannot download. */
const IMS: Product = {
  ...({ product: 'ims', version: '2020-12-29', action: 'ImageModeration', perSecond: 100 } as const),
  read: ({ FileUrl }) => {
    const text = String(FileUrl);
    if (!URL.canParse(text)) return { text, refusal: 'InvalidParameterValue.InvalidFileContentSize' };
    return { text, refusal: text.includes('missing') ? 'ResourceUnavailable.ImageDownloadError' : undefined };
  },
};

class Moderation {
  readonly failures = new FailureSwitches<string>();
  readonly calls: Moderated[] = [];
  perSecond: number;
  readonly #of: Product;
  readonly #key: CloudKey;
  readonly #times: number[] = [];

  constructor(of: Product, key: CloudKey) {
    this.#of = of;
    this.perSecond = of.perSecond;
    this.#key = key;
  }

  respond(request: FakeRequest): FakeReply<string> {
    const failure = this.failures.take(this.#of.action);
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
    const { action, version, product } = this.#of;
    if (headers['x-tc-action'] !== action || headers['x-tc-version'] !== version) return 'InvalidAction';
    const refused = verifyTc3(request, this.#key, product);
    if (refused) return refused.Code;
    const now = Date.now();
    while ((this.#times[0] ?? now) < now - 1_000) this.#times.shift();
    this.#times.push(now);
    if (this.#times.length > this.perSecond) return 'RequestLimitExceeded';
    try {
      checkModel(this.#of, JSON.parse(request.body.toString('utf8')));
      return undefined;
    } catch (error) {
      if (error instanceof ModelError) return error.code;
      throw error;
    }
  }

  /** `ad` is blocked, `doubt` is to be reviewed; everything else passes. */
  #judge(request: FakeRequest): object {
    // The model was checked before.
    const body = JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
    const { text, refusal } = this.#of.read(body);
    this.calls.push({ text, body });
    if (refusal !== undefined) return { Error: { Code: refusal, Message: '' } };
    const words = text.split(/\W+/);
    const Suggestion = words.includes('ad') ? 'Block' : words.includes('doubt') ? 'Review' : 'Pass';
    return { Suggestion, Label: Suggestion === 'Pass' ? 'Normal' : 'Ad', Score: 90, Keywords: [] };
  }
}

async function start(of: Product, key: CloudKey): Promise<FakeModeration> {
  const moderation = new Moderation(of, key);
  const server = await startFakeServer((request) => moderation.respond(request));
  return {
    url: server.url,
    calls: moderation.calls,
    limit: (perSecond) => {
      moderation.perSecond = perSecond;
    },
    fail: (failure) => moderation.failures.add(failure),
    clear: () => moderation.failures.clear(),
    stop: server.stop,
  };
}

export const startFakeTms = (key: CloudKey) => start(TMS, key);
export const startFakeIms = (key: CloudKey) => start(IMS, key);
