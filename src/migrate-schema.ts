/** `live-room migrate`: shows or applies the migrations that the configured database does not have. */
import { config as loadDotenv } from 'dotenv';
import type { DatabaseConfig } from './config/config';
import { loadConfig } from './config/config';
import { bringUpToDate } from './data/engine/schema-state';
import { databaseFault } from './terminal/database-fault';

export const EXIT = { done: 0, failed: 1, pending: 3 } as const;

function placeOf(config: DatabaseConfig): string {
  if (config.kind === 'sqlite') return `SQLite at ${config.path}`;
  const servers = config.servers.map(({ host, port }) => `${host}:${port}`).join(', ');
  return `MySQL at ${servers}, database ${config.database}`;
}

const lines = (names: readonly string[]) => names.map((name) => `  ${name}\n`).join('');

async function run(config: DatabaseConfig, apply: boolean, write: (text: string) => void): Promise<number> {
  const { missing, unknown } = await bringUpToDate(config, { apply });
  const what = missing.length === 0 ? 'the schema is current.' : apply ? 'applied:' : 'to apply:';
  write(`${placeOf(config)}: ${what}\n${lines(missing)}`);
  if (unknown.length > 0) write(`Of a later release:\n${lines(unknown)}`);
  return missing.length > 0 && !apply ? EXIT.pending : EXIT.done;
}

/** Gives the exit code: 0 nothing to do or done, 1 failed, 3 something to do. */
export async function migrateSchema({ apply }: { apply: boolean }): Promise<number> {
  loadDotenv({ quiet: true });
  const loaded = loadConfig(process.env, { allowDemo: true });
  if (!loaded.ok) {
    process.stderr.write(loaded.problems.map((line) => `${line}\n`).join(''));
    return EXIT.failed;
  }
  const { database } = loaded.config;
  try {
    return await run(database, apply, (text) => process.stdout.write(text));
  } catch (error) {
    process.stderr.write(`${databaseFault(database, error)}\n`);
    return EXIT.failed;
  }
}
