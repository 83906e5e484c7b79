/** Small settings that this browser remembers, if it allows that. */
export function kept(name: string): string {
  try {
    return localStorage.getItem(`live-room.${name}`) ?? '';
  } catch {
    return '';
  }
}

export function keep(name: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(`live-room.${name}`);
    else localStorage.setItem(`live-room.${name}`, value);
  } catch {
    // A browser that keeps nothing: the wish lasts until the page is closed.
  }
}
