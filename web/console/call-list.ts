/** Which calls are listed. No document needed. */

const MAX_OWN = 200;
const MAX_BACKGROUND = 100;

/** The newest of them, first: background calls never push out a person's own ones. */
export function newest<E extends { background: boolean }>(entries: readonly E[]): E[] {
  let own = MAX_OWN;
  let background = MAX_BACKGROUND;
  return entries.filter((entry) => {
    if (entry.background) background -= 1;
    else own -= 1;
    return (entry.background ? background : own) >= 0;
  });
}
