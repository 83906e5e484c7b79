/** The contract of /base/v1/reports: viewers report rooms and users. The names are those that RTCube's apps send. */
import { type Endpoint, ROOM_ID } from './endpoint';
import { required, text } from './fields';
import { LIMITS } from './limits';

export const reportsContract = {
  reportRoom: {
    path: 'reports/report_room',
    summary: { en: 'Report a room or one of its users', zh: '举报房间或其中的用户' },
    notes: {
      en: 'One report per user and broadcast; a repeat changes nothing and succeeds. Operators see it immediately.',
      zh: '每人每场直播一次，重复举报返回成功且不产生新记录。运营人员立即可见。',
    },
    session: 'own-statement',
    costs: { rows: { reports: [1, 'reports'] }, events: { 'report.created': [1, 'reports'] } },
    fields: {
      targetRoomId: required({ ...ROOM_ID, docs: { ...ROOM_ID.docs, en: 'The room.', zh: '被举报的房间。' } }),
      targetUserId: text(
        { max: 32, numbers: true, pattern: /^[A-Za-z0-9_-]+$/, patternText: 'must be a user id' },
        {
          en: 'Who is complained of; absent = the room as a whole.',
          zh: '被举报的用户；不传表示整个房间。',
          example: '1',
        },
      ),
      reason: required(
        text(
          { max: LIMITS.reportReason, numbers: true },
          { en: 'Kind of complaint.', zh: '举报类型。', example: 'fraud' },
        ),
      ),
      description: text(
        { max: LIMITS.reportDescription, multiline: true },
        { en: 'Details in free text.', zh: '补充说明。', example: 'asks for money' },
      ),
    },
    okMessage: '',
    invalid: 'SystemVerifyError',
    errors: ['RoomNotExists', 'UserNotExists', 'UserQueryLimit'],
  },
  appeal: {
    path: 'reports/appeal',
    summary: { en: 'Appeal against a sanction', zh: '申诉' },
    notes: {
      en: 'By the sanctioned person, also while banned. One open appeal per sanction: a second call succeeds and changes nothing. The person reads the verdict with the sanction.',
      zh: '由被处罚的用户提交，封禁期间也可以。每个处罚同时只有一个待处理的申诉，重复提交返回成功且不产生新记录。处理结果随处罚提示告知。',
    },
    session: 'optional',
    costs: { rows: { appeals: [1, 'once'] }, unknown: 8 },
    fields: {
      sanctionId: required(
        text(
          { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be a sanction id' },
          { en: 'The sanction.', zh: '处罚 ID。', example: '7' },
        ),
      ),
      text: required(
        text({ max: 512, multiline: true }, { en: 'In your own words.', zh: '申诉内容。', example: 'it was not me' }),
      ),
    },
    okMessage: '',
    invalid: 'SystemVerifyError',
    errors: ['UserTokenExpired', 'UserTokenInvalid'],
  },
} as const satisfies Record<string, Endpoint>;
