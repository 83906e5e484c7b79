/** Tencent SMS (https://cloud.tencent.com/document/product/382/55981): one message to one number. */
import { type CloudAccess, CloudError, cloudCall, withinBudget } from './cloud-error';

export interface SmsParts {
  access: CloudAccess;
  /** '' = not set. */
  appId: string;
  sign: string;
  /** Template for mainland China, and for the rest of the world. '' = nothing is sent there. */
  template: string;
  templateAbroad: string;
  /** The variables of the template, in order. */
  params: readonly string[];
}

export interface SmsClient {
  ready(phone: string): boolean;
  /** `phone` in E.164. Throws CloudError with the vendor's code, whether the request or the message was refused. */
  send(phone: string, values: { code: string; minutes: number }, budgetMs: number): Promise<void>;
}

export function createSmsClient({ access, appId, sign, template, templateAbroad, params }: SmsParts): SmsClient {
  const isMainland = (phone: string) => phone.startsWith('+86');
  const templateOf = (phone: string) => (isMainland(phone) ? template : templateAbroad);

  return {
    // Mainland messages need a signature; elsewhere the vendor puts none in front.
    ready: (phone) => appId !== '' && templateOf(phone) !== '' && (sign !== '' || !isMainland(phone)),
    async send(phone, { code, minutes }, budgetMs) {
      const { sendSms } = await import('./codes-client');
      const request = {
        PhoneNumberSet: [phone],
        SmsSdkAppId: appId,
        TemplateId: templateOf(phone),
        ...(isMainland(phone) && { SignName: sign }),
        TemplateParamSet: params.map((name) => (name === 'minutes' ? String(minutes) : code)),
      };
      const status = await withinBudget(sendSms(cloudCall(access, budgetMs), request), budgetMs);
      if (status !== 'Ok') throw new CloudError(status ?? 'NoStatus');
    },
  };
}
