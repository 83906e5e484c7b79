/** A webhook receiver: verifies every delivery, writes it into the history, and fails, hangs or answers late when told to. */
import { verifyWebhook } from '../../client/src/webhooks';
import { type Failure, FailureSwitches, startFakeServer } from '../../testkit/fake-http';
import type { Delivery, Fields } from '../history';
import type { Recorder } from '../recorder';

export interface Receiver {
  readonly url: string;
  /** What the deliveries of a tenant are signed with. */
  setSecret(tenant: string, secret: string): void;
  fail(failure: Failure<number>): void;
  clear(): void;
  stop(): Promise<void>;
}

interface Event {
  id: string;
  type: string;
  tenant: string;
  data: Fields;
}

function isEvent(value: unknown): value is Event {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'id') === 'string';
}

/** `distort` stands in for a service that loses or makes up events: the planted faults. */
export async function startReceiver(
  recorder: Recorder,
  distort: (delivery: Delivery) => readonly Delivery[],
): Promise<Receiver> {
  const switches = new FailureSwitches<number>();
  const secrets = new Map<string, string>();
  const server = await startFakeServer<number>(({ headers, body }) => {
    const failure = switches.take('');
    // What is answered with an error was not taken, and comes again.
    const refused = failure?.httpStatus !== undefined;
    const event: unknown = JSON.parse(body.toString());
    if (!refused && isEvent(event)) {
      let verified = true;
      try {
        verifyWebhook(secrets.get(event.tenant) ?? '', headers, body);
      } catch {
        verified = false;
      }
      const { id, type, tenant, data } = event;
      recorder.deliveries.push(...distort({ at: recorder.now(), id, type, tenant, data, verified }));
    }
    return { json: {}, failure };
  });
  return {
    url: `${server.url}/events`,
    setSecret: (tenant, secret) => void secrets.set(tenant, secret),
    fail: (failure) => switches.add(failure),
    clear: () => switches.clear(),
    stop: server.stop,
  };
}
