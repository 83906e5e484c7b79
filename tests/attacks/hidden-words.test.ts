/** Attack 47: a refused word in a part of a message that an app shows and the review did not read. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { envelopeOf, overHttp } from '../../testkit/ways';
import { customElement, says, textElement } from '../review/support';

const BAD = 'refuseword';
const custom = (content: object) => ({
  MsgType: 'TIMCustomElem',
  MsgContent: { Data: '', Desc: '', Ext: '', Sound: '', ...content },
});
const relay = (content: object) => ({ MsgType: 'TIMRelayElem', MsgContent: { Title: 'two messages', ...content } });

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  let live: Awaited<ReturnType<typeof newLive>>;
  beforeAll(async () => {
    const admin = operatorOf(stage());
    await admin.must('change_review_settings', { enabled: true, language: 'en', customKeys: ['text', 'Desc'] });
    await admin.must('add_words', { words: [BAD], action: 'refuse' });
    await admin.must('add_words', { words: ['maskword'], action: 'mask' });
    live = await newLive(stage());
  });
  const answer = (...body: object[]) => says(stage(), live.roomId, live.viewer.userId, body);
  const answerWith = (CloudCustomData: string, ...body: object[]) =>
    says(stage(), live.roomId, live.viewer.userId, body, { CloudCustomData });

  test.each<[string, object]>([
    ['JSON inside of JSON', customElement({ data: JSON.stringify({ inner: JSON.stringify({ text: BAD }) }) })],
    ['a list under the key', customElement({ text: ['hello', BAD] })],
    ['a list of lists under the key', customElement({ text: [['hello', [BAD]]] })],
    ['another case of the key', customElement({ TEXT: BAD })],
    ['JSON in Ext', custom({ Ext: JSON.stringify({ text: BAD }) })],
    ['Desc, which the tenant has named', custom({ Desc: BAD })],
    ['JSON in the data of a face', { MsgType: 'TIMFaceElem', MsgContent: { Index: 1, Data: `{"text":"${BAD}"}` } }],
    ['JSON in an element of a kind that is not known', { MsgType: 'TIMNewElem', MsgContent: { X: { text: BAD } } }],
    ['the title of forwarded messages', relay({ Title: BAD })],
    ['their lines', relay({ AbstractList: ['one: hello', `two: ${BAD}`] })],
    ['their text for older apps', relay({ CompatibleText: BAD })],
    ['a forwarded message', relay({ MsgList: [{ From_Account: '1', MsgBody: [textElement(BAD)] }] })],
    ['one forwarded twice', relay({ MsgList: [{ MsgBody: [relay({ MsgList: [{ MsgBody: [textElement(BAD)] }] })] }] })],
  ])('%s is read', async (_title, element) => {
    expect((await answer(element)).ErrorCode).toBe(10100);
  });

  test('a quoted message in CloudCustomData is read and masked', async () => {
    const quoted = (text: string) => JSON.stringify({ messageReply: { id: 7, text } });
    expect((await answerWith(quoted(BAD), textElement('yes'))).ErrorCode).toBe(10100);
    expect(await answerWith(quoted('a maskword'), textElement('yes'))).toEqual({
      ActionStatus: 'OK',
      ErrorInfo: '',
      ErrorCode: 0,
      MsgBody: [textElement('yes')],
      CloudCustomData: quoted('a ********'),
    });
    expect(await answerWith(quoted('x'), textElement('a maskword'))).not.toHaveProperty('CloudCustomData');
    for (const none of [BAD, '{', '5', 'null', '"text"']) {
      expect((await answerWith(none, textElement('yes'))).ErrorCode).toBe(0);
    }
  });

  test('a masked word is masked inside of JSON inside of JSON, and nothing else changes', async () => {
    const element = (word: string) =>
      customElement({ id: 7, data: JSON.stringify({ list: [1, { text: ['a', word] }] }) });
    const { ErrorCode, MsgBody } = await answer(element('maskword'));
    expect(ErrorCode).toBe(0);
    expect(MsgBody).toEqual([element('********')]);
  });

  test('names that import_users brings are looked at like those that users choose', async () => {
    const lines = ['One', BAD, 'a maskword'].map((name, n) => JSON.stringify({ username: `n-${kind}-${n}`, name }));
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' };
    const ask = { method: 'POST', path: '/base/v1/admin/import_users', headers, body: lines.join('\n') };
    expect(envelopeOf(await overHttp(stage(), ask)).data).toEqual({
      added: 2,
      known: 0,
      refused: [{ line: 2, why: 'name has words that are not allowed' }],
    });
    const masked = await operatorOf(stage()).must<{ name: string }>('issue_token', { username: `n-${kind}-2` });
    expect(masked.name).toBe('a ********');
  });

  test('texts that the team’s own service passes on are looked at like those of its users', async () => {
    const admin = operatorOf(stage());
    const { userId: ownerId } = await newPerson(stage());
    const { userId } = live.viewer;
    const codes = async (call: string, params: object) => {
      const { status, errorCode } = await admin.call(call, { ...params });
      return [status, errorCode];
    };
    expect(await codes('update_user', { userId, name: BAD })).toEqual([400, 98]);
    await admin.must('update_user', { userId, name: 'a maskword', tag: BAD });
    expect(await live.viewer.must('auth_users/user_query')).toMatchObject({ name: 'a ********', tag: BAD });
    for (const field of ['title', 'subject', 'description']) {
      expect(await codes('open_room', { ownerId, [field]: BAD })).toEqual([400, 98]);
      expect(await codes('update_room', { roomId: live.roomId, [field]: BAD })).toEqual([400, 98]);
    }
    const texts = { title: 'maskword 1', subject: 'maskword 2', description: 'maskword 3' };
    const masked = { title: '******** 1', subject: '******** 2', description: '******** 3' };
    await admin.must('open_room', { ownerId, ...texts });
    await admin.must('update_room', { roomId: live.roomId, ...texts });
    for (const roomId of [ownerId, live.roomId]) {
      expect(await live.viewer.must('rooms/room_detail', { roomId })).toMatchObject(masked);
    }
    const audit = await admin.must<object>('audit', { userId });
    expect(JSON.stringify(audit)).not.toContain('maskword');
  });

  test('a message that cannot be written again does not go out with a word that is to be masked', async () => {
    const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
    const given = await answer(customElement(`{"text":"maskword","deep":${deep}}`));
    expect(given.ErrorCode === 10100 || JSON.stringify(given.MsgBody).includes('********')).toBe(true);
  });

  test('gifts without such texts pass, and deep ones cost nothing', async () => {
    let data = JSON.stringify({ text: BAD });
    for (let depth = 0; depth < 12 && data.length < 12_000; depth += 1) data = JSON.stringify({ d: data });
    expect((await answer(customElement({ businessID: 'gift', note: BAD, n: ['{', '[1'] }))).ErrorCode).toBe(0);
    expect((await answer(customElement(data))).ErrorCode).toBe(0);
  });
});
