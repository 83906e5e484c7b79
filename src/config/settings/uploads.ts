import { endpoint, integer, text } from '../setting';

const needs = 'COS_BUCKET';

export const uploads = {
  title: {
    en: 'Uploads of covers (cos/config); off without a bucket',
    zh: '封面上传（cos/config）；未设置存储桶则关闭',
  },
  settings: {
    cosBucket: text('COS_BUCKET', '', {
      en: 'Public-read COS bucket, with its APPID: covers-1250000000. Needs TRTC_SECRET_ID: STS gives no credentials to a role.',
      zh: '公有读的 COS 存储桶，含 APPID：covers-1250000000。需要 TRTC_SECRET_ID：STS 不向角色签发凭证。',
      pattern: /^[a-z0-9][a-z0-9-]{0,48}-\d{8,12}$/,
      rule: 'must be the name of a bucket with its APPID',
    }),
    cosRegion: text('COS_REGION', 'ap-guangzhou', {
      en: 'Its region.',
      zh: '存储桶的地域。',
      pattern: /^[a-z]{2,4}-[a-z0-9-]{2,30}$/,
      rule: 'must be a region such as ap-guangzhou',
      needs,
    }),
    cosPrefix: text('COS_PREFIX', 'live-room/', {
      en: 'Prefix of all upload names.',
      zh: '所有上传文件名的前缀。',
      pattern: /^[A-Za-z0-9_-]{1,30}\/$/,
      rule: 'must be one folder with / behind it',
      needs,
    }),
    cosMaxBytes: integer('COS_MAX_BYTES', 5_242_880, {
      en: 'The largest picture, in bytes.',
      zh: '图片的最大字节数。',
      min: 1024,
      max: 104_857_600,
      needs,
    }),
    cosSeconds: integer('COS_CREDENTIAL_SECONDS', 900, {
      en: 'Lifetime of an upload credential in seconds.',
      zh: '凭证的有效期（秒）。',
      min: 60,
      max: 7200,
      needs,
    }),
    uploadsPerDay: integer('UPLOADS_PER_DAY', 50, {
      en: 'Upload credentials per account and day, each for one picture; 0 = no limit. The same kind of picture gets the same credential until half of its lifetime is over.',
      zh: '每个账号每天的上传凭证数，每个凭证可上传一张图片；0 表示不限。有效期过半之前，同类图片返回同一凭证。',
      min: 0,
      max: 1_000_000,
      needs,
    }),
    cosEndpoint: text('COS_ENDPOINT', '', {
      en: 'Address of the bucket; empty: https://{COS_BUCKET}.cos.{COS_REGION}.myqcloud.com. Pictures of deleted users are removed there.',
      zh: '存储桶地址；为空使用 https://{COS_BUCKET}.cos.{COS_REGION}.myqcloud.com。账号注销后在此删除其图片。',
      pattern: /^https?:\/\/[A-Za-z0-9.:[\]-]+$/,
      rule: 'must be an http or https origin',
      needs,
    }),
    stsEndpoint: endpoint('STS_ENDPOINT', 'https://sts.tencentcloudapi.com', {
      en: 'The STS API.',
      zh: 'STS API。',
      needs,
    }),
  },
};
