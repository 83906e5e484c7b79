/** What sign-in by code wants of the outside world: compose-codes.ts gives it vendors, or the standard error. */
import type { CaptchaClient } from '../../vendors/tencent/captcha';

export interface CodeMessage {
  kind: 'phone' | 'email';
  address: string;
  digits: string;
  minutes: number;
}

/** Why a message did not go out. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /**
   * refused: this address gets nothing. limited: not now. failed: the operator has to do something, or wait; `code` says
   * what (the vendor's code, or ours: NotConfigured, Timeout, Unreachable).
   */
  readonly reason: 'refused' | 'limited' | 'failed';
  readonly code: string;

  constructor(reason: DeliveryError['reason'], code: string) {
    super(`message not sent: ${code}`);
    this.reason = reason;
    this.code = code;
  }
}

/** bound: another address belongs to the account. signed_in: an address bound a few days ago was used to sign in. */
export type News = 'bound' | 'signed_in';

export interface CodeSender {
  /** Whether a code could be sent at all, without trying. */
  ready(kind: CodeMessage['kind'], address: string): boolean;
  /** Throws DeliveryError. */
  send(message: CodeMessage, budgetMs: number): Promise<void>;
  /** Notifies the mail address of an account. Throws DeliveryError. null if no mail can be sent. */
  notify: ((email: string, news: News, budgetMs: number) => Promise<void>) | null;
}

export interface CodeServices {
  sender: CodeSender;
  captcha: CaptchaClient;
  /** The newest codes for the console, in demo mode only, which has no real numbers; otherwise always empty. */
  recent(): readonly string[];
}
