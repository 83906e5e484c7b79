/** The settings as they are in force, for operators: texts only, and of secrets only whether they are set. */
import type { Reader } from './environment';
import { isPlaceholder } from './setting';
import { ALL_SETTINGS } from './settings';

export interface SettingInForce {
  /** Name of the variable. */
  name: string;
  /** The given value, or the default; '' for secrets. */
  value: string;
  secret: boolean;
  isSet: boolean;
  /** Nothing else was given. */
  isDefault: boolean;
  en: string;
  zh: string;
}

export function settingsInForce(reader: Reader): SettingInForce[] {
  return ALL_SETTINGS.map(({ name, about, json, shown }) => {
    const given = reader.text(name);
    // The JSON contains whole tenants with their keys.
    const secret = about.secret === true || json;
    const fallback = isPlaceholder(shown) ? '' : shown;
    const value = secret ? '' : withoutPassword(given || fallback);
    return {
      name,
      value,
      secret,
      isSet: given !== '',
      isDefault: given === '' || given === shown,
      en: about.en,
      zh: about.zh,
    };
  });
}

/** An address may contain a user name and password. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]+@/g, '$1…@');
}
