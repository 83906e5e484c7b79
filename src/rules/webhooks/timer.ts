/** Delivering inside a running process: at once after something was written, and every second for what is due again. */
import type { Services } from '../context';
import { createDeliverer } from './deliver';

const POLL_MS = 1_000;
/** What was written is committed by then, or found a second later. */
const COMMIT_MS = 10;
/** A look that hangs must not keep the next one from beginning. */
const BUDGET_MS = 30_000;

/** Goes on until the returned function is called. Does not keep the process alive. */
export function startDelivering(services: Services): () => void {
  const deliverer = createDeliverer(services);
  let soon: NodeJS.Timeout | undefined;
  const look = () => {
    const end = performance.now() + BUDGET_MS;
    deliverer
      .deliverDue(() => performance.now() < end)
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
    clearInterval(poll);
    clearTimeout(soon);
    services.subscriptions.onWritten(() => {});
  };
}
