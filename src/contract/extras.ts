/** Further calls of some apps: profiles in bulk, disabled modules, upload credentials for covers. */
import { CUSTOM_DATA } from './custom';
import { type Endpoint, v } from './endpoint';
import { required, text } from './fields';
import { MAX_USERS_AT_ONCE } from './limits';

const NOTHING = v.strictObject({});

export const extrasContract = {
  getUserInfoBatch: {
    path: 'auth_users/getUserInfoBatch',
    summary: { en: 'Read several profiles', zh: '批量获取用户信息' },
    notes: {
      en: 'In the order of the ids; who does not exist is left out. Each counts as one search.',
      zh: '按传入的顺序返回；不存在的用户会被忽略。每个用户计一次查询。',
    },
    session: 'recent',
    tokenAlone: true,
    costs: { answers: ['searches'] },
    fields: {
      userId: required(
        text(
          {
            max: MAX_USERS_AT_ONCE * 33,
            numbers: true,
            pattern: /^[A-Za-z0-9_|-]+$/,
            patternText: 'must be user ids with | between them',
          },
          {
            en: `Up to ${MAX_USERS_AT_ONCE} userIds with | between them. The token identifies the caller.`,
            zh: `以 | 分隔的 userId，最多 ${MAX_USERS_AT_ONCE} 个。调用者由 token 确定。`,
            example: '1|2',
          },
        ),
      ),
    },
    data: v.array(
      v.strictObject({
        userId: v.string(),
        apaasUserId: v.string(),
        name: v.string(),
        avatar: v.string(),
        custom: v.optional(CUSTOM_DATA),
      }),
    ),
    exampleData: [{ userId: '2', apaasUserId: '2', name: 'Bob', avatar: 'https://example.com/b.png' }],
    okMessage: 'query done',
    invalid: 'UserQueryParams',
    errors: ['UserQueryLimit'],
  },
  moduleBlacklist: {
    path: 'auth_users/module_blacklist',
    summary: { en: 'Which parts of the app are switched off', zh: '功能黑名单' },
    notes: { en: 'Nothing is switched off here.', zh: '没有关闭任何功能。' },
    session: 'none',
    costs: { unknown: 0 },
    fields: {},
    withoutDatabase: true,
    data: v.strictObject({ module: NOTHING, feature: NOTHING }),
    exampleData: { module: {}, feature: {} },
    okMessage: 'query done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  cosConfig: {
    path: 'cos/config',
    summary: { en: 'Where to upload one picture', zh: '获取图片上传凭证' },
    notes: {
      en: 'A credential, valid for minutes, for one picture named filename.jpg. A repeat for the same category gives the same one until half of its lifetime is over. Needs COS_BUCKET.',
      zh: '上传一张图片的临时凭证，文件名为 filename 加 .jpg，有效期几分钟。有效期过半之前，相同 category 返回同一凭证。需要设置 COS_BUCKET。',
    },
    session: 'required',
    costs: { rows: { code_limits: [1, 'once'] }, calls: { sts: [1, 'uploads'] } },
    fields: {
      category: text(
        { max: 32, pattern: /^[a-z0-9]+$/, patternText: 'must be a word' },
        { en: 'Kind of picture.', zh: '图片类型。', example: 'avatar' },
      ),
    },
    data: v.strictObject({
      bucket: v.string(),
      region: v.string(),
      filename: v.string(),
      preview: v.string(),
      credential: v.strictObject({
        startTime: v.pipe(v.number(), v.integer()),
        expiredTime: v.pipe(v.number(), v.integer()),
        credentials: v.strictObject({ sessionToken: v.string(), tmpSecretId: v.string(), tmpSecretKey: v.string() }),
      }),
    }),
    exampleData: {
      bucket: 'covers-1250000000',
      region: 'ap-guangzhou',
      filename: 'live-room/1/0f8c5b1e',
      preview: 'https://covers-1250000000.cos.ap-guangzhou.myqcloud.com/live-room/1/0f8c5b1e.jpg',
      credential: {
        startTime: 1795608000,
        expiredTime: 1795608900,
        credentials: { sessionToken: '...', tmpSecretId: '...', tmpSecretKey: '...' },
      },
    },
    okMessage: 'query done',
    invalid: 'SystemVerifyError',
    errors: ['ServiceUnavailable', 'ServiceUnknownError', 'UserQueryLimit'],
  },
} as const satisfies Record<string, Endpoint>;
