/**
 * `npm start -- --sample`: a service with people in it. Hosts are live with covers, viewers come and go, some report, an
 * operator has acted, texts wait for a verdict, and there is a month of statistics. In demo mode only; the same people are back on the next start.
 */
import type { Services } from '../rules/context';
import { callAs, callService, type Person, signInPerson } from './calls';
import { appeal, type ReviewParts, say, startReview } from './chat';
import { coverPath } from './covers';
import { addHistory } from './history';
import { NAMES, REASONS, ROOMS } from './texts';

export interface SampleParts extends ReviewParts {
  services: Services;
  /** Base URL of the service, for the covers: `http://localhost:9000/`. */
  url: string;
  /** Rooms that are live. */
  rooms: number;
}

const VIEWERS_PER_ROOM = 4;
const HEARTBEAT_MS = 10_000;
/** How often one viewer changes the room (ms). */
const WANDER_MS = 2_000;
/** How often one viewer writes (ms), and how much has been written at the start. */
const WRITE_MS = 3_000;
const FIRST_LINES = 30;
/** Concurrent calls; the limit keeps the pages responsive. */
const IN_FLIGHT = 8;

interface Viewer {
  person: Person;
  /** The room they are in. */
  roomId: string | undefined;
}

async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += IN_FLIGHT) {
    const part = items.slice(at, at + IN_FLIGHT);
    results.push(...(await Promise.all(part.map((item, index) => work(item, at + index)))));
  }
  return results;
}

function nameOf(index: number): string {
  const name = NAMES[index % NAMES.length] ?? '';
  const round = Math.floor(index / NAMES.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}

async function goLive({ app, url }: SampleParts, host: Person, index: number): Promise<void> {
  const { title = '', category = '', description = '' } = ROOMS[index % ROOMS.length] ?? {};
  await callAs(app, host, 'rooms/enter_room', { roomId: host.userId, role: 'anchor', title, category });
  await callAs(app, host, 'rooms/update_room', {
    roomId: host.userId,
    cover: `${url}${coverPath(index)}`,
    description,
  });
}

/** Actions of an operator: a warning, a mute and a ban, each with its reason. */
async function operate({ app, key }: SampleParts, hosts: readonly Person[], viewers: readonly Viewer[]): Promise<void> {
  const address = '198.18.0.1';
  const known = await callService(app, 'admin/sanctions', { params: { limit: 1 }, address, key });
  if (Object(known.data).items?.length > 0) return;
  const admin = (call: string, params: object) => callService(app, `admin/${call}`, { params, address, key });
  const [, warned] = hosts;
  const [muted, banned] = viewers.slice(-2);
  if (warned)
    await admin('warn_room', { roomId: warned.userId, text: 'Please keep contact details out of the title.' });
  if (muted)
    await admin('mute_user', { userId: muted.person.userId, seconds: 3_600, reason: 'Repeated insults in the chat' });
  if (banned)
    await admin('ban_user', { userId: banned.person.userId, seconds: 86_400, reason: 'Selling outside the platform' });
}

async function report({ app }: SampleParts, viewer: Viewer, hosts: readonly Person[]): Promise<void> {
  const host = hosts.find(({ userId }) => userId === viewer.roomId);
  if (!host) return;
  const reason = REASONS[Number(viewer.person.userId) % REASONS.length];
  const description = '标题和内容不符，一直在让人加微信。';
  const params = { targetRoomId: host.userId, targetUserId: host.userId, reason, description };
  await callAs(app, viewer.person, 'reports/report_room', params);
}

async function enter({ app }: SampleParts, viewer: Viewer, roomId: string): Promise<void> {
  const { errorCode } = await callAs(app, viewer.person, 'rooms/enter_room', { roomId, role: 'audience' });
  viewer.roomId = errorCode === 0 ? roomId : undefined;
}

/** The first rooms are the popular ones. */
function someRoom(hosts: readonly Person[], random: () => number): string {
  return hosts[Math.floor(random() ** 2 * hosts.length)]?.userId ?? '';
}

async function wander(parts: SampleParts, viewer: Viewer, hosts: readonly Person[]): Promise<void> {
  const { roomId } = viewer;
  if (roomId !== undefined) await callAs(parts.app, viewer.person, 'rooms/leave_room', { roomId });
  viewer.roomId = undefined;
  if (Math.random() < 0.8) await enter(parts, viewer, someRoom(hosts, Math.random));
}

/** Fills the service and keeps its people moving until the returned function is called. */
export async function startSample(parts: SampleParts): Promise<() => void> {
  const { app, services, rooms } = parts;
  const numbers = Array.from({ length: rooms * (1 + VIEWERS_PER_ROOM) }, (_, index) => index);
  const found = await inTurns(numbers, (index) => signInPerson(app, index, nameOf(index)));
  const people = found.flatMap((person) => person ?? []);
  const hosts = people.slice(0, rooms);
  const viewers: Viewer[] = people.slice(rooms).map((person) => ({ person, roomId: undefined }));
  await addHistory(services.database.forRequest(), services.clock(), hosts);
  await inTurns(hosts, (host, index) => goLive(parts, host, index));
  await inTurns(viewers, (viewer) => enter(parts, viewer, someRoom(hosts, Math.random)));
  await inTurns(viewers.slice(0, 3), (viewer) => report(parts, viewer, hosts));
  await operate(parts, hosts, viewers);
  const signedIn = new Set(people);
  await startReview(parts);
  const muted = viewers.at(-2);
  if (muted) await appeal(parts, muted.person);
  const write = async () => {
    const inRooms = viewers.filter(({ person, roomId }) => roomId !== undefined && signedIn.has(person));
    const writer = inRooms[Math.floor(Math.random() * inRooms.length)];
    if (writer?.roomId !== undefined) await say(parts, writer.person, writer.roomId);
  };
  for (let line = 0; line < FIRST_LINES; line += 1) await write();
  await services.review.chatLog.flush();
  const heartbeat = async (person: Person) => {
    const { errorCode } = await callAs(app, person, 'auth_users/user_keepalive');
    // Banned or signed out by an operator, who tries that here.
    if (errorCode !== 0) signedIn.delete(person);
  };
  // A round of thousands of people can take longer than the interval; rounds never overlap.
  let sending = false;
  const sendHeartbeats = async () => {
    if (sending) return;
    sending = true;
    await inTurns([...signedIn], heartbeat).finally(() => {
      sending = false;
    });
  };
  const heartbeats = setInterval(() => void sendHeartbeats(), HEARTBEAT_MS);
  const move = setInterval(() => {
    const viewer = viewers[Math.floor(Math.random() * viewers.length)];
    if (viewer && signedIn.has(viewer.person)) void wander(parts, viewer, hosts);
  }, WANDER_MS);
  const chat = setInterval(() => void write(), WRITE_MS);
  for (const timer of [heartbeats, move, chat]) timer.unref();
  return () => {
    clearInterval(heartbeats);
    clearInterval(move);
    clearInterval(chat);
  };
}
