/** A tenant's review settings. Stored as JSON of the changed fields; the others have their defaults. */

import * as v from 'valibot';
import { fieldsOf } from '../../base/fields';
import { REVIEW_SETTINGS, type ReviewSettings } from '../../contract/review-settings';

/** `vendor`: as the installation has it (REVIEW_VENDOR). */
export function defaultSettings(vendor: ReviewSettings['vendor']): ReviewSettings {
  return {
    enabled: false,
    onFault: 'pass',
    vendor,
    vendorScope: 'suspects',
    vendorReview: 'hold',
    vendorPictures: false,
    customKeys: [],
    chatLogDays: 60,
    language: 'zh',
  };
}

/** An older or newer version may have written the stored settings: unknown values become the default. */
export function settingsOf(stored: string | undefined, vendor: ReviewSettings['vendor']): ReviewSettings {
  const defaults = defaultSettings(vendor);
  if (stored === undefined) return defaults;
  let changed: unknown;
  try {
    changed = JSON.parse(stored);
  } catch {
    return defaults;
  }
  const merged = { ...defaults, ...fieldsOf(changed) };
  const checked = v.safeParse(REVIEW_SETTINGS, merged);
  return checked.success ? checked.output : defaults;
}
