/**
 * The state of an interrupted deploy, in `.live-room/<name>.json` with mode 600. It has no secret, and exists for minutes.
 * A lost file is harmless unless a deploy was killed in those minutes.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface State {
  /** The cluster was ordered and is not in any list yet. '' = the order was sent and its answer never came. */
  deal?: string;
  /** When it was ordered, in milliseconds since 1970. */
  orderedAt?: number;
  /** The cluster was ordered from here and no function was deployed since: its database has no data. */
  fresh?: boolean;
  /** The database password was changed and the functions do not have the new one yet. */
  rotating?: boolean;
}

export interface StateFile {
  read(): State;
  /** An empty state removes the file. */
  write(state: State): void;
}

export function openState(directory: string, name: string): StateFile {
  const folder = join(directory, '.live-room');
  const file = join(folder, `${name}.json`);
  return {
    read() {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as State;
      } catch {
        return {};
      }
    },
    write(state) {
      if (Object.keys(state).length === 0) return rmSync(file, { force: true });
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
      // The mode above counts for a new file only.
      chmodSync(file, 0o600);
    },
  };
}
