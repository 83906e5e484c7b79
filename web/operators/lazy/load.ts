/** Loads the scripts of the page's folder. The next caller repeats a failed load. */
import type TRTC from 'trtc-sdk-v5';
import type UPlot from 'uplot';
import { base } from '../../shared/service';

const loaded = new Map<string, Promise<unknown>>();

async function load(name: string): Promise<unknown> {
  const { default: library } = Object(await import(`${base}operators/${name}.js`));
  return library;
}

function once(name: string): Promise<unknown> {
  const known = loaded.get(name);
  if (known) return known;
  const loading = load(name);
  loaded.set(name, loading);
  loading.catch(() => loaded.delete(name));
  return loading;
}

// The file of this name is built from plots.ts, which exports this library.
export const loadPlots = () => once('plots') as Promise<typeof UPlot>;
// The same, of player.ts.
export const loadPlayer = () => once('player') as Promise<typeof TRTC>;
