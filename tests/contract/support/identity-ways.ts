/** How the errors of oauth/exchange are reached. */
import { RequestBudget } from '../../../src/base/request-budget';
import { AUDIENCE, assemble, type Claims, hmacOf } from '../../../testkit/fake-identity';
import { ADMIN_KEY, operatorOf } from '../../../testkit/operator';
import type { SignIn } from '../../../testkit/people';
import { codeOf, type Way } from './code-ways';

const ISSUER = 'https://own-backend.example.com';
const SECRET = 'a-secret-of-the-own-backend-for-tests';

export const JWT_ENV = {
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
  AUTH_JWT_SECRET: SECRET,
  ADMIN_KEY,
  OAUTH_REGISTER: 'true',
};
export const NO_PROVIDER_ENV = {
  AUTH_ISSUER: ISSUER,
  AUTH_AUDIENCE: AUDIENCE,
  AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
};

const inSeconds = (ms: number) => Math.floor(ms / 1000);

/** A token signed by the customer's backend, valid for an hour after `at` (ms). */
export function ownToken(sub: string, at: number = Date.now(), claims: Claims = {}): string {
  const payload = { iss: ISSUER, aud: AUDIENCE, sub, exp: inSeconds(at) + 3_600, ...claims };
  return assemble({ alg: 'HS256', typ: 'JWT' }, payload, hmacOf(SECRET));
}

const endpoint = 'oauth/exchange';

export const IDENTITY_WAYS: readonly Way[] = [
  {
    error: 'UserTokenExpired',
    endpoint,
    reach: (w) => codeOf(w.withIdentity.call(endpoint, { idToken: ownToken('expired', Date.now() - 7_200_000) })),
  },
  {
    error: 'ServiceUnavailable',
    endpoint,
    reach: (w) => codeOf(w.noProvider.call(endpoint, { idToken: ownToken('anybody') })),
  },
  {
    error: 'SystemVerifyError',
    endpoint,
    reach: async (w) => {
      const signIn = () => w.withIdentity.call(endpoint, { idToken: ownToken('banned') });
      const answer = await signIn();
      expect(answer.errorCode).toBe(0);
      const { userId } = answer.data as SignIn;
      await operatorOf(w.withIdentity).must('ban_user', { userId, reason: 'spam', seconds: 60 });
      const { errorCode, errorMessage } = await signIn();
      expect(errorMessage).toContain('banned');
      return errorCode;
    },
  },
  {
    error: 'UserQueryLimit',
    endpoint,
    reach: async (w) => {
      const signIn = () => w.withIdentity.call(endpoint, { idToken: ownToken('twice') });
      const { userId } = (await signIn()).data as SignIn;
      // A sign-in that does not end.
      const { accounts } = w.withIdentity.services.throttles;
      void accounts.run(`sign-in of ${userId}`, new RequestBudget(), () => new Promise(() => {}));
      return codeOf(signIn());
    },
  },
];
