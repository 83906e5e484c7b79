/** The vendor's package has no types, and its package.json names two main files, so the file is named here. */
declare module 'tls-sig-api-v2/TLSSigAPIv2.js' {
  export class Api {
    constructor(sdkAppId: number, key: string);
    /** `expire` in seconds from now. */
    genUserSig(userId: string, expire: number): string;
    genPrivateMapKey(userId: string, expire: number, roomId: number, privileges: number): string;
    genPrivateMapKeyWithStringRoomID(userId: string, expire: number, roomId: string, privileges: number): string;
  }
}
