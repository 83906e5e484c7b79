/** Reads settings from an environment and collects their problems. */
import { type Setting, SettingError, type Values } from './setting';

export type Environment = Readonly<Record<string, string | undefined>>;

export class Reader {
  /** Names and rules, never values. */
  readonly problems: string[] = [];
  readonly env: Environment;

  constructor(env: Environment) {
    this.env = env;
  }

  text(name: string): string {
    return this.env[name]?.trim() ?? '';
  }

  /** The value, or the fallback if the variable is absent, empty or invalid. */
  one<T>(setting: Setting<T>): T {
    const { name, fallback, about } = setting;
    const trimmed = this.text(name);
    if (trimmed === '') return fallback;
    if (about.needs !== undefined && this.text(about.needs) === '') return fallback;
    if (about.conflicts !== undefined && this.text(about.conflicts) !== '') {
      this.problems.push(`${name} and ${about.conflicts} exclude each other`);
    }
    return this.check({ ...setting, where: name, value: setting.raw ? this.env[name] : trimmed, parse: setting.json });
  }

  /** Checks a value that does not come from the setting's own variable. */
  check<T>(given: Pick<Setting<T>, 'check' | 'fallback'> & { where: string; value: unknown; parse?: boolean }): T {
    try {
      return given.check(given.parse ? parseJson(String(given.value)) : given.value);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      this.problems.push(`${given.where} ${error.message}`);
      return given.fallback;
    }
  }

  /** The values of all settings of a group; `read` supplies a value that is not in its variable. */
  all<S extends Readonly<Record<string, Setting<unknown>>>>(
    settings: S,
    read: (setting: Setting<unknown>, key: string) => unknown = (setting) => this.one(setting),
  ): Values<S> {
    const values = Object.entries(settings).map(([key, setting]) => [key, read(setting, key)]);
    // Each key maps to the value of its setting, as the type Values requires.
    return Object.fromEntries(values) as Values<S>;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingError('must be valid JSON');
  }
}
