/** Reads single settings out of an environment and collects what is wrong with them. What they mean is in config.ts. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every method gives the fallback for an absent or empty variable, and notes a problem for a malformed one. */
export class Reader {
  readonly problems: string[] = [];
  readonly env: Environment;

  constructor(env: Environment) {
    this.env = env;
  }

  text(key: string, fallback = ''): string {
    const value = this.env[key]?.trim();
    return value === undefined || value === '' ? fallback : value;
  }

  integer(key: string, fallback: number, range: { min: number; max: number }): number {
    const value = this.text(key);
    if (value === '') return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= range.min && number <= range.max) return number;
    this.problems.push(`${key} must be a whole number from ${range.min} to ${range.max}`);
    return fallback;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.text(key).toLowerCase();
    if (value === '') return fallback;
    if (['true', 'on', '1', 'yes'].includes(value)) return true;
    if (['false', 'off', '0', 'no'].includes(value)) return false;
    this.problems.push(`${key} must be true or false`);
    return fallback;
  }

  json(key: string): unknown {
    const value = this.text(key);
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      this.problems.push(`${key} must be valid JSON`);
      return undefined;
    }
  }

  url(key: string, fallback: string): URL | null {
    const value = this.text(key, fallback);
    if (value.toLowerCase() === 'off') return null;
    try {
      const url = new URL(value.includes('://') ? value : `https://${value}`);
      if (url.protocol === 'https:' || url.protocol === 'http:') return url;
    } catch {}
    this.problems.push(`${key} must be a URL, or off`);
    return null;
  }
}
