/** Covers of the sample rooms, drawn by the service itself so that the demo needs no network. */
import type { Page } from '../http/app';
import { COVER_COLOURS } from './texts';

function svg([from, to]: readonly [string, string], seed: number): string {
  const circles = [0, 1, 2].map((index) => {
    const [x, y, r] = [60 + ((seed * 97 + index * 131) % 520), 40 + ((seed * 53 + index * 89) % 280), 40 + index * 45];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="#fff" opacity="${0.16 - index * 0.04}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="640" height="360" fill="url(#g)"/>${circles.join('')}</svg>`;
}

/** The path of a room's cover, without a slash in front. */
export function coverPath(index: number): string {
  return `sample/cover-${index % COVER_COLOURS.length}.svg`;
}

/** The covers by their paths, for createApp. */
export function createCoverPages(): Readonly<Record<string, Page>> {
  const pages = COVER_COLOURS.map((colours, index): [string, Page] => {
    const headers = {
      'content-type': 'image/svg+xml',
      'cache-control': 'max-age=86400',
      'x-content-type-options': 'nosniff',
    };
    return [coverPath(index), async () => ({ status: 200, headers: { ...headers }, body: svg(colours, index) })];
  });
  return Object.fromEntries(pages);
}
