/** How the service is: configuration, database, IM, versions. */
import { signal } from '@preact/signals';
import type { Probe, ServiceState } from '../../src/http/pages/state';
import { say } from '../shared/language';
import { Pill, type Tone } from '../shared/parts';
import { base } from '../shared/service';
import { UNREACHABLE } from '../shared/unreachable';
import { reachable } from './reachable';
import { t } from './texts';

const EVERY_MS = 10_000;

/** The public state of every service, also of one without a console. */
interface Health {
  errorCode: number;
  errorMessage: string;
  version: string;
}

type State = { kind: 'full'; state: ServiceState } | { kind: 'health'; health: Health } | { kind: 'away' };

const shown = signal<State | undefined>(undefined);

async function json(path: string): Promise<{ status: number; body: unknown }> {
  const headers = { accept: 'application/json' };
  const response = await fetch(base + path, { headers, signal: AbortSignal.timeout(10_000) });
  return { status: response.status, body: await response.json() };
}

async function ask(): Promise<State> {
  const { status, body } = await json('console/state');
  // The page and this answer come from one build.
  if (status === 200) return { kind: 'full', state: body as ServiceState };
  const { errorCode, errorMessage, version } = Object((await json('base/v1')).body);
  if (typeof errorCode !== 'number') return { kind: 'away' };
  return { kind: 'health', health: { errorCode, errorMessage: String(errorMessage), version: String(version ?? '') } };
}

export async function refreshStatus(): Promise<void> {
  shown.value = await ask().catch((): State => ({ kind: 'away' }));
  reachable.value = shown.value.kind !== 'away';
}

export function keepStatus(): void {
  void refreshStatus();
  setInterval(() => {
    if (!document.hidden) void refreshStatus();
  }, EVERY_MS);
}

const TONES = { ok: 'ok', failed: 'bad', off: 'quiet', unknown: 'warn' } as const satisfies Record<
  Probe['state'],
  Tone
>;

/** A card without a state is a fact and not a check. */
function Tile({ name, state, detail }: { name: string; state?: Probe['state']; detail: string }) {
  return (
    <li class={state ? `tile ${state}` : 'tile'} data-tile={name}>
      <span class="tile-name">{name}</span>
      {state && (
        <span class="tile-state">
          <Pill tone={TONES[state]}>{t(state)}</Pill>
        </span>
      )}
      <span class="tile-detail">{detail}</span>
    </li>
  );
}

function probeDetail({ detail, state, ms }: Probe): string {
  return state === 'ok' ? `${detail} · ${ms} ms` : detail;
}

function Full({ state: { configuration, database, im, version, node, codes } }: { state: ServiceState }) {
  const { ok, demo, tenants, problems } = configuration;
  const notes = demo ? t('demo') : tenants === 1 ? t('tenant') : t('tenants', tenants);
  return (
    <>
      <Tile name={t('configuration')} state={ok ? 'ok' : 'failed'} detail={ok ? notes : problems.join('\n')} />
      <Tile name={t('database')} state={database.state} detail={probeDetail(database)} />
      <Tile
        name={t('im')}
        state={im.state}
        detail={im.state === 'off' ? t(demo ? 'imOffDemo' : 'imOff') : probeDetail(im)}
      />
      <Tile name={t('versions')} detail={`live-room ${version} · Node.js ${node}`} />
      {codes.length > 0 && <Tile name={t('codes')} detail={codes.join('\n')} />}
    </>
  );
}

export function Status() {
  const state = shown.value;
  const away = state?.kind === 'away' || !reachable.value;
  return (
    <section aria-label={t('status')} aria-live="polite">
      <ul class="tiles" id="status">
        {away && <Tile name={t('status')} state="failed" detail={say(UNREACHABLE)} />}
        {!away && state?.kind === 'full' && <Full state={state.state} />}
        {!away && state?.kind === 'health' && (
          <Tile
            name={t('status')}
            state={state.health.errorCode === 0 ? 'ok' : 'failed'}
            detail={`${state.health.errorMessage} · live-room ${state.health.version}`}
          />
        )}
      </ul>
    </section>
  );
}
