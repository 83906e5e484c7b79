/** Operators: appeals of sanctioned people. */
import { required, text } from '../fields';
import { LIFT } from './costs';
import { type AdminEndpoint, PENDING, pageOf, v } from './endpoint';
import { oneOf, PAGE, REASON, USER_ID } from './fields';

export const APPEAL_VERDICTS = ['upheld', 'lifted'] as const;

export const APPEAL = v.strictObject({
  appealId: v.string(),
  sanctionId: v.string(),
  userId: v.string(),
  name: v.string(),
  text: v.string(),
  createUtc: v.string(),
  state: v.picklist(['open', 'done']),
  verdict: v.picklist([...APPEAL_VERDICTS, '']),
  reason: v.string(),
  resolvedBy: v.string(),
});
export type AppealData = v.InferOutput<typeof APPEAL>;

const APPEAL_EXAMPLE: AppealData = {
  appealId: '1',
  sanctionId: '7',
  userId: '2',
  name: 'Bob',
  text: 'it was my brother',
  createUtc: '2026-11-23 12:00:00',
  state: 'open',
  verdict: '',
  reason: '',
  resolvedBy: '',
};

export const adminAppeals = {
  appeals: {
    path: 'admin/appeals',
    summary: { en: 'Appeals', zh: '申诉列表' },
    notes: { en: 'Newest first.', zh: '按时间降序。' },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      state: oneOf(['open', 'done'], { en: 'open by default.', zh: '状态，默认 open。', example: 'open' }),
      userId: USER_ID,
    },
    data: pageOf(APPEAL),
    exampleData: { items: [APPEAL_EXAMPLE], cursor: '' },
    errors: [],
  },
  resolveAppeal: {
    path: 'admin/resolve_appeal',
    summary: { en: 'Decide about an appeal', zh: '处理申诉' },
    notes: {
      en: 'lifted also lifts the sanction. After upheld the person reads the reason with the sanction.',
      zh: 'lifted 同时解除处罚。upheld 后，用户在看到处罚提示时会看到原因。',
    },
    scope: 'moderate',
    changes: true,
    costs: { ...LIFT, rows: { ...LIFT.rows, audit: [2, 'keyCalls'] } },
    fields: {
      appealId: required(
        text(
          { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be an id' },
          { en: 'The appeal.', zh: '申诉 ID。', example: '1' },
        ),
      ),
      verdict: required(oneOf(APPEAL_VERDICTS, { en: 'upheld or lifted.', zh: '维持或解除。', example: 'upheld' })),
      reason: REASON,
    },
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
