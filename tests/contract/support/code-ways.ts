/** How the errors of sign-in by code, uploads and several profiles concurrently are reached; and the world in which all are. */
import type { ErrorName } from '../../../src/base/errors';
import { type CodeService, sendCode, sessionFor } from '../../../testkit/codes';
import type { FakeCodesVendor } from '../../../testkit/fake-codes-vendor';
import type { FakeIm } from '../../../testkit/fake-im';
import { newPerson, type Person, personOf } from '../../../testkit/people';
import type { Params, Service } from '../../../testkit/service';

export interface World {
  service: Service;
  strict: Service;
  withIm: Service;
  im: FakeIm;
  noConfig: Service;
  /** A name that only guessers know. */
  guessed: string;
  noDatabase: Service;
  /** The answer of each endpoint there; called concurrently, because every answer waits for its retries. */
  codesWithoutDatabase: Map<string, number>;
  alice: Person;
  bob: Person;
  /** The same service with a clock a month ahead. */
  late: Service;
  /** The same database, with codes written down, the same number as are wanted. */
  codes: CodeService;
  /** The same, and hardly any. */
  fewCodes: CodeService;
  /** Codes would have to be sent, and nothing is set up. */
  noVendor: Service;
  /** The same database, with an identity provider; and with an unreachable one. */
  withIdentity: Service;
  noProvider: Service;
  vendor: FakeCodesVendor;
  withUploads: Service;
  /** The same service in one minute that does not end. */
  frozen: Service;
}

export interface Way {
  error: ErrorName;
  endpoint: string;
  reach: (world: World) => Promise<number>;
}

export const codeOf = async (answer: Promise<{ errorCode: number }>) => (await answer).errorCode;

/** The person of the main service, calling another service that shares its keys. */
export const at = (service: Service, person: Person) => personOf(service, person, person.signIn);

/** A phone that a code has just been sent to, and the code. */
async function withCode(service: CodeService, phone: string) {
  const sessionId = await sessionFor(service, { phone });
  return { phone, sessionId, code: service.codeFor(phone) };
}

/** A wrong code, a used one, an expired one, no mail address, and too many tries: at `endpoint`. */
function codeWays(endpoint: string, numbers: string): Way[] {
  const call = async (w: World, service: Service, params: Params) =>
    codeOf(service.call(endpoint, { userId: w.alice.userId, token: w.alice.token, ...params }));
  const other = (code: string) => (code === '000000' ? '000001' : '000000');
  return [
    {
      error: 'UserCodeInvalid',
      endpoint,
      reach: async (w) => {
        const sent = await withCode(w.codes, `${numbers}1`);
        return call(w, w.codes, { ...sent, code: other(sent.code) });
      },
    },
    {
      error: 'UserCodeConsumed',
      endpoint,
      reach: async (w) => {
        const sent = await withCode(w.codes, `${numbers}2`);
        expect(await call(w, w.codes, sent)).toBe(0);
        return call(w, w.codes, sent);
      },
    },
    {
      error: 'UserCodeExpired',
      endpoint,
      reach: async (w) => {
        const sent = await withCode(w.codes, `${numbers}3`);
        w.codes.clock.advance(301_000);
        return call(w, w.codes, sent);
      },
    },
    {
      error: 'UserEmailInvalid',
      endpoint,
      reach: (w) => call(w, w.codes, { email: 'nobody', sessionId: 'x', code: '123456' }),
    },
    {
      error: 'UserQueryLimit',
      endpoint,
      reach: async (w) => {
        const sent = await withCode(w.codes, `${numbers}4`);
        expect(await call(w, w.fewCodes, { ...sent, code: other(sent.code) })).toBe(200);
        return call(w, w.fewCodes, sent);
      },
    },
  ];
}

export const CODE_WAYS: readonly Way[] = [
  ...codeWays('auth_users/user_login_code', '+861390000101'),
  ...codeWays('auth_users/user_update', '+861390000102'),
  {
    error: 'ServiceSmsFailed',
    endpoint: 'auth_users/user_verify_by_picture',
    reach: (w) => codeOf(sendCode(w.noVendor, { phone: '+8613900001030' })),
  },
  {
    error: 'ServiceUnknownError',
    endpoint: 'auth_users/user_verify_by_picture',
    reach: (w) => codeOf(sendCode(w.noVendor, { email: 'a@example.com' })),
  },
  {
    error: 'UserEmailInvalid',
    endpoint: 'auth_users/user_verify_by_picture',
    reach: (w) => codeOf(sendCode(w.codes, { email: 'a@' })),
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'auth_users/user_verify_by_picture',
    reach: async (w) => {
      expect(await codeOf(sendCode(w.fewCodes, { phone: '+8613900001031' }))).toBe(0);
      return codeOf(sendCode(w.fewCodes, { phone: '+8613900001031' }));
    },
  },
];

/** Bob asks for upload credentials while STS fails with the given failure. Refused calls count too. */
async function uploadWhile(w: World, failure: Parameters<FakeCodesVendor['fail']>[0]): Promise<number> {
  w.vendor.fail(failure);
  try {
    return await codeOf(at(w.withUploads, w.bob).call('cos/config', { category: 'avatar' }));
  } finally {
    w.vendor.clear();
  }
}

export const OTHER_WAYS: readonly Way[] = [
  { error: 'ServiceUnavailable', endpoint: 'cos/config', reach: (w) => uploadWhile(w, { reset: true }) },
  {
    error: 'ServiceUnknownError',
    endpoint: 'cos/config',
    reach: (w) => uploadWhile(w, { errorCode: 'UnauthorizedOperation' }),
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'cos/config',
    reach: async (w) => {
      const ask = (category: string) => codeOf(at(w.withUploads, w.alice).call('cos/config', { category }));
      expect([await ask('avatar'), await ask('cover')]).toEqual([0, 0]);
      return ask('background');
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint: 'auth_users/getUserInfoBatch',
    reach: async (w) => {
      const person = await newPerson(w.strict);
      const ask = (userId: string) =>
        codeOf(w.strict.call('auth_users/getUserInfoBatch', { userId, token: person.token }));
      expect(await ask('1|2')).toBe(0);
      return ask('1');
    },
  },
];
