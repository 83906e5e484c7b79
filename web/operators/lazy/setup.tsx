/** Shows a part of the script setup.js, and until it is there its shape. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { say, translator } from '../../shared/language';
import { type Message, Notice, Skeleton } from '../../shared/parts';
import { UNREACHABLE } from '../../shared/unreachable';

type Setup = typeof import('../setup');

const t = translator({
  loading: ['Loading …', '加载中…'],
  retry: ['Retry', '重试'],
});

const setup = signal<Setup | undefined>(undefined);
const problem = signal<Message | undefined>(undefined);

async function load(): Promise<void> {
  if (setup.peek()) return;
  problem.value = undefined;
  try {
    setup.value = await import('../setup');
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

export function FromSetup({ show }: { show: (setup: Setup) => VNode }) {
  useEffect(() => void load(), []);
  if (setup.value) return show(setup.value);
  return problem.value ? <Notice message={problem.value} /> : <Skeleton rows={8} word={t('loading')} />;
}
