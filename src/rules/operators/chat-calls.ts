/** Texts that wait for a verdict, the log of chats, and taking a message back. */
import { fieldsOf } from '../../base/fields';
import type { AdminInputOf } from '../../contract/admin';
import type { Words } from '../../contract/admin/endpoint';
import { HELD_STATES, type HeldData, type MessageData, OUTCOMES } from '../../contract/admin/messages';
import { inBoth } from '../../contract/error-messages';
import { PICTURES } from '../../contract/events';
import { findRoomRoles } from '../../data/hosts/room-roles';
import { appendAudit } from '../../data/operators/audit';
import { enqueue } from '../../data/outbox/outbox';
import { type ChatEntry, type ChatFilter, findChatEntry, listChat, noteRecalled } from '../../data/review/chat-log';
import { decideHeld as decide, findHeld, type HeldRow, listHeld } from '../../data/review/held';
import { takeAway } from '../review/pictures';
import { whyNotSent } from '../review/send-and-recall';
import { emit } from '../webhooks/events';
import { type ChangeContext, type ReadContext, type Reader, wantedUser } from './change-context';
import { allPages, exportList } from './exports';
import { pageResult, readPage } from './pages';
import { utc } from './present';
import { absent, conflict, malformed } from './refusal';

/** Greatest age of a message that IM recalls (ms): https://cloud.tencent.com/document/product/269/12341. */
const RECALL_MS = 3_600_000;

/** The room's number; -1: there is none, and so nothing is found. */
async function roomNumber({ db, tenant }: Pick<ReadContext, 'db' | 'tenant'>, roomId: string | undefined) {
  if (roomId === undefined) return undefined;
  const found = await findRoomRoles(db, { tenant: tenant.id, roomId }, { caller: 0, target: 0 });
  return found?.room.id ?? -1;
}

function authorsOf({ services, tenant }: ReadContext, db: Reader, rows: readonly { user_id: number }[]) {
  return services.userIds.ofAll(
    db,
    tenant.id,
    rows.map(({ user_id }) => user_id),
  );
}

function textsIn(json: string): string[] {
  // Written by rules/review.
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.map(String) : [];
}

/** Which picture the row is about; undefined: it is a message. */
function pictureIn({ body }: HeldRow): (typeof PICTURES)[number] | undefined {
  // Written by rules/review.
  const stored: unknown = JSON.parse(body);
  return PICTURES.find((one) => one === fieldsOf(stored)['picture']);
}

function presentHeld(now: number, userId: (number: number) => string) {
  return (row: HeldRow): HeldData => {
    const expired = row.state === 'open' && row.expires_at <= now;
    return {
      heldId: String(row.id),
      roomId: row.room_id ?? '',
      roomTitle: row.title ?? '',
      broadcastNo: row.broadcast_no,
      userId: userId(row.user_id),
      name: row.name ?? '',
      text: row.message,
      source: row.source === 'vendor' ? 'vendor' : 'word',
      picture: pictureIn(row) ?? '',
      label: row.label,
      hits: textsIn(row.hits),
      createUtc: utc(row.created_at),
      expiresUtc: utc(row.expires_at),
      state: expired ? 'expired' : (HELD_STATES.find((one) => one === row.state) ?? 'open'),
      decidedBy: row.decided_by,
    };
  };
}

export async function held(input: AdminInputOf<'held'>, ctx: ReadContext) {
  const { state = 'open', roomId, userId } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number]>(ctx, { of: ['held', state, roomId, userId], ...input });
  const roomPk = await roomNumber(ctx, roomId);
  const filter = { tenant, state, roomPk, userId: await wantedUser(ctx, userId, -1) };
  const rows = await listHeld(ctx.db, filter, { after: page.after?.[0], limit: page.limit + 1, now: ctx.now });
  const present = presentHeld(ctx.now, await authorsOf(ctx, ctx.db, rows));
  return pageResult(page, rows, { present, place: (row): [number] => [row.id] });
}

/** Decides about one; gives the work for IM, or why it cannot be done. */
async function decideOne(
  ctx: ChangeContext,
  heldId: string,
  { verdict, reason = '' }: AdminInputOf<'decideHeld'>,
): Promise<{ why: string } | { work: number[] }> {
  const { tx, services, now, operator } = ctx;
  const tenant = ctx.tenant.id;
  const found = await findHeld(tx, tenant, Number(heldId));
  if (!found) return { why: 'there is no such text' };
  if (found.state !== 'open') return { why: `it is ${found.state} already` };
  if (found.expires_at <= now) return { why: 'it has expired' };
  const kind = pictureIn(found);
  const gone = verdict === 'pass' && !kind ? await whyNotSent(tx, { tenant, held: found, now }) : undefined;
  if (gone !== undefined) return { why: gone };
  const state = verdict === 'pass' ? 'passed' : 'refused';
  if (!(await decide(tx, found.id, { state, by: operator.name, reason, now })))
    return { why: 'another operator was faster' };
  const roomId = found.room_id ?? '';
  const room = { id: found.room_pk, roomId, broadcastNo: found.broadcast_no };
  const userId = await services.userIds.of(tx, tenant, found.user_id);
  if (kind) {
    if (verdict === 'pass') return { work: [] };
    const id = kind === 'cover' ? found.room_pk : found.user_id;
    const picture = { picture: kind, id, url: found.message, roomId, broadcastNo: found.broadcast_no, userId };
    const of = { tenant: ctx.tenant, picture, label: found.label, by: operator.name };
    return { work: await takeAway(tx, ctx, of) };
  }
  const data = { heldId, userId, verdict, reason, by: operator.name };
  await emit(tx, services, { type: 'message.decided', tenant, room, data });
  if (verdict === 'refuse' || !services.vendors.im) return { work: [] };
  const item = { kind: 'im_send', tenant, target: roomId, roomPk: found.room_pk, payload: heldId, now } as const;
  return { work: [await enqueue(tx, { ...item, broadcastNo: found.broadcast_no })] };
}

