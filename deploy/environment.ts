/**
 * The variables of the functions: the service's settings (src/config/settings.ts) without those about the machine; the
 * API key of the deployer is not among them and never leaves the machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { loadConfig } from '../src/config/config';
import { ALL_SETTINGS } from '../src/config/settings';

export type Variables = Readonly<Record<string, string>>;

export const databaseVariables = ['MYSQL_HOST', 'MYSQL_PORT', 'MYSQL_USER', 'MYSQL_PASSWORD', 'MYSQL_DB'] as const;
/** Bytes of names and values that SCF allows in total. */
export const environmentLimit = 4096;

function dotenv(file: string): Record<string, string> {
  try {
    return parse(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The process environment, then `.env.<stage>`, then `.env`: the first that has a variable wins. */
export function readEnvironment(directory: string, stage: string, env: NodeJS.ProcessEnv = process.env): Variables {
  const merged: Record<string, string> = {
    ...dotenv(join(directory, '.env')),
    ...dotenv(join(directory, `.env.${stage}`)),
  };
  for (const [key, value] of Object.entries(env)) if (value !== undefined && value !== '') merged[key] = value;
  return merged;
}

/**
 * The settings of the service that the shell gives and no file: they win over `.env`, so that a name exported for
 * something else would be deployed unseen. Names only.
 */
export function shellSettings(directory: string, stage: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const files = readEnvironment(directory, stage, {});
  return ALL_SETTINGS.filter(({ about }) => about.local === undefined)
    .map(({ name }) => name)
    .filter((name) => env[name] !== undefined && env[name] !== '' && env[name] !== files[name]);
}

/** Stands in for the database that deploy makes later, so that the rest of the configuration can be checked first. */
const madeLater = { MYSQL_HOST: 'made-by-deploy', MYSQL_PORT: '3306', MYSQL_USER: 'x', MYSQL_PASSWORD: 'x' };
/** The cluster is made without TLS (docs/deploy.md); a deployer who has switched it on there says so. */
const unlessGiven = { MYSQL_TLS: 'off' };

export interface ServiceEnvironment {
  /** The set variables that the service reads; without the database if deploy makes it. */
  readonly variables: Variables;
  /** Problems that the service itself would report. Names and rules, never values. */
  readonly problems: readonly string[];
  /** Variables without effect, and the names that were probably meant. */
  readonly warnings: readonly string[];
}

/** `ownDatabase`: deploy makes the database, so any MYSQL_* of the developer is left out. */
export function serviceEnvironment(env: Variables, ownDatabase: boolean): ServiceEnvironment {
  const given: Record<string, string | undefined> = { ...env, TENCENTCLOUD_RUNENV: 'SCF' };
  if (ownDatabase) Object.assign(given, { ...unlessGiven, ...given }, madeLater);
  const result = loadConfig(given);
  const omitted = new Set<string>(ownDatabase ? databaseVariables : []);
  const passed = ALL_SETTINGS.filter(({ name, about }) => about.local === undefined && !omitted.has(name));
  const variables = Object.fromEntries(
    passed
      .flatMap(({ name }) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]] as const]))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { variables, problems: result.ok ? [] : result.problems, warnings: result.warnings };
}

/** Bytes that SCF counts against its limit. */
export function environmentSize(variables: Variables): number {
  return Object.entries(variables).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}
