/** What app users read of an error: in the tenant's language and time zone, and as fields; by default as in every version. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import * as v from 'valibot';
import { contract } from '../../src/contract';
import { adminContract } from '../../src/contract/admin';
import { inChinese } from '../../src/contract/error-messages';
import type { Field } from '../../src/contract/fields';
import { problemOfUrl } from '../../src/rules/webhooks/targets';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, sign } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

/** Code below these has no texts for users of apps or for operators. */
const NOT_FOR_USERS = /http\/(?:scf-event|callbacks|probes|health|pages\/)/;
/** Each makes an error of its argument with that number. */
const MAKERS: Readonly<Record<string, number>> = {
  'new ApiError': 1,
  'new Refusal': 1,
  invalidParameters: 0,
  malformed: 0,
  forbidden: 0,
  conflict: 0,
  absent: 0,
};
/** Wording of bans and kicks, which refusal-texts.ts has in both languages; and texts that are made elsewhere. */
const MADE_ELSEWHERE = [
  'composition.message',
  'off',
  'text',
  'refusalText(refusal, DEFAULT_WORDING)',
  // The second test covers the texts of parameters.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that makes the text
  '`${labelOf(name, field)} ${result.issues[0].message}`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the same
  '`${name} ${result.issues[0].message}`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the texts of webhooks/targets.ts, tested below
  '`url ${problem}`',
];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NOT_FOR_USERS.test(path));
}

/** The texts that an expression can have; a part that is filled in is a 7. */
function textsOf(expression: ts.Expression, file: ts.SourceFile): string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isTemplateExpression(expression)) {
    return [expression.head.text + expression.templateSpans.map(({ literal }) => `7${literal.text}`).join('')];
  }
  if (ts.isConditionalExpression(expression)) {
    return [expression.whenTrue, expression.whenFalse].flatMap((one) => textsOf(one, file));
  }
  const named = /^(\w+)(?:\[|\.)/.exec(expression.getText(file))?.[1] ?? expression.getText(file);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isNamed =
      (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText(file) === lastName(named);
    if (isNamed && node.initializer) collect(node.initializer);
    else ts.forEachChild(node, visit);
  };
  const collect = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else ts.forEachChild(node, collect);
  };
  // `of.reason` is given as `reason: '…'` in the same file; `TABLE[key]` is a table there.
  const lastName = (name: string) => (name === 'of' ? 'reason' : name);
  visit(file);
  return found.length > 0 ? found : [`(unknown) ${expression.getText(file)}`];
}