export async function decideHeld(input: AdminInputOf<'decideHeld'>, ctx: ChangeContext) {
  const failed: { heldId: string; why: string; detail: Words }[] = [];
  const work: number[] = [];
  let done = 0;
  for (const heldId of input.heldIds) {
    const result = await decideOne(ctx, heldId, input);
    if ('why' in result) failed.push({ heldId, why: result.why, detail: inBoth(result.why) });
    else {
      done += 1;
      work.push(...result.work);
    }
  }
  const { verdict, reason = '', heldIds } = input;
  const after = { verdict, done, heldIds: heldIds.join(',').slice(0, 300) };
  return { audit: { reason, after }, work, answer: () => ({ done, failed }) };
}

function presentMessage(userId: (number: number) => string) {
  return (row: ChatEntry): MessageData => ({
    messageId: String(row.id),
    roomId: row.room_id ?? '',
    broadcastNo: row.broadcast_no,
    userId: userId(row.user_id),
    name: row.name ?? '',
    text: row.message,
    atUtc: utc(row.at),
    address: row.address,
    platform: row.platform,
    outcome: OUTCOMES.find((one) => one === row.outcome) ?? 'passed',
    code: row.code,
  });
}

/** Texts are personal data: each reading leaves a row in the audit. */
async function writeDown(ctx: ReadContext, input: AdminInputOf<'messages'>): Promise<void> {
  const { roomId = '', userId = '', format = '' } = input;
  await appendAudit(ctx.services.database.forRequest(), {
    tenant: ctx.tenant.id,
    at: ctx.now,
    operator: ctx.operator.name,
    action: 'messages',
    room_id: roomId,
    user_id: userId,
    reason: '',
    before_text: '',
    after_text: format === '' ? '' : JSON.stringify({ format }),
    request_id: ctx.requestId,
    address: ctx.address,
  });
}

const COLUMNS = [
  'messageId',
  'roomId',
  'broadcastNo',
  'userId',
  'name',
  'text',
  'atUtc',
  'address',
  'platform',
  'outcome',
  'code',
] as const satisfies readonly (keyof MessageData)[];

async function* exported(ctx: ReadContext, filter: ChatFilter) {
  // A handle for each part: an export may take longer than a request's time for the database.
  const handle = () => ctx.services.database.forRequest();
  const pages = allPages<ChatEntry>((after, limit) => listChat(handle(), filter, { after, limit }));
  for await (const rows of pages) yield rows.map(presentMessage(await authorsOf(ctx, handle(), rows)));
}

export async function messages(input: AdminInputOf<'messages'>, ctx: ReadContext) {
  const { roomId, userId, fromUtc, toUtc, format } = input;
  if (roomId === undefined && userId === undefined) throw malformed('roomId or userId is required');
  const tenant = ctx.tenant.id;
  const roomPk = await roomNumber(ctx, roomId);
  const filter = { tenant, roomPk, userId: await wantedUser(ctx, userId, -1), from: fromUtc, to: toUtc };
  if (format !== undefined) {
    await writeDown(ctx, input);
    return exportList({ format, name: 'messages', columns: COLUMNS, pages: exported(ctx, filter) });
  }
  const page = readPage<[number, number]>(ctx, { of: ['messages', roomId, userId, fromUtc, toUtc], ...input });
  if (!page.after) await writeDown(ctx, input);
  const after = page.after && { at: page.after[0], id: page.after[1] };
  const rows = await listChat(ctx.db, filter, { after, limit: page.limit + 1 });
  const place = (row: ChatEntry): [number, number] => [row.at, row.id];
  const present = presentMessage(await authorsOf(ctx, ctx.db, rows));
  return pageResult(page, rows, { present, place });
}

export async function recallMessage(input: AdminInputOf<'recallMessage'>, ctx: ChangeContext) {
  const { messageId, reason } = input;
  const { tx, services, now, operator } = ctx;
  const tenant = ctx.tenant.id;
  const found = await findChatEntry(tx, tenant, Number(messageId));
  if (!found) throw absent('there is no such message');
  if (found.message_seq === 0)
    throw conflict('IM has not reported the number of this message (Group.CallbackAfterSendMsg)');
  if (now - found.at > RECALL_MS) throw conflict('IM recalls messages of the last hour only');
  if (!(await noteRecalled(tx, found.id))) throw conflict('this message was not sent, or was recalled already');
  const roomId = found.room_id ?? '';
  const userId = await services.userIds.of(tx, tenant, found.user_id);
  const room = { id: found.room_pk, roomId, broadcastNo: found.broadcast_no };
  await emit(tx, services, {
    type: 'message.recalled',
    tenant,
    room,
    data: { messageId, userId, reason, by: operator.name },
  });
  const payload = `${found.message_seq} ${reason}`;
  const item = { kind: 'im_recall', tenant, target: roomId, roomPk: found.room_pk, payload, now } as const;
  const work = services.vendors.im ? [await enqueue(tx, { ...item, broadcastNo: found.broadcast_no })] : [];
  return {
    audit: { roomId, userId, reason, before: { messageId } },
    work,
    answer: (pending: ('im' | 'trtc')[]) => ({ pending }),
  };
}
