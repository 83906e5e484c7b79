/** Delivering inside a running process: at once after something was written, and every second for what is due again. */
import type { Services } from '../context';
import { createDeliverer } from './deliver';

const POLL_MS = 1_000;
/** What was written is committed by then, or found a second later. */
const COMMIT_MS = 10;
/** So long a webhook is sent to as it was read: then it is read again. */
const BUDGET_MS = 30_000;

/** Goes on until the returned function is called. Does not keep the process alive. */
export function startDelivering(services: Services): () => void {
  const deliverer = createDeliverer(services);
  let soon: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = () => {
    const end = performance.now() + BUDGET_MS;
    deliverer
      .deliverDue(() => !stopped && performance.now() < end)
      .catch(() => {
        services.log('webhooks_put_off', { reason: 'database' });
      });
  };
  const poll = setInterval(look, POLL_MS);
  poll.unref();
  services.subscriptions.onWritten(() => {
    soon ??= setTimeout(() => {
      soon = undefined;
      look();
    }, COMMIT_MS);
    soon.unref();
  });
  return () => {
    stopped = true;
    clearInterval(poll);
    clearTimeout(soon);
    services.subscriptions.onWritten(() => {});
  };
}