function thrownTexts(): { path: string; text: string }[] {
  return sourceFiles(join(__dirname, '../../src')).flatMap((path) => {
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    const found: { path: string; text: string }[] = [];
    const visit = (node: ts.Node): void => {
      const isMade = ts.isNewExpression(node);
      const maker = isMade || ts.isCallExpression(node) ? node.expression.getText(file) : '';
      const given =
        isMade || ts.isCallExpression(node)
          ? node.arguments?.[MAKERS[isMade ? `new ${maker}` : maker] ?? -1]
          : undefined;
      if (given && !MADE_ELSEWHERE.includes(given.getText(file))) {
        found.push(...textsOf(given, file).map((text) => ({ path, text })));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

const BAD = [
  {},
  [],
  '',
  ' ',
  'x'.repeat(70_000),
  '\u0000',
  '{',
  '-1',
  -1,
  1.5,
  1e9,
  [1.5],
  ['x'.repeat(300)],
  '!',
  true,
];

/** The texts of a field about bad values. */
function issuesOf(field: Field): string[] {
  return BAD.flatMap((value) => {
    const result = v.safeParse(field.schema, value, { abortEarly: true, abortPipeEarly: true });
    return result.success ? [] : [result.issues[0].message];
  });
}

test('every text of an error that a user of an app or an operator can read is there in Chinese', () => {
  const texts = thrownTexts();
  expect(texts.length).toBeGreaterThan(90);
  expect(texts.filter(({ text }) => inChinese(text) === undefined)).toEqual([]);
});

test('every text about a parameter of the contract exists in Chinese', () => {
  const said = new Set(
    [...Object.values(contract), ...Object.values(adminContract)].flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([name, field]: [string, Field]) =>
        issuesOf(field).map((text) => `${field.docs.label ?? name} ${text}`),
      ),
    ),
  );
  expect(said.size).toBeGreaterThan(60);
  expect([...said].filter((text) => !/\p{Script=Han}/u.test(inChinese(text) ?? ''))).toEqual([]);
});

test('so does every text about the address of a webhook', () => {
  const urls = ['x', 'ftp://example.com', 'https://a:b@example.com', 'http://127.0.0.1'];
  const said = new Set(urls.map((url) => `url ${problemOfUrl(url, false)}`));
  expect(said.size).toBe(3);
  expect([...said].filter((text) => inChinese(text) === undefined)).toEqual([]);
});

const ban = { reason: 'spam', seconds: 3_600 };
const UNTIL = '2026-11-23 13:00:00';

onBothDatabases((kind) => {
  const plain = useStage(kind, { env: { ADMIN_KEY } });
  const chinese = useStage(kind, { env: { ADMIN_KEY, MESSAGE_LANGUAGE: 'zh', TIME_ZONE: 'Asia/Shanghai' } });

  async function refusals(stage: ReturnType<typeof plain>) {
    const [host, guest, banned] = [await newPerson(stage), await newPerson(stage), await newPerson(stage)];
    await host.must('rooms/enter_room', { roomId: host.userId, role: 'anchor', title: 'x' });
    const enter = () => guest.call('rooms/enter_room', { roomId: host.userId, role: 'audience' });
    await operatorOf(stage).must('ban_user', { userId: banned.userId, ...ban });
    const signature = sign({ username: banned.username, secret: banned.salt });
    const signIn = await stage.call('oauth/signature', { username: banned.username, signature });
    await host.must('rooms/kick_user', { roomId: host.userId, targetUserId: guest.userId });
    const kicked = await enter();
    await host.must('rooms/unblock_user', { roomId: host.userId, targetUserId: guest.userId });
    await operatorOf(stage).must('kick_user', { roomId: host.userId, userId: guest.userId, ...ban, seconds: 0 });
    const forEver = await enter();
    await operatorOf(stage).must('end_room', { roomId: host.userId, reason: 'smoking' });
    const ended = await host.call('rooms/room_detail', { roomId: host.userId });
    const missing = await host.call('rooms/destroy_room', {});
    return { signIn, kicked, forEver, ended, missing };
  }
  const said = (answers: Record<string, { errorMessage: string }>) =>
    Object.values(answers).map(({ errorMessage }) => errorMessage);

  test('by default they read English with times in UTC, word for word as before, with fields for apps', async () => {
    const answers = await refusals(plain());
    expect(said(answers)).toEqual([
      `SystemVerifyError(98): this account is banned until ${UNTIL}: spam`,
      'SystemVerifyError(98): you were kicked from this room until this broadcast ends: ',
      'SystemVerifyError(98): you were kicked from this room permanently: spam',
      'RoomNotExists(2004): an operator ended this room: smoking',
      'RoomDestroyParams(2001): roomId is required',
    ]);
    const { signIn, kicked, forEver, ended, missing } = answers;
    const sanctionId = expect.stringMatching(/^\d+$/);
    expect(signIn).toMatchObject({ reason: 'spam', untilUtc: UNTIL, untilBroadcastEnds: false, sanctionId });
    expect(kicked).toMatchObject({ reason: '', untilUtc: '', untilBroadcastEnds: true, sanctionId });
    expect(forEver).toMatchObject({ reason: 'spam', untilUtc: '', untilBroadcastEnds: false, sanctionId });
    expect(ended).toMatchObject({ reason: 'smoking' });
    expect(missing).not.toHaveProperty('reason');
  });

  test('a tenant chooses Chinese and its own time zone; the codes, names and fields stay', async () => {
    const answers = await refusals(chinese());
    expect(said(answers)).toEqual([
      'SystemVerifyError(98): 该账号已被封禁，解封时间 2026-11-23 21:00:00（UTC+8）。原因：spam',
      'SystemVerifyError(98): 你已被踢出该直播间，本场直播结束前不能再次进入',
      'SystemVerifyError(98): 你已被踢出该直播间，不能再次进入。原因：spam',
      'RoomNotExists(2004): 直播已被平台结束。原因：smoking',
      'RoomDestroyParams(2001): 缺少参数 roomId',
    ]);
    expect(answers.signIn).toMatchObject({ reason: 'spam', untilUtc: UNTIL });
    // The log stays as it is: its readers search for the English text.
    expect(chinese().lines.join('\n')).toContain(`this account is banned until ${UNTIL}`);
  });

  test('an operator reads the detail of a refusal in both languages', async () => {
    const refused = await operatorOf(plain()).call('user', { userId: '999999' });
    expect(refused).toMatchObject({
      errorMessage: 'UserNotExists(206): there is no such user',
      detail: { en: 'there is no such user', zh: '用户不存在' },
    });
  });

  test('an appeal accepts the sanctionId of the answer', async () => {
    const person = await newPerson(chinese());
    await operatorOf(chinese()).must('ban_user', { userId: person.userId, ...ban });
    const credentials = { username: person.username, secret: person.salt };
    const signIn = () => chinese().call('oauth/signature', { username: person.username, signature: sign(credentials) });
    const { sanctionId } = Object(await signIn());
    await person.must('reports/appeal', { sanctionId, text: 'not me' });
    const [appeal] = (await operatorOf(chinese()).must<{ items: { appealId: string }[] }>('appeals')).items;
    await operatorOf(chinese()).must('resolve_appeal', {
      appealId: appeal?.appealId,
      verdict: 'upheld',
      reason: 'seen',
    });
    expect((await signIn()).errorMessage).toMatch(/。原因：spam。申诉未通过：seen$/);
  });
});
