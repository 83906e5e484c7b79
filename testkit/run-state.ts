/** What belongs to a whole jest run. jest loads set-up and tear-down as separate modules, so it hangs on globalThis. */

interface RunState {
  mysql?: { stop(): Promise<void> };
}

export function runState(): RunState {
  // The one place that gives the untyped global object this shape.
  const holder = globalThis as { liveRoomTestRun?: RunState };
  holder.liveRoomTestRun ??= {};
  return holder.liveRoomTestRun;
}
