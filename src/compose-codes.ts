/** Creates the services of sign-in by code and of uploads. */
import type { Write } from './base/log';
import type { Config } from './config/config';
import { createLogSender } from './rules/codes/log-sender';
import type { CodeServices } from './rules/codes/ports';
import { createVendorSender } from './rules/codes/vendor-sender';
import { createSmtpMailer } from './vendors/mail/smtp';
import { createCaptchaClient } from './vendors/tencent/captcha';
import { createSesClient } from './vendors/tencent/ses';
import { createSmsClient } from './vendors/tencent/sms';
import { createUploads, type Uploads } from './vendors/tencent/uploads';

/** Nothing is loaded or connected before the first code. `write` takes the codes that are not sent. */
export function createCodeServices({ codes, demo, cloudKey: credentials }: Config, write: Write): CodeServices {
  const captcha = createCaptchaClient({
    access: { endpoint: codes.captchaEndpoint, region: '', credentials },
    web: { appId: codes.captchaAppId, secret: codes.captchaSecret },
    mini: { appId: codes.captchaMiniAppId, secret: codes.captchaMiniSecret },
  });
  if (codes.codeDelivery === 'log') {
    const { sender, recent } = createLogSender(write);
    return { captcha, sender, recent: demo ? recent : () => [] };
  }
  const sms = createSmsClient({
    access: { endpoint: codes.smsEndpoint, region: codes.smsRegion, credentials },
    appId: codes.smsAppId,
    sign: codes.smsSign,
    template: codes.smsTemplate,
    templateAbroad: codes.smsTemplateAbroad,
    params: codes.smsParams,
  });
  const ses = createSesClient({
    access: { endpoint: codes.sesEndpoint, region: codes.sesRegion, credentials },
    from: codes.mailFrom,
    subject: codes.mailSubject,
    template: codes.sesTemplate,
  });
  const smtp = createSmtpMailer({ url: codes.mailUrl, from: codes.mailFrom });
  const sender = createVendorSender({ sms, ses, smtp, subject: codes.mailSubject });
  return { captcha, sender, recent: () => [] };
}

export function createUploadServices({ uploads, cloudKey: credentials }: Config): Uploads | null {
  if (uploads.cosBucket === '') return null;
  return createUploads({
    access: { endpoint: uploads.stsEndpoint, region: 'ap-guangzhou', credentials },
    bucket: uploads.cosBucket,
    bucketUrl: uploads.cosEndpoint || `https://${uploads.cosBucket}.cos.${uploads.cosRegion}.myqcloud.com`,
    region: uploads.cosRegion,
    seconds: uploads.cosSeconds,
    maxBytes: uploads.cosMaxBytes,
  });
}
