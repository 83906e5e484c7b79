/** Calls of a team's own service about users and rooms (contract/admin/service.ts). */
import { ApiError } from '../../base/errors';
import type { AdminInputOf } from '../../contract/admin';
import { customOf } from '../../contract/custom';
import { findUser, findUsersByName, updateUser as storeUser, type User } from '../../data/accounts/accounts';
import { beginActing, endActing } from '../../data/accounts/sessions';
import { accountName } from '../../data/accounts/user-names';
import type { Executor } from '../../data/engine/database';
import { isLiveRoom } from '../../data/rooms/room-states';
import { findRoom } from '../../data/rooms/rooms';
import { changeRoom, type ServiceChanges, keepOpen as storeKeepOpen } from '../../data/rooms/rooms-of-service';
import { planProfile } from '../accounts/im-profile';
import { checkName, ownedBySpelling, signInAs } from '../accounts/sign-in';
import { type Context, withCaller } from '../context';
import { type ReviewedTexts, reviewedTexts } from '../review/profile-texts';
import { endBroadcast } from '../rooms/end';
import { enterRoom } from '../rooms/enter-room';
import { type ChangeContext, contextOf, type RequestContext, type StepContext } from './change-context';
import { conflict, malformed, noSuchRoom, noSuchUser } from './refusal';

const MOST_BEFORE_AFTER = 400;

export function requestOf({ services, budget, db, now, address }: RequestContext): Context {
  return { services, budget, db, now, clientAddress: address === '' ? null : address, reachedAt: () => '' };
}

/** Users have written these texts, in the team's own app: the same words look at them. The author of the call is no user. */
export function byWords<T extends ReviewedTexts>(input: T, ctx: RequestContext): Promise<T> {
  return reviewedTexts(requestOf(ctx), { tenant: ctx.tenant.id, userId: 0 }, input);
}

/** The user with exactly this id; undefined: there is none. */
export async function userById(
  { services, tenant }: Pick<StepContext, 'services' | 'tenant'>,
  db: Executor,
  userId: string,
): Promise<User | undefined> {
  const number = await services.userIds.numberOf(db, tenant.id, userId);
  return number === undefined ? undefined : findUser(db, tenant.id, number);
}

/** The user by exactly one of the two names; undefined: there is none. */
export async function findNamed(
  { services, tenant }: Pick<StepContext, 'services' | 'tenant'>,
  db: Executor,
  { userId, username }: { userId?: string; username?: string },
): Promise<User | undefined> {
  if ((userId === undefined) === (username === undefined)) throw malformed('give either userId or username');
  if (username !== undefined) return (await findUsersByName(db, [accountName(tenant.id, username)]))[0];
  return userById({ services, tenant }, db, userId ?? '');
}

export async function issueToken(input: AdminInputOf<'issueToken'>, ctx: StepContext) {
  const { tenant } = ctx;
  const { username, create = true, nickname, avatar } = input;
  const request = { ...requestOf(ctx), clientAddress: null };
  const find = async () => {
    if (username !== undefined) checkName(tenant, username);
    const known = await findNamed(ctx, ctx.db, input);
    if (username === undefined ? known === undefined : !known && !create) throw noSuchUser();
    if (username === undefined && known) return known;
    return ownedBySpelling(request, tenant, { name: accountName(tenant.id, username ?? ''), known });
  };
  const profile = { ...(nickname !== undefined && { nickname }), ...(avatar !== undefined && { avatar }) };
  const signedIn = await signInAs(request, tenant, { find, profile });
  if (!signedIn) throw conflict('the account is being changed, please try again');
  await ctx.audit({ userId: signedIn.userId });
  return signedIn;
}

function presentUser({ services, tenant }: ChangeContext, user: User) {
  const { username, name, avatar, tag, tag2 } = user;
  return { userId: services.userIds.from(tenant.id, user), username, name, avatar, tag, tag2, ...customOf(user) };
}

/** Small enough for the audit. */
function short(values: Readonly<Record<string, string | number | boolean>>) {
  return JSON.stringify(values).length <= MOST_BEFORE_AFTER ? values : { fields: Object.keys(values).join(' ') };
}

