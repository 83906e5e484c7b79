/** The panel that says how the service is: configuration, database, IM, versions. */
import type { Probe, ServiceState } from '../../src/http/pages/state';
import { h } from './dom';
import { t } from './texts';

const EVERY_MS = 10_000;

function tile(name: string, state: Probe['state'], detail: string): HTMLElement {
  return h(
    'div',
    { class: `tile ${state}`, attributes: { 'data-tile': name } },
    h('span', { class: 'tile-name' }, name),
    h('span', { class: 'tile-state' }, t(state)),
    h('span', { class: 'tile-detail' }, detail),
  );
}

function probeDetail({ detail, state, ms }: Probe): string {
  return state === 'ok' ? `${detail} · ${ms} ms` : detail;
}

function tiles({ configuration, database, im, version, node }: ServiceState): HTMLElement[] {
  const notes = configuration.demo ? t('demo') : `${configuration.tenants} ${t('tenants')}`;
  const problems = configuration.problems.join('\n');
  return [
    tile(t('configuration'), configuration.ok ? 'ok' : 'failed', configuration.ok ? notes : problems),
    tile(t('database'), database.state, probeDetail(database)),
    tile(t('im'), im.state, probeDetail(im)),
    tile(t('versions'), 'ok', `live-room ${version} · Node.js ${node}`),
  ];
}

export interface StatusPanel {
  render(): void;
}

export function createStatus(place: HTMLElement, base: string): StatusPanel {
  let state: ServiceState | undefined;
  let failed = false;

  function render(): void {
    if (failed) place.replaceChildren(tile(t('status'), 'failed', t('unreachable')));
    else if (state) place.replaceChildren(...tiles(state));
  }

  async function refresh(): Promise<void> {
    try {
      const response = await fetch(`${base}console/state`, { signal: AbortSignal.timeout(10_000) });
      // The page and this answer come from one build.
      state = (await response.json()) as ServiceState;
      failed = !response.ok;
    } catch {
      failed = true;
    }
    render();
  }

  void refresh();
  setInterval(() => {
    if (!document.hidden) void refresh();
  }, EVERY_MS);
  return { render };
}
