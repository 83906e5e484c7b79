/** The addresses of the pages: which screens there are below #/, and which panels slide over which screen. */

/** Screens that are about one thing, whose id follows their name: `#/deliveries/1`. */
export const WITH_ID: ReadonlySet<string> = new Set(['deliveries']);

/**
 * Panels by name, with the screen below them if the address names no other: `#/room/100` is
 * `#/rooms/room/100`, and `#/reports/user/7` shows a user over the reports.
 */
export const PANELS: Readonly<Record<string, string>> = {
  room: 'rooms',
  user: 'users',
  delivery: 'deliveries',
};

/** The screen after signing in. */
export const HOME = 'overview';
