/** Reports of viewers and the decisions on them. */
import type { AdminInputOf } from '../../contract/admin';
import type { Pending } from '../../contract/admin/endpoint';
import type { ReportAction } from '../../contract/admin/reports';
import { findOperatorsRoom } from '../../data/operators/room-lists-for-operators';
import {
  countReports,
  findReport,
  listReports,
  type ReportRow,
  resolveReport as resolve,
} from '../../data/reports/reports';
import { type ChangeContext, cutoffsOf, type Outcome, type ReadContext, wantedUser } from './change-context';
import { type Names, namesFor } from './list-names';
import { pageResult, readPage, totalOf } from './pages';
import { presentReport } from './present';
import { absent, conflict } from './refusal';

export async function reports(input: AdminInputOf<'reports'>, ctx: ReadContext) {
  const { state, roomId, userId, count } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number]>(ctx, { of: ['reports', state, roomId, userId], ...input });
  const room = roomId === undefined ? undefined : await findOperatorsRoom(ctx.db, { tenant, roomId }, cutoffsOf(ctx));
  const filter = {
    tenant,
    done: state === undefined ? undefined : state === 'done',
    roomPk: roomId === undefined ? undefined : (room?.id ?? -1),
    targetUser: await wantedUser(ctx, userId, -1),
  };
  const rows = await listReports(ctx.db, filter, { before: page.after?.[0], limit: page.limit + 1 });
  const names = await namesOfReports(ctx, rows);
  return {
    ...pageResult(page, rows, {
      present: (row: ReportRow) => presentReport(row, names),
      place: (row): [number] => [row.id],
    }),
    ...(await totalOf(count, (most) => countReports(ctx.db, filter, most))),
  };
}

function namesOfReports(ctx: ReadContext, rows: readonly ReportRow[]): Promise<Names> {
  return namesFor(ctx, {
    users: rows.flatMap((row) => [row.by_user, row.target_user]),
    rooms: rows.map((row) => row.room_id),
  });
}

type Done = { pending: Pending; sanctionId?: string | undefined; endedRooms?: string[] | undefined };

/** The action's own rule, with its row of the audit, in this transaction. */
function act(ctx: ChangeContext, action: ReportAction): Promise<Outcome<Done>> {
  switch (action.name) {
    case 'end_room':
      return ctx.perform('endRoom', action.input);
    case 'warn_room':
      return ctx.perform('warnRoom', action.input);
    case 'kick_user':
      return ctx.perform('kickUser', action.input);
    case 'mute_user':
      return ctx.perform('muteUser', action.input);
    case 'ban_user':
      return ctx.perform('banUser', action.input);
  }
}

export async function resolveReport(input: AdminInputOf<'resolveReport'>, ctx: ChangeContext) {
  const { reportId, verdict, reason, action } = input;
  const tenant = ctx.tenant.id;
  const id = Number(reportId);
  const found = await findReport(ctx.tx, tenant, id);
  if (!found) throw absent('there is no such report');
  const done = action && (await act(ctx, action));
  const resolved = await resolve(ctx.tx, id, { verdict, by: ctx.operator.name, now: ctx.now });
  if (!resolved) throw conflict('this report is closed already');
  const userId = await ctx.services.userIds.of(ctx.tx, tenant, found.target_user);
  const after = { reportId, verdict, ...(action && { action: action.name }) };
  return {
    audit: { roomId: found.room_id ?? '', userId, reason, after },
    work: done?.work ?? [],
    answer: (pending: Pending): Done => (done ? done.answer(pending) : { pending }),
  };
}
