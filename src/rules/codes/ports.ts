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

export interface CodeSender {
  /** Whether a code could be sent at all, without trying. */
  ready(kind: CodeMessage['kind'], address: string): boolean;
  /** Throws DeliveryError. */
  send(message: CodeMessage, budgetMs: number): Promise<void>;
  /** Tells a mail address that it (or a phone number) is no longer the account's. null where nobody could be told. */
  tellOldAddress: ((email: string, budgetMs: number) => Promise<void>) | null;
}

export interface CodeServices {
  sender: CodeSender;
  captcha: CaptchaClient;
  /** In demo mode, which has nobody's real numbers, the newest codes for the console; else nothing, ever. */
  recent(): readonly string[];
}
