/** Sends codes by Tencent SMS, and by SMTP or Tencent SES, and says what their refusals mean to us. */
import { MailError, type SmtpMailer } from '../../vendors/mail/smtp';
import { CloudError } from '../../vendors/tencent/cloud-error';
import type { SesClient } from '../../vendors/tencent/ses';
import type { SmsClient } from '../../vendors/tencent/sms';
import { type CodeMessage, type CodeSender, DeliveryError, type News } from './ports';

export interface Vendors {
  sms: SmsClient;
  ses: SesClient;
  smtp: SmtpMailer;
  subject: string;
}

// Sources: https://cloud.tencent.com/document/product/382/55981 and 1288/51034: codes about the receiver, and about how
// often. All others are the operator's: balance, templates, signatures, permissions, the vendor's own faults.
const REFUSED =
  /PhoneNumberInBlacklist|IncorrectPhoneNumber|UnsuportedRegion|UnsupportedRegion|ContainDomesticAndInternational|IncorrectEmail|EmailAddrInBlacklist|ReceiverHasUnsubscribed|IllegalEmailAddress/;
const LIMITED = /^LimitExceeded\.(PhoneNumber|DeliveryFrequencyLimit)|\.?FrequencyLimit$/;

function toDeliveryError(error: unknown): unknown {
  if (error instanceof MailError) return new DeliveryError(error.refused ? 'refused' : 'failed', error.code);
  if (!(error instanceof CloudError)) return error;
  const reason = REFUSED.test(error.code) ? 'refused' : LIMITED.test(error.code) ? 'limited' : 'failed';
  return new DeliveryError(reason, error.code);
}

function codeText({ digits, minutes }: CodeMessage): string {
  return `Your verification code is ${digits}. It expires in ${minutes} minutes and works once. If you did not request it, ignore this mail.\n\n您的验证码是 ${digits}，${minutes} 分钟内有效，只能使用一次。如果不是您本人操作，请忽略本邮件。\n`;
}

const NEWS: Readonly<Record<News, string>> = {
  bound:
    'The phone number or mail address of your account has been changed. If it was not you, sign in and change it back.\n\n您账号绑定的手机号或邮箱已更改。如果不是您本人操作，请登录后重新绑定。\n',
  signed_in:
    'The phone number or mail address that was recently bound to your account has been used to sign in. If it was not you, sign in and bind your own.\n\n您账号最近绑定的手机号或邮箱已用于登录。如果不是您本人操作，请登录后重新绑定。\n',
};

export function createVendorSender({ sms, ses, smtp, subject }: Vendors): CodeSender {
  async function send(message: CodeMessage, budgetMs: number): Promise<void> {
    const values = { code: message.digits, minutes: message.minutes };
    if (message.kind === 'phone') return sms.send(message.address, values, budgetMs);
    if (smtp.ready()) return smtp.send({ to: message.address, subject, text: codeText(message) }, budgetMs);
    return ses.send(message.address, values, budgetMs);
  }

  return {
    ready: (kind, address) => (kind === 'phone' ? sms.ready(address) : smtp.ready() || ses.ready()),
    send: (message, budgetMs) =>
      send(message, budgetMs).catch((error: unknown) => Promise.reject(toDeliveryError(error))),
    // SMS and SES take approved templates only, and ours are those of a code.
    notify: smtp.ready()
      ? (email, news, budgetMs) =>
          smtp
            .send({ to: email, subject: 'Your account 您的账号', text: NEWS[news] }, budgetMs)
            .catch((error: unknown) => Promise.reject(toDeliveryError(error)))
      : null,
  };
}
