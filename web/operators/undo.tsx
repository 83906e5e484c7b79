/** Taking a sanction back in the seconds after it was made: a click on the wrong row has no consequences. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { UndoIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { call, toMessage } from './api';
import { outcome } from './dialog';

const t = translator({
  undo: ['Undo', '撤销'],
  left: ['Undo ({1} s)', '撤销（{1} 秒）'],
  reason: ['undone by the operator', '运营人员撤销'],
  undone: ['Undone: {1}.', '已撤销：{1}。'],
});

export const UNDO_MS = 10_000;

export function UndoButton({ sanctionId, what, after }: { sanctionId: string; what: string; after: () => void }) {
  const left = useSignal(UNDO_MS / 1_000);
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = Math.max(0, left.value - 1);
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  const undo = async () => {
    try {
      await call('lift_sanction', { sanctionId, reason: t('reason') });
      outcome.value = { good: true, text: () => t('undone', what) };
      after();
    } catch (error) {
      outcome.value = toMessage(error);
    }
  };
  return (
    <button type="button" class="small" data-test="undo" aria-label={t('undo')} onClick={() => void undo()}>
      <UndoIcon /> {t('left', left.value)}
    </button>
  );
}
