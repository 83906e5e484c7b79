/** Tencent SES (https://cloud.tencent.com/document/product/1288/51034): one mail by an approved template. */
import { type CloudAccess, cloudCall, withinBudget } from './cloud-error';

export interface SesParts {
  access: CloudAccess;
  from: string;
  subject: string;
  /** null = not set. */
  template: number | null;
}

export interface SesClient {
  ready(): boolean;
  /** Throws CloudError with the vendor's code. */
  send(email: string, values: { code: string; minutes: number }, budgetMs: number): Promise<void>;
}

/** A transactional mail, not a campaign. */
const TRIGGERED = 1;

export function createSesClient({ access, from, subject, template }: SesParts): SesClient {
  return {
    ready: () => template !== null && from !== '',
    async send(email, { code, minutes }, budgetMs) {
      const { sendMail } = await import('./codes-client');
      const request = {
        FromEmailAddress: from,
        Subject: subject,
        Destination: [email],
        Template: { TemplateID: template ?? 0, TemplateData: JSON.stringify({ code, minutes: String(minutes) }) },
        TriggerType: TRIGGERED,
      };
      await withinBudget(sendMail(cloudCall(access, budgetMs), request), budgetMs);
    },
  };
}
