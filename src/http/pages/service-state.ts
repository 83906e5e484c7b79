/**
 * The console's status panel: whether the configuration is valid, the database responds and IM is reachable, and which
 * versions run. Names and numbers only, never a value of the configuration. Asked at most once in a few seconds.
 */

import type { ConfigResult } from '../../config/config';
import { faultReason } from '../../rules/fault-reason';
import type { Composition } from '../app';
import { VERSION } from '../envelope';
import type { Probe, ServiceState } from './state';

export interface StateParts {
  composition: Composition;
  configuration: ConfigResult;
}

/** How long a state is reused (ms), to spare the database and IM. */
const REMEMBERED_MS = 5_000;
const IM_BUDGET_MS = 3_000;

async function probe(detail: string, ask: () => Promise<void>): Promise<Probe> {
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  try {
    await ask();
    return { state: 'ok', detail, ms: since() };
  } catch (error) {
    return { state: 'failed', detail: `${detail}: ${faultReason(error)}`, ms: since() };
  }
}

const NOTHING: Probe = { state: 'unknown', detail: '', ms: 0 };

async function ask({ composition, configuration }: StateParts): Promise<Omit<ServiceState, 'codes'>> {
  const versions = { version: VERSION, node: process.version };
  if (!composition.ok || !configuration.ok) {
    const problems = configuration.ok ? [] : configuration.problems;
    const bad = { ok: false, problems, demo: false, tenants: 0 };
    return { ...versions, configuration: bad, database: NOTHING, im: NOTHING };
  }
  const { services } = composition;
  const { config } = configuration;
  const { im } = services.vendors;
  const [tenant] = config.tenants;
  const [database, imProbe] = await Promise.all([
    probe(config.database.kind === 'mysql' ? 'MySQL' : 'SQLite', () => services.database.check()),
    im && tenant
      ? probe('IM REST API', () => im.check(tenant, { budgetMs: IM_BUDGET_MS }))
      : { ...NOTHING, state: 'off' as const },
  ]);
  return {
    ...versions,
    configuration: { ok: true, problems: [], demo: config.demo, tenants: config.tenants.length },
    database,
    im: imProbe,
  };
}

export function createStateReader(parts: StateParts): () => Promise<ServiceState> {
  let last: { at: number; state: ReturnType<typeof ask> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at > REMEMBERED_MS) last = { at: now, state: ask(parts) };
    const { composition } = parts;
    const codes = composition.ok ? composition.services.codes.recent() : [];
    // Codes are never cached: a person waits for them.
    return last.state.then((state) => ({ ...state, codes }));
  };
}
