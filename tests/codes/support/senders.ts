/** Who asks for codes: telephone numbers that no user has asked for yet, and people who have passed the human check. */

let last = 0;

/** Another one with each call. */
export function freshPhone(): string {
  last += 1;
  return `+8613${String(700_000_000 + last)}`;
}

let tickets = 0;

/** A ticket that the vendor takes once. */
export function human(): { ticket: string; randstr: string } {
  tickets += 1;
  return { ticket: `good-${tickets}`, randstr: '@abc' };
}
