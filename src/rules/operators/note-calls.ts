/** Notes on users, and the reasons that a tenant's operators use often. */
import type { AdminInputOf } from '../../contract/admin';
import {
  addNote as add,
  findNote,
  listReasons,
  type NoteRow,
  notesOf,
  removeNote as remove,
  replaceReasons,
} from '../../data/operators/notes';
import { findOperatorsUser } from '../../data/operators/user-lists-for-operators';
import type { ChangeContext, ReadContext } from './change-context';
import { utc } from './present';
import { absent, conflict, forbidden, noSuchUser } from './refusal';

const MAX_NOTES = 100;

export function presentNote(row: NoteRow) {
  return { noteId: String(row.id), text: row.text, by: row.by_name, createUtc: utc(row.created_at) };
}

export async function addNote({ userId, text }: AdminInputOf<'addNote'>, ctx: ChangeContext) {
  const tenant = ctx.tenant.id;
  const id = await ctx.services.userIds.numberOf(ctx.tx, tenant, userId);
  if (id === undefined || !(await findOperatorsUser(ctx.tx, tenant, id))) throw noSuchUser();
  if ((await notesOf(ctx.tx, id)).length >= MAX_NOTES)
    throw conflict(`the user has ${MAX_NOTES} notes; delete one first`);
  const noteId = String(await add(ctx.tx, { tenant, userId: id, text, by: ctx.operator.name, now: ctx.now }));
  return { audit: { userId, after: { noteId } }, answer: () => ({ noteId }) };
}

export async function removeNote({ noteId }: AdminInputOf<'removeNote'>, ctx: ChangeContext) {
  const { operator, services, tenant, tx } = ctx;
  const note = await findNote(tx, tenant.id, Number(noteId));
  if (!note) throw absent('there is no such note');
  if (note.by_name !== operator.name && operator.scope !== 'manage') {
    throw forbidden('only its author, or the scope manage, deletes a note');
  }
  await remove(tx, note.id);
  return {
    audit: { userId: await services.userIds.of(tx, tenant.id, note.user_id), before: { noteId, by: note.by_name } },
    answer: () => undefined,
  };
}

export async function reasons(_input: AdminInputOf<'reasons'>, ctx: ReadContext) {
  return { reasons: await listReasons(ctx.db, ctx.tenant.id) };
}

export async function setReasons(input: AdminInputOf<'setReasons'>, ctx: ChangeContext) {
  const texts = input.reasons ?? [];
  await replaceReasons(ctx.tx, ctx.tenant.id, texts);
  return { audit: { after: { count: texts.length } }, answer: () => ({ reasons: [...texts] }) };
}
