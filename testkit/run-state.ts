/** What belongs to a whole jest run. jest loads set-up and tear-down as separate modules, so it hangs on globalThis. */

interface RunState {
  mysql?: { stop(): Promise<void> };
  /** Removes the file of the embedded database that tests get copies of. */
  removeOriginal?: () => void;
}

export function runState(): RunState {
  // The one place that gives the untyped global object this shape.
  const holder = globalThis as { liveRoomTestRun?: RunState };
  holder.liveRoomTestRun ??= {};
  return holder.liveRoomTestRun;
}
