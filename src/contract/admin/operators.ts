/** Operators' API: operators, their keys, and the audit log. */
import { integer, required, text } from '../fields';
import { type AdminEndpoint, countedPageOf, pageOf, SCOPES, v } from './endpoint';
import { COUNT, FROM_UTC, oneOf, PAGE, ROOM_ID, TO_UTC, USER_ID } from './fields';
import { AUDIT_ENTRY, AUDIT_EXAMPLE } from './items';

export const ALL_TENANTS = '*';

const NAME = text(
  {
    max: 64,
    min: 2,
    pattern: /^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u,
    patternText: 'must be letters, digits, space or . _ @ -',
  },
  { en: 'Name of the operator, as the audit shows it.', zh: '运营账号名称，显示在操作日志中。', example: 'alice' },
);

const VALID_DAYS = integer(
  { min: 1, max: 3_650 },
  { en: 'Days until the key expires; absent = it does not.', zh: '密钥有效天数；不传表示长期有效。', example: 90 },
);

const KEY = v.strictObject({ name: v.string(), key: v.string() });
const KEY_EXAMPLE = { name: 'alice', key: 'lrk_…' };

export const adminOperators = {
  operators: {
    path: 'admin/operators',
    summary: { en: 'Operators', zh: '运营账号列表' },
    notes: {
      en: 'In order of their names. The one of ADMIN_KEY is not among them. lastUsedUtc is accurate to a few minutes.',
      zh: '按名称排序，不包含 ADMIN_KEY。lastUsedUtc 精确到几分钟。',
    },
    scope: 'manage',
    changes: false,
    fields: PAGE,
    data: pageOf(
      v.strictObject({
        name: v.string(),
        scope: v.picklist(SCOPES),
        tenant: v.string(),
        createUtc: v.string(),
        lastUsedUtc: v.string(),
        expireUtc: v.string(),
        expired: v.boolean(),
      }),
    ),
    exampleData: {
      items: [
        {
          name: 'alice',
          scope: 'moderate',
          tenant: '*',
          createUtc: '2026-11-23 12:00:00',
          lastUsedUtc: '',
          expireUtc: '',
          expired: false,
        },
      ],
      cursor: '',
    },
    errors: [],
  },
  addOperator: {
    path: 'admin/add_operator',
    summary: { en: 'Add an operator', zh: '添加运营账号' },
    notes: {
      en: 'The key is in this answer and nowhere else. Only an operator of all tenants may add another one of all tenants.',
      zh: '密钥只在本次返回中出现。只有可管理全部租户的运营账号才能添加同类账号。',
    },
    scope: 'manage',
    changes: true,
    costs: { rows: { operators: [1, 'keyCalls'] } },
    fields: {
      name: required(NAME),
      scope: required(oneOf(SCOPES, { en: 'Permissions of the key.', zh: '权限。', example: 'moderate' })),
      tenant: text(
        { max: 20 },
        {
          en: 'Whose rooms and users they may see; * = all tenants; absent = the default one.',
          zh: '可管理的租户；* 表示全部；不传表示默认租户。',
          example: '*',
        },
      ),
      validDays: VALID_DAYS,
    },
    data: KEY,
    exampleData: KEY_EXAMPLE,
    errors: [],
  },
  rotateOperator: {
    path: 'admin/rotate_operator',
    summary: { en: 'A new key for an operator', zh: '更换密钥' },
    notes: {
      en: 'The old key is revoked immediately. Without validDays the new one does not expire.',
      zh: '旧密钥立即失效。不传 validDays 时新密钥长期有效。',
    },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: { name: required(NAME), validDays: VALID_DAYS },
    data: KEY,
    exampleData: KEY_EXAMPLE,
    errors: [],
  },
  removeOperator: {
    path: 'admin/remove_operator',
    summary: { en: 'Remove an operator', zh: '删除运营账号' },
    notes: {
      en: 'The key is revoked immediately; the audit log keeps the name.',
      zh: '密钥立即失效；操作日志中保留其名称。',
    },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: { name: required(NAME) },
    errors: [],
  },
  audit: {
    path: 'admin/audit',
    summary: { en: 'List audit log entries', zh: '操作日志' },
    notes: {
      en: 'Newest first. With format the answer is no envelope but a file with all of it: CSV, or one JSON object a line.',
      zh: '按时间降序。指定 format 时返回全部记录的文件：CSV，或每行一个 JSON 对象。',
    },
    scope: 'manage',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      roomId: ROOM_ID,
      userId: USER_ID,
      operator: text({ max: 64 }, { en: 'Only this operator.', zh: '只查询该运营账号。', example: 'alice' }),
      action: text({ max: 32 }, { en: 'Only this call.', zh: '只查询该操作。', example: 'ban_user' }),
      fromUtc: FROM_UTC,
      toUtc: TO_UTC,
      format: oneOf(['json', 'csv'], { en: 'A file instead of a page.', zh: '导出为文件。' }),
    },
    data: countedPageOf(AUDIT_ENTRY),
    exampleData: { items: [AUDIT_EXAMPLE], cursor: '' },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
