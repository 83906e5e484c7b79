/** Ends what global-setup.ts started. */
import { runState } from './run-state';

// biome-ignore lint/style/noDefaultExport: the interface of jest.
export default async function globalTeardown(): Promise<void> {
  const { mysql, removeOriginal } = runState();
  removeOriginal?.();
  await mysql?.stop();
}
