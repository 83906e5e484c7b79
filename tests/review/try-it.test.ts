/** docs/review.md, “Try it with your app”: the words and the five messages, sent in the order of the page, in both languages. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { readWords } from '../../web/operators/review/word-file';
import { blocksOf, readPage } from '../docs/pages';
import { afterOf, askIm, beforeGroup } from './support';

interface Row {
  sent: string;
  code: number;
  /** The text for the sender; '' if the message is sent. */
  info: string;
  others: string;
}

const code = (cell: string) => /`([^`]+)`/.exec(cell)?.[1] ?? '';

function rowsOf(page: string): Row[] {
  const part = readPage(page).slice(readPage(page).indexOf('```csv'));
  const rows = [...part.matchAll(/^\| (`[^|]+) \| (\d+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm)];
  return rows.map(([, sent = '', number = '', sender = '', others = '']) => ({
    sent: code(sent),
    code: Number(number),
    info: /“([^”]+)”/.exec(sender)?.[1] ?? '',
    others: code(others),
  }));
}

function wordsOf(page: string) {
  const [block, ...more] = blocksOf(page).filter(({ language }) => language === 'csv');
  expect(more).toEqual([]);
  const lines = (block?.text ?? '').split('\n').map((line) => line.trim());
  return readWords(lines.join('\n'), 'allow');
}

const PAGES = [
  ['docs/review.md', 'en'],
  ['docs/review.zh-CN.md', 'zh'],
] as const;

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());

  test.each(PAGES)('the five messages of %s are answered as it says', async (page, language) => {
    await admin().must('change_review_settings', { enabled: true, language });
    for (const { text, action, tag } of wordsOf(page)) await admin().must('add_words', { words: [text], action, tag });
    const { anchor, viewer, roomId } = await newLive(stage());
    const rows = rowsOf(page);
    expect(rows.map(({ code: number }) => number)).toEqual([0, 10_100, 0, 10_103, 10_104]);
    for (const row of rows) {
      if (row.code === 10_104) {
        await anchor.must('rooms/mute_user', { roomId, targetUserId: viewer.userId, seconds: 60 });
      }
      const message = beforeGroup(roomId, viewer.userId, row.sent);
      const answer = await askIm(stage(), message);
      expect([row.sent, answer.ErrorCode, answer.ErrorInfo]).toEqual([row.sent, row.code, row.info]);
      const [element] = answer.MsgBody ?? [];
      if (row.code === 0) expect(element?.MsgContent['Text'] ?? row.sent).toBe(row.others);
      if (row.sent === 'hello') await askIm(stage(), afterOf(message, 7));
    }
    await stage().services.review.chatLog.flush();
    const { items } = await admin().must<{ items: { messageId: string; text: string; outcome: string }[] }>(
      'messages',
      {
        roomId,
      },
    );
    expect(items.map(({ outcome }) => outcome).sort()).toEqual(['held', 'masked', 'passed', 'refused', 'refused']);
    const [held] = (await admin().must<{ items: { heldId: string; text: string }[] }>('held', { roomId })).items;
    expect(held?.text).toBe('holdme please');
    const hello = items.find(({ text }) => text === 'hello');
    await admin().must('recall_message', { messageId: hello?.messageId, reason: 'try' });
  });
});

test('both pages have the same messages and words', () => {
  const [[english], [chinese]] = PAGES;
  expect(rowsOf(chinese).map(({ sent, code: number, others }) => [sent, number, others])).toEqual(
    rowsOf(english).map(({ sent, code: number, others }) => [sent, number, others]),
  );
  expect(wordsOf(chinese)).toEqual(wordsOf(english));
});
