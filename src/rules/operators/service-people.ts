/** Calls about people as a whole: importing, exporting and deleting them (contract/admin/service.ts). */
import * as v from 'valibot';
import { ApiError, DatabaseError } from '../../base/errors';
import type { Tenant } from '../../config/config';
import type { AdminInputOf } from '../../contract/admin';
import { MAX_LINES } from '../../contract/admin/service';
import { CUSTOM } from '../../contract/custom';
import type { Field } from '../../contract/fields';
import { pictureAddress, text } from '../../contract/fields';
import { LIMITS } from '../../contract/limits';
import { USERNAME } from '../../contract/oauth';
import { deleteUser as removeUser } from '../../data/accounts/account-deletion';
import { createUser, DEFAULT_AVATAR, findUserByName, IdOfRoom, updateUser } from '../../data/accounts/accounts';
import { exportPerson } from '../../data/accounts/personal-data';
import { beginActing } from '../../data/accounts/sessions';
import { accountName } from '../../data/accounts/user-names';
import { claimAddress, writeAddress } from '../../data/codes/contacts';
import type { Executor } from '../../data/engine/database';
import { inheritSanctions } from '../../data/sanctions/sanctions';
import { enqueueForgetting } from '../accounts/forget-user';
import { checkName, nameIsRoom } from '../accounts/sign-in';
import { type Address, addressOf } from '../codes/contact';
import { reviewedOrNone } from '../review/profile-texts';
import { endRoomsOf } from '../rooms/end';
import { tellOfUser } from '../webhooks/users';
import { type ChangeContext, contextOf, type Lines, type StepContext } from './change-context';
import { malformed, noSuchUser } from './refusal';
import { findNamed, requestOf, userById } from './service-calls';

/** Lines that are written concurrently: a usual pool has that number of free connections. */
const AT_ONCE = 6;
const MAX_REFUSED = 1_000;

const LINE_FIELDS: Readonly<Record<string, Field>> = {
  username: USERNAME,
  userId: text({ max: 32, numbers: true }, { en: '', zh: '' }),
  name: text({ max: LIMITS.name }, { en: '', zh: '' }),
  avatar: pictureAddress({ max: LIMITS.avatar }, { en: '', zh: '' }),
  phone: text({ max: LIMITS.phone, numbers: true }, { en: '', zh: '' }),
  email: text({ max: LIMITS.email }, { en: '', zh: '' }),
  custom: CUSTOM,
};

type Line = Readonly<Partial<Record<'username' | 'userId' | 'name' | 'avatar' | 'phone' | 'email' | 'custom', string>>>;

/** The reason why a line is refused, for the caller. */
class LineRefused extends Error {}

