/** For servers that receive live-room's webhooks: is this delivery really from it, and what does it say? */
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { WebhookEvents } from './webhook-contract';

export type { WebhookEvents } from './webhook-contract';
export { WebhookVerificationError };
export type WebhookEventType = keyof WebhookEvents;

interface EventOf<T extends WebhookEventType> {
  /** The same for every delivery of the same event: whoever has seen it before has nothing to do. */
  readonly id: string;
  readonly type: T;
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdUtc: string;
  /** apaasAppId; '' is the default tenant. */
  readonly tenant: string;
  /** What happened. Events of a room have roomId, broadcastNo and sequence, which counts the room's events. */
  readonly data: Readonly<WebhookEvents[T]>;
}

/**
 * One of the events; `type` says which, and with it what `data` has. A service that is newer than this package may send
 * types that are not among them: let those pass.
 */
export type WebhookEvent = { [T in WebhookEventType]: EventOf<T> }[WebhookEventType];

/** Headers as Node.js has them (lower case), or anything with `get`. */
export type WebhookHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

function headerOf(headers: WebhookHeaders, name: string): string {
  const get: unknown = Reflect.get(headers, 'get');
  if (typeof get === 'function') return String(get.call(headers, name) ?? '');
  const value: unknown = Reflect.get(headers, name);
  return Array.isArray(value) ? String(value[0] ?? '') : String(value ?? '');
}

/**
 * The event of a delivery. Throws WebhookVerificationError where the signature is not of `secret` (`whsec_…`), the body was
 * touched, or the delivery is older than five minutes. `body` are the bytes as they came, or their text: parsing and writing
 * JSON again changes them.
 */
export function verifyWebhook(secret: string, headers: WebhookHeaders, body: string | Uint8Array): WebhookEvent {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const signed = Object.fromEntries(names.map((name) => [name, headerOf(headers, name)]));
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const event: unknown = new Webhook(secret).verify(text, signed);
  if (typeof event !== 'object' || event === null || typeof Reflect.get(event, 'type') !== 'string') {
    throw new WebhookVerificationError('the delivery is signed, but no event of live-room');
  }
  // Signed by the service, which writes these shapes.
  return event as WebhookEvent;
}
