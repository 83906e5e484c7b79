/** A service with an identity provider on loopback and a frozen clock. */
import {
  AUDIENCE,
  type Claims,
  type FakeIdentity,
  newProviderKey,
  type ProviderKey,
  startFakeIdentity,
} from '../../../testkit/fake-identity';
import { DrivenClock, type Service, startService } from '../../../testkit/service';

export const NOW = Date.UTC(2026, 10, 30, 12);
export const SECONDS = NOW / 1000;

export interface Scene {
  service: Service;
  provider: FakeIdentity;
  rsa: ProviderKey;
  ec: ProviderKey;
  ed: ProviderKey;
}

export async function newScene(kind: 'sqlite' | 'mysql', env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const [rsa, ec, ed] = [newProviderKey('RS256'), newProviderKey('ES256'), newProviderKey('EdDSA')];
  const provider = await startFakeIdentity(rsa, ec, ed);
  const clock = new DrivenClock();
  clock.freeze(NOW);
  const identity = { AUTH_ISSUER: provider.issuer, AUTH_AUDIENCE: AUDIENCE, AUTH_JWKS_URL: provider.jwksUrl };
  const service = await startService(kind, { clock, env: { ...identity, ...env } });
  return { service, provider, rsa, ec, ed };
}

export const end = async ({ service, provider }: Scene) => {
  await service.close();
  await provider.stop();
};

export const claims = (extra: Claims = {}): Claims => ({
  iss: 'https://login.example.com',
  aud: AUDIENCE,
  sub: 'alice',
  exp: SECONDS + 300,
  ...extra,
});

export const exchange = (scene: Scene, idToken: string, extra: Claims = {}) =>
  scene.service.call('oauth/exchange', { idToken, ...extra });
export const codeOf = async (scene: Scene, idToken: string) => (await exchange(scene, idToken)).errorCode;
export const pem = (key: ProviderKey) => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
