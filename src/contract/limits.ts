/** How long each text may be, in characters. The columns of the database have the same lengths. */
export const LIMITS = {
  username: 255,
  salt: 256,
  name: 125,
  avatar: 512,
  phone: 32,
  email: 128,
  tag: 64,
  role: 32,
  roomId: 47,
  category: 64,
  title: 128,
  cover: 512,
  subject: 128,
  description: 1024,
  /** Longest identity token: it may list the groups of a large organisation. */
  idToken: 16_384,
  reportReason: 64,
  reportDescription: 512,
} as const;

/** Letters, digits, _ and -: what IM user ids, IM group ids and TRTC rooms all take (vendor limits 32, 48 and 64 bytes). */
export const ID_PATTERN = /^[A-Za-z0-9_-]+$/;
/** Profiles that one call of getUserInfoBatch may ask for. */
export const MAX_USERS_AT_ONCE = 50;
export const MAX_PAGE = 100;
export const MAX_OFFSET = 1_000_000;
/** The largest request body, in bytes: ten times the longest parameters in any encoding. */
export const MAX_BODY = 65_536;
/** The largest body of import_users. */
export const MAX_IMPORT_BODY = 8_388_608;
/** The largest body of a vendor's callback, which may name many users. */
export const MAX_CALLBACK_BODY = 1_048_576;
