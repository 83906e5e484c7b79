/** Delivers inside a running process: immediately after a write, and every second for retries. */
import type { Services } from '../context';
import { createDeliverer } from './deliver';

const POLL_MS = 1_000;
/** Delay for the commit; otherwise the event is found a second later. */
const COMMIT_MS = 10;
/** How long a read webhook is used before it is read again. */
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
  services.caches.subscriptions.onWritten(() => {
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
    services.caches.subscriptions.onWritten(() => {});
  };
}
