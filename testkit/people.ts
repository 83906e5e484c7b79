/** People who use the service in tests: they sign up and sign in as the apps do, and then call with their token. */
import md5 from 'md5';
import type { Params, Service } from './service';
import type { Envelope, Way } from './ways';

export interface SignIn {
  userId: string;
  apaasUserId: string;
  apaasAppId: string;
  sdkAppId: number;
  sdkUserSig: string;
  userSig: string;
  token: string;
  expire: string;
  phone: string;
  email: string;
  name: string;
  avatar: string;
}

export interface Room {
  roomId: string;
  category: string;
  title: string;
  ownBy: string;
  createBy: string;
  updateBy: string;
  createUtc: string;
  updateUtc: string;
  cover: string;
  subject: string;
  description: string;
  removed: number;
  status: number;
  star: number;
  nnUsers: number;
  totalJoined: number;
}

export interface Person {
  username: string;
  salt: string;
  userId: string;
  token: string;
  signIn: SignIn;
  /** With userId and token, unless `params` say otherwise. */
  call(endpoint: string, params?: Params, way?: Way): Promise<Envelope>;
  /** The same, and it must succeed; gives `data`. */
  must<T>(endpoint: string, params?: Params): Promise<T>;
}

export interface Signed {
  username: string;
  secret: string;
  tag?: string;
  ts?: string;
  nonce?: string;
}

export function sign({ username, secret, tag = '', ts = '', nonce = '' }: Signed): string {
  return md5(`${username}-${tag}-${ts}-${nonce}-${secret}`);
}

export function succeeded<T>(envelope: Envelope): T {
  if (envelope.errorCode !== 0) throw new Error(`expected success, got ${envelope.errorMessage}`);
  // Each test says what it expects the data to be and then checks it.
  return envelope.data as T;
}

let sequence = 0;
export function freshName(): string {
  sequence += 1;
  return `person-${process.pid}-${sequence}`;
}

export function personOf(service: Service, account: { username: string; salt: string }, signIn: SignIn): Person {
  const { userId, token } = signIn;
  const call: Person['call'] = (endpoint, params = {}, way = 'http') =>
    service.call(endpoint, { userId, token, ...params }, way);
  return {
    ...account,
    userId,
    token,
    signIn,
    call,
    must: async <T>(endpoint: string, params: Params = {}) => succeeded<T>(await call(endpoint, params)),
  };
}

/** Signs in once more; `extra` are further parameters, such as a nickname or a tenant. */
export async function signInAgain(
  service: Service,
  account: { username: string; salt: string },
  extra: Params = {},
): Promise<Person> {
  const signature = sign({ username: account.username, secret: account.salt });
  const answer = await service.call('oauth/signature', { username: account.username, signature, ...extra });
  return personOf(service, account, succeeded<SignIn>(answer));
}

export async function newPerson(
  service: Service,
  options: { username?: string; extra?: Params } = {},
): Promise<Person> {
  const { username = freshName(), extra = {} } = options;
  const account = { username, salt: md5(`${username}-password`) };
  succeeded(await service.call('oauth/register', { ...account, ...extra }));
  return signInAgain(service, account, extra);
}

/** People side by side: several sign-ups at once take as long as one. */
export function newPeople(service: Service, count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => newPerson(service)));
}

/** Goes live as the apps do: on the room that has the anchor's own id. */
export async function goLive(anchor: Person, params: Params = {}): Promise<string> {
  const room = { roomId: anchor.userId, role: 'anchor', category: 'mlvb-show-live', ...params };
  await anchor.must('rooms/enter_room', room);
  return String(room.roomId);
}
