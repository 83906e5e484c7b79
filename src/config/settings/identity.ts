/** The identity provider of a tenant: whose JWTs oauth/exchange takes. Part of TENANT_SETTINGS (application.ts). */
import { type Setting, SettingError, secret, setting, text } from '../setting';

/** HS256 wants a key as long as its hash (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;

/** A request to such a host does not leave the machine or its private network of containers. */
function isNear(hostname: string): boolean {
  return hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname) || !/[.:]/.test(hostname);
}

function checkJwksUrl(value: unknown): URL {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isNear(url.hostname));
  if (url && safe && url.username === '') return url;
  throw new SettingError('must be an https URL (http only to this machine or to a host name without a dot)');
}

const JWT_SECRET = {
  en: `For JWTs that your own backend signs with HS256: the shared secret, at least ${MIN_SECRET_BYTES} bytes. Use either this or AUTH_JWKS_URL.`,
  zh: `自有后台用 HS256 签发 JWT 时的共享密钥，至少 ${MIN_SECRET_BYTES} 字节。与 AUTH_JWKS_URL 二选一。`,
};

const jwtSecret: Setting<string> = {
  ...secret('AUTH_JWT_SECRET', '', { ...JWT_SECRET, min: MIN_SECRET_BYTES, conflicts: 'AUTH_JWKS_URL' }),
  check: (value) => {
    // A public key is public: as a shared secret it would let all clients sign.
    if (typeof value === 'string' && Buffer.byteLength(value) >= MIN_SECRET_BYTES && !/-----BEGIN|^x+$/i.test(value)) {
      return value;
    }
    throw new SettingError(`must be a secret of at least ${MIN_SECRET_BYTES} bytes, and no public key`);
  },
};

export const IDENTITY_SETTINGS = {
  authIssuer: text('AUTH_ISSUER', '', {
    en: 'Sign-in by your identity provider (oauth/exchange): the `iss` of its tokens.',
    zh: '通过身份提供方登录（oauth/exchange）：token 中的 `iss`。',
  }),
  authAudience: text('AUTH_AUDIENCE', '', {
    en: 'The `aud` of these tokens, usually the client id of your app.',
    zh: 'token 中的 `aud`，通常是客户端的 client id。',
  }),
  authJwksUrl: setting<URL | null>({
    name: 'AUTH_JWKS_URL',
    fallback: null,
    check: checkJwksUrl,
    range: { en: 'https URL', zh: 'https URL' },
    about: {
      en: 'Public keys of the provider as a JWK set; tokens are RS256, ES256 or EdDSA.',
      zh: '提供方公钥（JWK Set）的地址；token 使用 RS256、ES256 或 EdDSA。',
    },
  }),
  authJwtSecret: jwtSecret,
  authUserClaim: text('AUTH_USER_CLAIM', 'sub', {
    en: 'The claim that is the user name.',
    zh: '作为用户名的 claim。',
    pattern: /^[A-Za-z_][\w:./-]{0,127}$/,
    rule: 'must be the name of a claim',
  }),
};