export async function updateUser(input: AdminInputOf<'updateUser'>, ctx: ChangeContext) {
  const { userId, ...changes } = input;
  if (Object.keys(changes).length === 0) throw malformed('give at least one of name, avatar, tag, tag2 and custom');
  const before = await userById(ctx, ctx.tx, userId);
  if (!before) throw noSuchUser();
  await storeUser(ctx.tx, before.id, { ...changes, now: ctx.now });
  const given = {
    ...(changes.name !== undefined && { nick: changes.name }),
    ...(changes.avatar !== undefined && { faceUrl: changes.avatar }),
  };
  const isTold = Object.keys(given).length > 0;
  const work = isTold ? await planProfile(ctx.tx, contextOf(ctx), { tenant: ctx.tenant, userId, given }) : [];
  const after = { ...before, ...changes };
  return { audit: { userId, after: short(changes) }, work, answer: () => presentUser(ctx, after) };
}

type RoomFields = Omit<AdminInputOf<'updateRoomOf'>, 'roomId'>;

/** Writes the fields that are given. */
async function applyFields(tx: Executor, at: { tenant: string; roomId: string; now: number }, fields: RoomFields) {
  const room = await findRoom(tx, at);
  if (!isLiveRoom(room)) throw noSuchRoom();
  const { keepOpen, ...changes }: ServiceChanges & { keepOpen?: boolean } = fields;
  if (!(await changeRoom(tx, room, changes, at.now))) throw noSuchRoom();
  if (keepOpen !== undefined) await storeKeepOpen(tx, room.id, keepOpen);
  return room;
}

export async function updateRoomOf(input: AdminInputOf<'updateRoomOf'>, ctx: ChangeContext) {
  const { roomId, ...fields } = input;
  if (Object.keys(fields).length === 0) throw malformed('give at least one field to change');
  const room = await applyFields(ctx.tx, { tenant: ctx.tenant.id, roomId, now: ctx.now }, fields);
  const userId = await ctx.services.userIds.of(ctx.tx, ctx.tenant.id, room.owner_id);
  return { audit: { roomId, userId, after: short(fields) }, answer: () => ({ roomId }) };
}

export async function openRoom(input: AdminInputOf<'openRoom'>, ctx: StepContext) {
  const { db, tenant } = ctx;
  const { ownerId, roomId = ownerId, category, title, ...rest } = await byWords(input, ctx);
  const owner = await userById(ctx, db, ownerId);
  if (!owner) throw noSuchUser();
  const { id } = owner;
  const session = await beginActing(db, id, ctx.now);
  try {
    // IM sees the address of no user here.
    const caller = { id, publicId: ownerId, tenant, session };
    const entered = { roomId, role: 'anchor', ...(category !== undefined && { category }), ...(title && { title }) };
    await enterRoom(entered, withCaller({ ...requestOf(ctx), clientAddress: null }, caller));
    const fields = { ...rest, ...(title !== undefined && { title }) };
    await db.transaction((tx) => applyFields(tx, { tenant: tenant.id, roomId, now: ctx.now }, fields));
  } catch (error) {
    throw error instanceof ApiError && error.code === 2004 ? noSuchRoom() : error;
  } finally {
    await endActing(db, session);
  }
  await ctx.audit({ roomId, userId: ownerId, after: short({ ...rest, ...(title && { title }) }) });
  return { roomId, pending: [] };
}

export async function closeRoom({ roomId, reason = '' }: AdminInputOf<'closeRoom'>, ctx: ChangeContext) {
  const room = await findRoom(ctx.tx, { tenant: ctx.tenant.id, roomId });
  if (!room || room.broadcast_no === 0) throw noSuchRoom();
  const ending = { ...room, by: room.owner_id, endedBy: 'service' as const, reason };
  const { work } = isLiveRoom(room) ? await endBroadcast(ctx.tx, contextOf(ctx), ending) : { work: [] };
  const userId = await ctx.services.userIds.of(ctx.tx, ctx.tenant.id, room.owner_id);
  return {
    audit: { roomId, userId, reason, before: { broadcastNo: room.broadcast_no } },
    work,
    answer: (pending: ('im' | 'trtc')[]) => ({ pending }),
  };
}
