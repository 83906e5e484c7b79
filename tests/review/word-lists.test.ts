/** Lists of words: adding, changing, finding and removing them, their limits, and that each tenant has its own. */
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { meddle } from '../../testkit/statements';

interface Word {
  wordId: string;
  text: string;
  action: string;
  tag: string;
}
interface Added {
  added: number;
  changed: number;
  refused: { text: string; why: string }[];
}

const OTHER = { apaasAppId: 'other', sdkAppId: 1_400_000_002, secret: 'e'.repeat(48) };

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, TENANTS: JSON.stringify([OTHER]) } });
  const admin = () => operatorOf(stage());
  const add = (words: string[], more = {}) => admin().must<Added>('add_words', { words, ...more });
  const list = async (params = {}) => (await admin().must<{ items: Word[] }>('words', params)).items;
  const check = (text: string, more = {}) =>
    admin().must<{ verdict: string; text: string; hits: object[] }>('check_text', { text, ...more });

  test('two spellings are one word: the second changes the first', async () => {
    expect(await add(['Bad Word', 'good'], { tag: 'a' })).toEqual({ added: 2, changed: 0, refused: [] });
    expect(await add(['ｂａｄｗｏｒｄ'], { action: 'mask' })).toEqual({ added: 0, changed: 1, refused: [] });
    expect(await add(['ｂａｄｗｏｒｄ'], { action: 'mask' })).toEqual({ added: 0, changed: 0, refused: [] });
    expect(await list()).toMatchObject([
      { text: 'good', action: 'refuse', tag: 'a' },
      { text: 'ｂａｄｗｏｒｄ', action: 'mask' },
    ]);
    expect(await list({ action: 'mask' })).toHaveLength(1);
    expect(await list({ search: 'goo' })).toMatchObject([{ text: 'good' }]);
    expect(await list({ tag: 'a' })).toMatchObject([{ text: 'good' }]);
    const first = await admin().must<{ items: Word[]; cursor: string }>('words', { limit: 1 });
    expect(await list({ limit: 1, cursor: first.cursor })).toMatchObject([{ action: 'mask' }]);
  });

  test('what cannot be a word is refused by name, and the rest is taken', async () => {
    const result = await add(['fine', '...', '\u200b', 'x'.repeat(65), '😀']);
    expect(result.added).toBe(1);
    expect(result.refused.map(({ text }) => text)).toEqual(['...', '\u200b', 'x'.repeat(64), '😀']);
    for (const words of [[], Array.from({ length: 1_001 }, (_, n) => `w${n}`), 'x', [5]]) {
      expect(await admin().call('add_words', { words })).toMatchObject({ status: 400 });
    }
  });

  test('a text is judged with places, as it would go out', async () => {
    await add(['maskme'], { action: 'mask' });
    await add(['refuseme', 'maskme yes']);
    await add(['refuseme not'], { action: 'allow' });
    const [word] = await list({ search: 'maskme', action: 'mask' });
    expect(await check('so m-a-s-k-m-e 😀')).toEqual({
      verdict: 'mask',
      text: 'so *********** 😀',
      hits: [{ wordId: word?.wordId, text: 'maskme', start: 3, end: 14, action: 'mask' }],
    });
    expect(await check('refuseme')).toMatchObject({ verdict: 'refuse', hits: [{ start: 0, end: 8 }] });
    expect(await check('refuseme not')).toEqual({ verdict: 'pass', text: 'refuseme not', hits: [] });
    expect(await check('hello')).toEqual({ verdict: 'pass', text: 'hello', hits: [] });
  });

  test('words are removed by id, once', async () => {
    await add(['gone']);
    const [word] = await list({ search: 'gone' });
    expect(await admin().must('remove_words', { wordIds: [word?.wordId] })).toEqual({ removed: 1 });
    expect(await admin().must('remove_words', { wordIds: [word?.wordId] })).toEqual({ removed: 0 });
    expect(await check('gone')).toMatchObject({ verdict: 'pass' });
  });

  test('a word that an older normal form has stored is changed by the same word, and distinguished by its id', async () => {
    await add(['older']);
    const database = stage().services.database.forRequest();
    await meddle(database, `UPDATE words SET word_key = 'of an older form' WHERE word = 'older'`);
    expect(await add(['older'], { action: 'mask' })).toEqual({ added: 1, changed: 0, refused: [] });
    const [newer, older] = await list({ search: 'older' });
    expect(await check('older')).toMatchObject({ verdict: 'mask', hits: [{ wordId: newer?.wordId }] });
    expect(await admin().must('remove_words', { wordIds: [newer?.wordId] })).toEqual({ removed: 1 });
    expect(await check('older')).toMatchObject({ verdict: 'refuse', hits: [{ wordId: older?.wordId }] });
    expect(await admin().must('remove_words', { wordIds: [older?.wordId] })).toEqual({ removed: 1 });
    expect(await check('older')).toMatchObject({ verdict: 'pass' });
  });

  test("another tenant's words are not seen, removed or used", async () => {
    await add(['mineonly']);
    const [word] = await list({ search: 'mineonly' });
    const theirs = await newOperator(stage(), { name: `theirs-${kind}`, scope: 'manage', tenant: 'other' });
    expect(await theirs.must('words')).toEqual({ items: [], cursor: '' });
    expect(await theirs.must('remove_words', { wordIds: [word?.wordId] })).toEqual({ removed: 0 });
    expect(await theirs.must('check_text', { text: 'mineonly' })).toMatchObject({ verdict: 'pass' });
    expect(await theirs.call('add_words', { words: ['x'], tenant: '' })).toMatchObject({ status: 200 });
    expect(await check('mineonly')).toMatchObject({ verdict: 'refuse' });
    expect(await check('x')).toMatchObject({ verdict: 'pass' });
  });

  test('20,000 words are the maximum that a tenant has, also for calls at the same time', async () => {
    const theirs = await newOperator(stage(), { name: `many-${kind}`, scope: 'manage', tenant: 'other' });
    const thousand = (n: number) => Array.from({ length: 1_000 }, (_, at) => `word${n}x${at}`);
    for (let n = 0; n < 18; n += 1) await theirs.must('add_words', { words: thousand(n) });
    const results = await Promise.all([18, 19, 20].map((n) => theirs.must<Added>('add_words', { words: thousand(n) })));
    const added = results.reduce((sum, result) => sum + result.added, 0);
    // One is there from the test before.
    expect(added).toBe(1_999);
    expect(await theirs.must('check_text', { text: 'word3x7' })).toMatchObject({ verdict: 'refuse' });
  });
});
