import { choice, endpoint, integer, text } from '../setting';

export const review = {
  title: { en: 'Review of texts and pictures', zh: '文本与图片审核' },
  settings: {
    reviewVendor: choice('REVIEW_VENDOR', 'none', {
      of: ['none', 'tms'],
      en: 'Who is asked about texts: none, or tms (Tencent TextModeration; needs TRTC_SECRET_ID with QcloudTMSFullAccess). Each tenant may choose otherwise in admin/change_review_settings.',
      zh: '文本审核服务：none 不使用，tms 腾讯云文本内容安全（需要 TRTC_SECRET_ID，授权 QcloudTMSFullAccess）。租户可在 admin/change_review_settings 中另行选择。',
    }),
    reviewOnFault: choice('REVIEW_ON_FAULT', 'pass', {
      of: ['pass', 'refuse'],
      en: 'What becomes of a message that cannot be reviewed, for tenants that have not chosen (onFault in admin/change_review_settings) and for a process that starts while the database is down and so does not know their choice.',
      zh: '消息无法审核时放行（pass）还是拒绝（refuse）：用于未在 admin/change_review_settings 中选择 onFault 的租户，以及数据库不可用时启动、尚不知道租户选择的进程。',
    }),
    reviewPerSecond: integer('REVIEW_PER_SECOND', 200, {
      en: 'Texts per second and tenant that the vendor is asked about by one process. The vendor takes 1,000 per second for the whole account.',
      zh: '每个进程每秒为每个租户送审的文本数。服务商按整个账号每秒 1,000 次限制。',
      min: 1,
      max: 1_000,
    }),
    tmsEndpoint: endpoint('TMS_ENDPOINT', 'https://tms.tencentcloudapi.com', { en: 'The TMS API.', zh: 'TMS API。' }),
    tmsRegion: text('TMS_REGION', 'ap-guangzhou', {
      en: 'Region of the TMS and IMS APIs.',
      zh: 'TMS 与 IMS 的地域。',
      pattern: /^[a-z]{2,4}-[a-z0-9-]{2,30}$/,
      rule: 'must be a region such as ap-guangzhou',
    }),
    tmsBizType: text('TMS_BIZ_TYPE', '', {
      en: 'Policy made in the console of TMS; empty: the default policy.',
      zh: 'TMS 控制台中的策略 BizType；为空使用默认策略。',
      pattern: /^[A-Za-z0-9_-]{0,64}$/,
      rule: 'must be letters, digits, _ or -',
    }),
    imsEndpoint: endpoint('IMS_ENDPOINT', 'https://ims.tencentcloudapi.com', {
      en: 'The IMS API, for covers and avatars of tenants with vendorPictures (needs QcloudIMSFullAccess).',
      zh: 'IMS API，用于审核开启 vendorPictures 的租户的封面与头像（需授权 QcloudIMSFullAccess）。',
    }),
    imsBizType: text('IMS_BIZ_TYPE', '', {
      en: 'Policy made in the console of IMS; empty: the default policy.',
      zh: 'IMS 控制台中的策略 BizType；为空使用默认策略。',
      pattern: /^[A-Za-z0-9_-]{0,64}$/,
      rule: 'must be letters, digits, _ or -',
    }),
  },
};
