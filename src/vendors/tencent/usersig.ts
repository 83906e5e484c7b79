/** Makes UserSigs, the passwords of the vendor's IM and TRTC SDKs, with the vendor's own package. */
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';

export interface UserSigSigner {
  /** A UserSig for one user of one application, good from now for `seconds`. */
  sign(app: { sdkAppId: number; secret: string }, userId: string, seconds: number): string;
}

export function createUserSigSigner(): UserSigSigner {
  const apis = new Map<string, Api>();
  return {
    sign(app, userId, seconds) {
      const key = `${app.sdkAppId} ${app.secret}`;
      const api = apis.get(key) ?? new Api(app.sdkAppId, app.secret);
      apis.set(key, api);
      return api.genUserSig(userId, seconds);
    },
  };
}
