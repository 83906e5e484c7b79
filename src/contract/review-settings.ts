/** A tenant's settings for the review of its texts. */
import * as v from 'valibot';

export const FAULT_CHOICES = ['pass', 'refuse'] as const;
export const VENDORS = ['none', 'tms'] as const;
export const VENDOR_SCOPES = ['suspects', 'all'] as const;
export const VENDOR_REVIEWS = ['refuse', 'silent', 'hold', 'pass'] as const;
export const LANGUAGES = ['zh', 'en'] as const;
export const MAX_LOG_DAYS = 180;
export const MAX_CUSTOM_KEYS = 20;

export const REVIEW_SETTINGS = v.object({
  enabled: v.boolean(),
  onFault: v.picklist(FAULT_CHOICES),
  vendor: v.picklist(VENDORS),
  vendorScope: v.picklist(VENDOR_SCOPES),
  vendorReview: v.picklist(VENDOR_REVIEWS),
  vendorPictures: v.boolean(),
  customKeys: v.array(v.string()),
  chatLogDays: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LOG_DAYS)),
  language: v.picklist(LANGUAGES),
});
export type ReviewSettings = v.InferOutput<typeof REVIEW_SETTINGS>;
