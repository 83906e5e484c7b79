/** A tenant's review settings. Stored as JSON of the changed fields; the others have their defaults. */

import * as v from 'valibot';
import { fieldsOf } from '../../base/fields';
import { REVIEW_SETTINGS, type ReviewSettings } from '../../contract/review-settings';

/** What the installation has chosen for its tenants. */
export interface ReviewDefaults {
  reviewVendor: ReviewSettings['vendor'];
  reviewOnFault: ReviewSettings['onFault'];
}

function defaultSettings({ reviewVendor, reviewOnFault }: ReviewDefaults): ReviewSettings {
  return {
    enabled: false,
    onFault: reviewOnFault,
    vendor: reviewVendor,
    vendorScope: 'suspects',
    vendorReview: 'hold',
    vendorPictures: false,
    customKeys: [],
    chatLogDays: 60,
    language: 'zh',
  };
}

/** An older or newer version may have written the stored settings: unknown values become the default. */
export function settingsOf(stored: string | undefined, installation: ReviewDefaults): ReviewSettings {
  const defaults = defaultSettings(installation);
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
