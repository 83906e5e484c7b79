/** What a tenant has chosen for the review of its texts. Stored as JSON of what was changed; the rest has its defaults. */

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
    customKeys: [],
    chatLogDays: 60,
    language: 'zh',
  };
}

/** What is stored is ours, but an older or newer version may have written it: what is not understood has its default. */
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
