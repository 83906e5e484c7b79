/** The calls of the benchmark: every endpoint, on people and rooms that it has created through the API. */
import { checkCoverage } from './coverage';
import { type Case, type Next, run } from './load';
import { operatorCases } from './operator-cases';
import { type Person, registerPath, signaturePath, signUpMany } from './people';

const PEOPLE = 320;
const ROOMS = 40;
/** Rooms without other readers: more than the shared answers (rules/answer-cache.ts), read one after the other. */
const LONELY_ROOMS = 4_000;
const BASE = '/base/v1/';
/** Measured with IM on and a listening webhook too (production.ts). */
export const GO_LIVE = 'destroy_room, enter_room (go live)';

interface Made {
  port: number;
  host: string;
  people: readonly Person[];
}

/** A part of unused names, also new to earlier runs against the same server. */
const RUN = `${Date.now().toString(36)}-`;
let names = 0;

function tokenIn(answer: string): string | undefined {
  return /"token":"([^"]+)"/.exec(answer)?.[1];
}

/** Signing in and out in turns, each worker for itself. */
function inAndOut(people: readonly Person[]): Next {
  return (n, _worker, last) => {
    const token = tokenIn(last);
    return token
      ? `${BASE}auth_users/user_logout?token=${token}`
      : `${BASE}${signaturePath(people[n % people.length]?.name ?? '')}`;
  };
}

/** Signing up, in, and deleting the account, each worker for itself. */
function comeAndGo(): Next {
  const present = new Map<number, string>();
  return (_n, worker, last) => {
    const token = tokenIn(last);
    const name = present.get(worker);
    if (token && name) {
      present.delete(worker);
      return `${BASE}auth_users/user_delete?token=${token}`;
    }
    if (name) return `${BASE}${signaturePath(name)}`;
    names += 1;
    const fresh = `${RUN}${names}`;
    present.set(worker, fresh);
    return `${BASE}${registerPath(fresh)}`;
  };
}

/** Rooms with their owner in them, one after the other. */
function lonelyRooms({ port, host, people }: Made) {
  const ids: string[] = [];
  let asked = 0;
  let making: Promise<void> | undefined;
  const make = async () => {
    const query = (n: number) => people[n % ROOMS]?.query;
    const given: string[] = [];
    const generate = (n: number, _worker: number, last: string) => {
      given.push(/"roomId":"(\d+)"/.exec(last)?.[1] ?? '');
      return `${BASE}rooms/generate_roomid?${query(n)}`;
    };
    // A single worker: the order decides the owner of the id.
    await run({ port, host, concurrency: 1, count: LONELY_ROOMS + 1, next: generate });
    ids.push(...given.slice(1));
    const open = (n: number) => `${BASE}rooms/enter_room?${query(n)}&roomId=${ids[n]}&role=anchor&category=lonely`;
    const { wrong } = await run({ port, host, concurrency: 32, count: LONELY_ROOMS, next: open });
    if (wrong > 0) throw new Error(`${wrong} of ${LONELY_ROOMS} rooms could not be opened`);
  };
  return {
    /** The name unused for longest, also across runs. */
    id: () => {
      asked += 1;
      return ids[asked % ids.length] ?? '';
    },
    prepare: () => {
      making ??= make();
      return making;
    },
  };
}