function fieldsIn(given: string): Line {
  let parsed: unknown;
  try {
    parsed = JSON.parse(given);
  } catch {
    throw new LineRefused('not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new LineRefused('not a JSON object');
  const line: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const field = Object.hasOwn(LINE_FIELDS, name) ? LINE_FIELDS[name] : undefined;
    if (!field) throw new LineRefused('has a field that is not known');
    if (value === null || value === '') continue;
    const result = v.safeParse(field.schema, value, { abortEarly: true, abortPipeEarly: true });
    if (!result.success) throw new LineRefused(`${name} ${result.issues[0].message}`);
    line[name] = String(result.output);
  }
  return line;
}

function addressesIn({ phone, email }: Line): Address[] {
  try {
    return [...(phone ? [addressOf({ phone })] : []), ...(email ? [addressOf({ email })] : [])];
  } catch {
    throw new LineRefused('phone or email has the wrong form');
  }
}

async function addUser(tx: Executor, ctx: StepContext, line: Line & { username: string }): Promise<void> {
  const tenant = ctx.tenant.id;
  const { username, name = '', avatar = DEFAULT_AVATAR, custom = '' } = line;
  const { personHashes: hashes } = ctx.services.secrets;
  const named = ctx.services.userIds.isNamed(tenant);
  const row = { tenant, username, salt: null, name, avatar, now: ctx.now, hashes, named };
  const user = await createUser(tx, row);
  if (custom !== '') await updateUser(tx, user.id, { custom, now: ctx.now });
  for (const { kind, text: address } of addressesIn(line)) {
    if (!(await claimAddress(tx, { tenant, address, userId: user.id, now: ctx.now }))) {
      throw new LineRefused(`${kind} belongs to another user`);
    }
    await writeAddress(tx, user.id, { column: kind, address, now: ctx.now });
    await inheritSanctions(tx, { tenant, id: user.id, now: ctx.now, contact: address, hashes });
  }
  const userId = ctx.services.userIds.from(tenant, user);
  await tellOfUser(tx, ctx.services, { type: 'user.created', tenant, userId });
}

/** Users have chosen the names, in another system: the same words look at them. */
async function reviewedName(ctx: StepContext, { name }: Line): Promise<Pick<Line, 'name'>> {
  if (name === undefined) return {};
  const author = { tenant: ctx.tenant.id, userId: 0 };
  const passed = await reviewedOrNone(requestOf(ctx), author, { field: 'name', text: name });
  if (passed === undefined) throw new LineRefused('name has words that are not allowed');
  return { name: passed };
}

/** True: added. False: known already. */
async function importLine(ctx: StepContext, given: string): Promise<boolean> {
  const line = fieldsIn(given);
  const { username } = line;
  if (username === undefined) throw new LineRefused('username is required');
  checkIds(ctx.tenant, { ...line, username });
  // Each line is a separate request: in total they take longer than one may.
  const db = ctx.services.database.forRequest();
  if (await findUserByName(db, accountName(ctx.tenant.id, username))) return false;
  const name = await reviewedName(ctx, line);
  try {
    await db.transaction((tx) => addUser(tx, ctx, { ...line, ...name, username }));
    return true;
  } catch (error) {
    if (error instanceof IdOfRoom) throw new LineRefused(nameIsRoom().text);
    // Another import has just added it.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

/** A line chooses no id: the service numbers its users, or the name is the id. */
function checkIds(tenant: Tenant, { username, userId }: Line & { username: string }): void {
  const named = tenant.userIds === 'username';
  if (userId !== undefined && !named) throw new LineRefused('userId may only be given with userIds: username');
  if (userId !== undefined && userId !== username) throw new LineRefused('userId must be equal to username');
  try {
    checkName(tenant, username);
  } catch (error) {
    throw error instanceof ApiError ? new LineRefused(error.text) : error;
  }
}

export async function importUsers({ text: body }: Lines, ctx: StepContext) {
  const lines = body.split('\n').map((line) => line.trim());
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > MAX_LINES) throw malformed(`at most ${MAX_LINES} lines`);
  const counts = { added: 0, known: 0 };
  const refused: { line: number; why: string }[] = [];
  let next = 0;
  const work = async () => {
    while (next < lines.length) {
      const index = next;
      next += 1;
      try {
        if (lines[index] === '') continue;
        const isAdded = await importLine(ctx, lines[index] ?? '');
        counts[isAdded ? 'added' : 'known'] += 1;
      } catch (error) {
        if (!(error instanceof LineRefused)) throw error;
        refused.push({ line: index + 1, why: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await ctx.audit({ after: { ...counts, refused: refused.length } });
  return { ...counts, refused: refused.sort((a, b) => a.line - b.line).slice(0, MAX_REFUSED) };
}

export async function exportUser(input: AdminInputOf<'exportUser'>, ctx: ChangeContext) {
  const { tenant } = ctx;
  const user = await findNamed(ctx, ctx.tx, input);
  if (!user) throw noSuchUser();
  const userId = ctx.services.userIds.from(tenant.id, user);
  // A name may have been another person's before.
  const since = ctx.services.userIds.isNamed(tenant.id) ? user.created_at : 0;
  const data = await exportPerson(ctx.tx, { tenant: tenant.id, id: user.id, publicId: userId, since });
  return { audit: { userId }, answer: () => data };
}

export async function deleteUser({ userId, reason }: AdminInputOf<'deleteUser'>, ctx: ChangeContext) {
  const tenant = ctx.tenant.id;
  const user = await userById(ctx, ctx.tx, userId);
  if (!user) throw noSuchUser();
  const { id } = user;
  // What deletes an account asks for a session of it.
  const session = await beginActing(ctx.tx, id, ctx.now);
  if (!(await removeUser(ctx.tx, session, { now: ctx.now, hashes: ctx.services.secrets.personHashes })))
    throw noSuchUser();
  await tellOfUser(ctx.tx, ctx.services, { type: 'user.deleted', tenant, userId });
  const { items } = await endRoomsOf(ctx.tx, contextOf(ctx), id);
  await enqueueForgetting(ctx.tx, { tenant, id, userId, now: ctx.now });
  return {
    audit: { userId, reason },
    work: items,
    answer: (pending: ('im' | 'trtc')[]) => ({ pending }),
  };
}
