/** The reason of an action, with the texts that this tenant's operators use often. */
import { type Signal, signal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field } from '../shared/parts';
import { call, me } from './api';

const t = translator({
  reason: ['Reason', '原因'],
  reasonHint: ['Shown to the user and recorded in the audit log.', '用户可见，并记入操作日志。'],
  often: ['Often used', '常用原因'],
});

/** The texts of the tenant, in their order. */
export const reasons = signal<readonly string[]>([]);

/** Asked for when the key or the tenant changes: a missing list leaves the field as it is. */
me.subscribe((who) => {
  reasons.value = [];
  if (!who) return;
  call<{ reasons: string[] }>('reasons').then(
    (data) => {
      reasons.value = data.reasons;
    },
    () => {},
  );
});

export function ReasonField({ value }: { value: Signal<string> }) {
  return (
    <div class="reason">
      <Field label={t('reason')} name="reason" value={value} hint={t('reasonHint')} required />
      {reasons.value.length > 0 && (
        <fieldset class="templates">
          <legend class="offscreen">{t('often')}</legend>
          {reasons.value.map((text) => (
            <button
              key={text}
              type="button"
              class="chip"
              data-test="template"
              aria-pressed={value.value === text}
              onClick={() => {
                value.value = text;
              }}
            >
              {text}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
