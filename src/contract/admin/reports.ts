/** Operators' API: reports of viewers and the decisions on them. */
import * as v from 'valibot';
import { type Field, type Fields, type FieldsInput, required, text } from '../fields';
import { END } from './costs';
import { type AdminEndpoint, countedPageOf, shownName } from './endpoint';
import { COUNT, oneOf, PAGE, REASON, ROOM_ID, USER_ID } from './fields';
import { REPORT, REPORT_EXAMPLE, VERDICTS } from './items';
import { END_ROOM_FIELDS, WARN_ROOM_FIELDS } from './rooms';
import { BAN_USER_FIELDS, KICK_USER_FIELDS, MUTE_USER_FIELDS } from './sanctions';

/** The actions that can be taken with a decision, by the names of their calls. */
const ACTIONS = {
  end_room: END_ROOM_FIELDS,
  warn_room: WARN_ROOM_FIELDS,
  kick_user: KICK_USER_FIELDS,
  mute_user: MUTE_USER_FIELDS,
  ban_user: BAN_USER_FIELDS,
} as const satisfies Record<string, Fields>;

type Actions = typeof ACTIONS;
/** One action with its parameters. */
export type ReportAction = { [N in keyof Actions]: { name: N; input: FieldsInput<Actions[N]> } }[keyof Actions];

/** The rule that a value breaks; undefined if it is valid. */
function checkInto(
  output: Record<string, unknown>,
  fields: Fields,
  given: ReadonlyMap<string, unknown>,
): string | undefined {
  const unknown = [...given.keys()].find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return `has ${shownName(unknown)}, which is not a parameter of this call`;
  for (const [name, field] of Object.entries(fields)) {
    const value = given.get(name);
    if (value === undefined || value === null || value === '') {
      if (field.required) return `needs ${name}`;
      continue;
    }
    const result = v.safeParse(field.schema, value, { abortEarly: true, abortPipeEarly: true });
    if (!result.success) return `${name} ${result.issues[0].message}`;
    output[name] = result.output;
  }
  return undefined;
}

function isActionName(name: string | undefined): name is keyof Actions {
  return name !== undefined && Object.hasOwn(ACTIONS, name);
}

const actionSchema = v.pipe(
  v.record(v.string(), v.unknown(), `must be an object with one of ${Object.keys(ACTIONS).join(', ')}`),
  v.rawTransform(({ dataset, addIssue, NEVER }): ReportAction => {
    const [entry, ...more] = Object.entries(dataset.value);
    const [name, given] = entry ?? [];
    if (!isActionName(name) || more.length > 0 || typeof given !== 'object' || given === null || Array.isArray(given)) {
      addIssue({ message: `must be an object with one of ${Object.keys(ACTIONS).join(', ')}` });
      return NEVER;
    }
    const input: Record<string, unknown> = {};
    const broken = checkInto(input, ACTIONS[name], new Map(Object.entries(given)));
    if (broken !== undefined) {
      addIssue({ message: `${name} ${broken}` });
      return NEVER;
    }
    // Checked against the fields of this name.
    return { name, input } as ReportAction;
  }),
);

const ACTION: Field<ReportAction, false> = {
  schema: actionSchema,
  required: false,
  allowEmpty: false,
  docs: {
    type: 'object',
    en: 'Action to take with the decision: the name of the call with its parameters, {"kick_user": {…}}.',
    zh: '同时执行的操作：调用名及其参数，例如 {"kick_user": {…}}。',
  },
};

export const adminReports = {
  reports: {
    path: 'admin/reports',
    summary: { en: 'List reports', zh: '举报列表' },
    notes: { en: 'Newest first. userId is the reported user.', zh: '按时间降序。userId 是被举报的用户。' },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      state: oneOf(['open', 'done'], { en: 'Only those.', zh: '状态。', example: 'open' }),
      roomId: ROOM_ID,
      userId: USER_ID,
    },
    data: countedPageOf(REPORT),
    exampleData: { items: [REPORT_EXAMPLE], cursor: '' },
    errors: [],
  },
  resolveReport: {
    path: 'admin/resolve_report',
    summary: { en: 'Close a report', zh: '处理举报' },
    notes: {
      en: 'With an action, both happen or neither does, and each has its row of the audit. One that is closed already answers 409.',
      zh: '可同时执行一个操作，两者要么都成功要么都不生效，操作日志中各有一条记录。已处理的举报返回 409。',
    },
    scope: 'moderate',
    changes: true,
    costs: { ...END, rows: { ...END.rows, audit: [3, 'keyCalls'], im_said: [1, 'keyCalls'] } },
    fields: {
      reportId: required(
        text(
          { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be a report id' },
          { en: 'The report.', zh: '举报 ID。', example: '3' },
        ),
      ),
      verdict: required(oneOf(VERDICTS, { en: 'Whether it was right.', zh: '结论。', example: 'upheld' })),
      reason: REASON,
      action: ACTION,
    },
    data: v.strictObject({
      pending: v.array(v.picklist(['im', 'trtc'])),
      sanctionId: v.optional(v.string()),
      endedRooms: v.optional(v.array(v.string())),
    }),
    exampleData: { pending: [] },
    errors: ['RoomNotExists', 'UserNotExists'],
  },
} as const satisfies Record<string, AdminEndpoint>;