function casesFor(made: Made): Case[] {
  const { people } = made;
  const lonely = lonelyRooms(made);
  const person = (n: number): Person => people[n % people.length] ?? { name: '', userId: '', token: '', query: '' };
  const owner = (n: number) => person(n % ROOMS);
  const viewer = (n: number) => person(ROOMS + (n % (people.length - ROOMS)));
  const users = `${BASE}auth_users/`;
  const rooms = `${BASE}rooms/`;
  return [
    { name: 'user_keepalive', next: (n) => `${users}user_keepalive?${person(n).query}` },
    { name: 'user_query', next: (n) => `${users}user_query?${person(n).query}` },
    {
      name: 'user_query (another user)',
      next: (n) => `${users}user_query?${person(n).query}&searchUserId=${person(n + 7).userId}`,
    },
    {
      name: 'getUserInfoBatch',
      next: (n) => {
        const asked = [0, 1, 2, 3, 4].map((step) => person(n + step).userId).join('%7C');
        return `${users}getUserInfoBatch?token=${person(n).token}&userId=${asked}`;
      },
    },
    { name: 'user_update', next: (n) => `${users}user_update?${person(n).query}&name=name${n % 1000}` },
    { name: 'signature', next: (n) => `${BASE}${signaturePath(person(n).name)}` },
    { name: 'register (again)', next: (n) => `${BASE}${registerPath(person(n).name)}` },
    { name: 'gslb', next: () => `${BASE}gslb` },
    { name: 'module_blacklist', next: (n) => `${users}module_blacklist?${person(n).query}` },
    { name: 'user_login_token', next: (n) => `${users}user_login_token?${person(n).query}` },
    { name: 'signature, user_logout', next: inAndOut(people) },
    { name: 'register, signature, user_delete', next: comeAndGo() },
    { name: 'query_room', next: (n) => `${rooms}query_room?${viewer(n).query}&category=bench&limit=10` },
    {
      name: 'room_detail (one room)',
      next: (n) => `${rooms}room_detail?${viewer(n).query}&roomId=${owner(0).userId}`,
    },
    { name: 'room_detail', next: (n) => `${rooms}room_detail?${viewer(n).query}&roomId=${owner(n).userId}` },
    { name: 'list_users (one room)', next: (n) => `${rooms}list_users?${viewer(n).query}&roomId=${owner(0).userId}` },
    { name: 'list_users', next: (n) => `${rooms}list_users?${viewer(n).query}&roomId=${owner(n).userId}` },
    {
      name: 'room_detail (unshared)',
      prepare: lonely.prepare,
      next: (n) => `${rooms}room_detail?${viewer(n).query}&roomId=${lonely.id()}`,
    },
    {
      name: 'list_users (unshared)',
      prepare: lonely.prepare,
      next: (n) => `${rooms}list_users?${viewer(n).query}&roomId=${lonely.id()}`,
    },
    {
      name: 'enter_room (join)',
      next: (n) => `${rooms}enter_room?${viewer(n).query}&roomId=${owner(n).userId}&role=audience`,
    },
    { name: 'update_room', next: (n) => `${rooms}update_room?${owner(n).query}&roomId=${owner(n).userId}&title=t${n}` },
    {
      name: 'report_room',
      next: (n) => `${BASE}reports/report_room?${viewer(n).query}&targetRoomId=${owner(n).userId}&reason=other`,
    },
    { name: 'generate_roomid', next: (n) => `${rooms}generate_roomid?${person(n).query}` },
    { name: 'leave_room', next: (n) => `${rooms}leave_room?${viewer(n).query}&roomId=${owner(n).userId}` },
    {
      // All users enter another room in every round, and leave it.
      name: 'enter_room, leave_room (another room each time)',
      next: (n) => {
        const turn = Math.floor(n / 2);
        const where = `${viewer(turn).query}&roomId=${owner(turn + Math.floor(turn / (PEOPLE - ROOMS))).userId}`;
        return n % 2 === 0 ? `${rooms}enter_room?${where}&role=audience` : `${rooms}leave_room?${where}`;
      },
    },
    {
      name: GO_LIVE,
      next: (n) => {
        const me = owner(Math.floor(n / 2));
        const path = n % 2 === 0 ? 'destroy_room' : 'enter_room';
        return `${rooms}${path}?${me.query}&roomId=${me.userId}&role=anchor&category=bench&title=t`;
      },
    },
  ];
}

/** Signs people up, opens the rooms, and returns the cases; those of operators too if the service is this benchmark's. */
export async function prepareCases(port: number, another?: string): Promise<Case[]> {
  const host = another ?? '127.0.0.1';
  const people = await signUpMany({ port, host }, PEOPLE, `${RUN}user`);
  const goLive = (n: number) => {
    const me = people[n];
    return `${BASE}rooms/enter_room?${me?.query}&roomId=${me?.userId}&role=anchor&category=bench&title=Bench`;
  };
  await run({ port, host, concurrency: 4, count: ROOMS, next: goLive });
  const cases = casesFor({ port, host, people });
  checkCoverage(cases.map(({ name }) => name));
  return another === undefined ? [...cases, ...operatorCases(people[0]?.userId ?? '')] : cases;
}
