/**
 * A loopback server that behaves as the TRTC server API, version 2019-07-22 (https://cloud.tencent.com/document/api/647/37088):
 * checks the TC3 signature for real, keeps the rooms of several apps, and fails on demand. Only ending rooms and removing users.
 */
import { randomUUID } from 'node:crypto';
import { type Failure, FailureSwitches, type FakeReply, type FakeRequest, startFakeServer } from './fake-http';
import { type CloudError, type CloudKey, verifyTc3 } from './tc3';

export interface FakeTrtcOptions extends CloudKey {
  /** The apps that the key may manage. */
  readonly sdkAppIds: readonly number[];
}

export interface TrtcCall {
  /** X-TC-Action, for example `DismissRoom`. */
  readonly command: string;
  readonly region: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Users by room. Room 123 (number) and room "123" (text) are different rooms, as at the vendor. */
export type TrtcRooms = Map<number | string, Set<string>>;

export interface FakeTrtc {
  readonly url: string;
  /** `127.0.0.1:PORT`, as the SDK takes its endpoint. */
  readonly endpoint: string;
  /** Every call in order of arrival, the refused and failed ones too. */
  readonly calls: readonly TrtcCall[];
  addApp(sdkAppId: number): void;
  /** The rooms of one app; the live map, in which a test opens rooms. */
  rooms(sdkAppId: number): TrtcRooms;
  fail(failure: Failure<string>): void;
  /** Switches all failures off; rooms and calls stay. */
  clear(): void;
  connections(): number;
  stop(): Promise<void>;
}

type Body = Readonly<Record<string, unknown>>;
type RoomIdType = 'number' | 'string';

const version = '2019-07-22';
const regions = ['ap-guangzhou', 'ap-beijing', 'ap-singapore'];

function fault(Code: string, Message: string): CloudError {
  return { Code, Message };
}

function isRoomId(value: unknown, type: RoomIdType): value is number | string {
  if (type === 'string') return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= 64;
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4_294_967_294;
}

function dismissRoom(rooms: TrtcRooms, roomId: number | string): CloudError | undefined {
  return rooms.delete(roomId) ? undefined : fault('FailedOperation.RoomNotExist', 'the room does not exist');
}

function removeUsers(rooms: TrtcRooms, roomId: number | string, body: Body): CloudError | undefined {
  const users = body['UserIds'];
  if (users === undefined) return fault('MissingParameter.UserIds', 'UserIds is missing');
  if (!Array.isArray(users) || users.length === 0 || users.length > 10 || users.some((id) => typeof id !== 'string')) {
    return fault('InvalidParameter.UserIds', 'UserIds must be 1 to 10 texts');
  }
  const room = rooms.get(roomId);
  if (room === undefined) return fault('FailedOperation.RoomNotExist', 'the room does not exist');
  if (!users.some((id: string) => room.has(id)))
    return fault('FailedOperation.UserNotExist', 'no such user in the room');
  for (const id of users) room.delete(id);
  return undefined;
}

interface Action {
  readonly roomIdType: RoomIdType;
  run(rooms: TrtcRooms, roomId: number | string, body: Body): CloudError | undefined;
}

const actions = new Map<string, Action>([
  ['DismissRoom', { roomIdType: 'number', run: dismissRoom }],
  ['DismissRoomByStrRoomId', { roomIdType: 'string', run: dismissRoom }],
  ['RemoveUser', { roomIdType: 'number', run: removeUsers }],
  ['RemoveUserByStrRoomId', { roomIdType: 'string', run: removeUsers }],
]);

function parseBody(body: Buffer): Body | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Body) : undefined;
  } catch {
    return undefined;
  }
}

class TrtcServer {
  readonly #key: CloudKey;
  readonly #apps = new Map<number, TrtcRooms>();
  readonly failures = new FailureSwitches<string>();
  readonly calls: TrtcCall[] = [];

  constructor(key: CloudKey) {
    this.#key = key;
  }

  addApp(sdkAppId: number): void {
    this.#apps.set(sdkAppId, new Map());
  }

  rooms(sdkAppId: number): TrtcRooms {
    const rooms = this.#apps.get(sdkAppId);
    if (rooms === undefined) throw new Error(`the fake TRTC has no app ${sdkAppId}; use addApp`);
    return rooms;
  }

  respond(request: FakeRequest): FakeReply<string> {
    const command = String(request.headers['x-tc-action'] ?? '');
    const body = parseBody(request.body);
    this.calls.push({
      command,
      region: String(request.headers['x-tc-region'] ?? ''),
      body: body ?? {},
      at: Date.now(),
    });
    const failure = this.failures.take(command);
    const { errorCode, httpStatus, garbage, hang, reset, applied } = failure ?? {};
    const fails = errorCode !== undefined || httpStatus !== undefined || garbage || hang || reset;
    const outcome = fails && applied !== true ? undefined : this.#execute(request, body);
    const error = errorCode === undefined ? outcome : fault(errorCode, 'switched on by the test');
    return { json: { Response: { ...(error && { Error: error }), RequestId: randomUUID() } }, failure };
  }

  #execute(request: FakeRequest, body: Body | undefined): CloudError | undefined {
    const refused = verifyTc3(request, this.#key, 'trtc') ?? this.#checkHeaders(request);
    if (refused !== undefined) return refused;
    const action = actions.get(String(request.headers['x-tc-action'] ?? ''));
    if (action === undefined) return fault('InvalidAction', 'no such action');
    if (body === undefined) return fault('InvalidParameter', 'the body is not a JSON object');
    const { SdkAppId: sdkAppId, RoomId: roomId } = body;
    if (sdkAppId === undefined) return fault('MissingParameter.SdkAppId', 'SdkAppId is missing');
    if (typeof sdkAppId !== 'number') return fault('InvalidParameter.SdkAppId', 'SdkAppId must be a number');
    const rooms = this.#apps.get(sdkAppId);
    if (rooms === undefined) return fault('UnauthorizedOperation.SdkAppId', 'the app belongs to another account');
    if (roomId === undefined) return fault('MissingParameter.RoomId', 'RoomId is missing');
    if (!isRoomId(roomId, action.roomIdType))
      return fault('InvalidParameter.RoomId', `RoomId must be a ${action.roomIdType}`);
    return action.run(rooms, roomId, body);
  }

  #checkHeaders({ method, headers, path }: FakeRequest): CloudError | undefined {
    if (method !== 'POST' || path !== '/') return fault('InvalidRequest', 'only POST / is supported');
    if (headers['x-tc-version'] !== version) return fault('NoSuchVersion', 'no such version');
    const region = headers['x-tc-region'];
    if (region === undefined || region === '') return fault('MissingParameter', 'X-TC-Region is missing');
    return regions.includes(String(region)) ? undefined : fault('UnsupportedRegion', 'TRTC is not in this region');
  }
}

export async function startFakeTrtc({ sdkAppIds, ...key }: FakeTrtcOptions): Promise<FakeTrtc> {
  const trtc = new TrtcServer(key);
  for (const sdkAppId of sdkAppIds) trtc.addApp(sdkAppId);
  const server = await startFakeServer((request) => trtc.respond(request));
  return {
    url: server.url,
    endpoint: server.url.replace('http://', ''),
    calls: trtc.calls,
    addApp: (sdkAppId) => trtc.addApp(sdkAppId),
    rooms: (sdkAppId) => trtc.rooms(sdkAppId),
    fail: (failure) => trtc.failures.add(failure),
    clear: () => trtc.failures.clear(),
    connections: server.connections,
    stop: server.stop,
  };
}
