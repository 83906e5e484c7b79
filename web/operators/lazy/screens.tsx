/** Shows a part of the script setup.js or review.js, and until it is there its shape. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import '../common';
import { say, translator } from '../../shared/language';
import { type Message, Notice, Skeleton } from '../../shared/parts';
import { UNREACHABLE } from '../../shared/unreachable';

const t = translator({
  loading: ['Loading …', '加载中…'],
  retry: ['Retry', '重试'],
});

function partOf<Screens>(read: () => Promise<Screens>) {
  const screens = signal<Screens | undefined>(undefined);
  const problem = signal<Message | undefined>(undefined);

  async function load(): Promise<void> {
    if (screens.peek()) return;
    problem.value = undefined;
    try {
      screens.value = await read();
    } catch {
      problem.value = {
        good: false,
        text: () => say(UNREACHABLE),
        after: (
          <button type="button" class="small" onClick={() => void load()}>
            {t('retry')}
          </button>
        ),
      };
    }
  }

  return function Part({ show }: { show: (screens: Screens) => VNode }) {
    useEffect(() => void load(), []);
    if (screens.value) return show(screens.value);
    return problem.value ? <Notice message={problem.value} /> : <Skeleton rows={8} word={t('loading')} />;
  };
}

export const FromSetup = partOf(() => import('../setup'));
export const FromReview = partOf(() => import('../review'));
