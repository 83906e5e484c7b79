/** The operators' pages about texts, against the built service: what is decided there is what IM is answered afterwards. */
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { LiveRoomClient } from '../../client/src/index';
import { describeWithChromium, openWindow, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { openScreen, signIn } from './support/operators-pages';
import { at, expectSoon, focused, overflow, texts, until } from './support/pages';
import { askAsIm, idOf, newClient } from './support/people';

const ADMIN_KEY = 'lrk_a-key-for-tests-that-nobody-else-has';
const TOKEN = 'callback-token';

describeWithChromium('the operators’ pages about texts', () => {
  let service: Running;
  let window: Window;
  let page: Page;
  let host: LiveRoomClient;
  let guest: LiveRoomClient;
  let messages = 0;

  async function admin(call: string, params: object = {}, key = ADMIN_KEY) {
    const response = await fetch(`${service.base}base/v1/admin/${call}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return Object(Object(await response.json()).data);
  }
  const person = (username: string) => newClient(service.base, username);

  const callback = (command: string, body: object) => askAsIm(service.base, TOKEN, command, body);
  /** What IM is answered, as the error code; a message that goes out gets its number. */
  async function write(text: string): Promise<number> {
    messages += 1;
    const body = {
      GroupId: idOf(host),
      Type: 'AVChatRoom',
      From_Account: idOf(guest),
      Random: messages,
      MsgId: `m-${messages}`,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
    };
    const code = await callback('Group.CallbackBeforeSendMsg', body);
    if (code === 0) await callback('Group.CallbackAfterSendMsg', { ...body, MsgSeq: messages });
    return code;
  }
  const open = (screen: string) => openScreen(page, screen);
  const held = () => texts(page, at('held-text'));
  const hash = () => page.evaluate<string>('location.hash');
  const look = async () => [await overflow(page), ...(await inspect(page))];

  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY, IM_CALLBACK_TOKEN: TOKEN } });
    [host, guest] = [await person('host'), await person('guest')];
    await host.api.enterRoom({ roomId: idOf(host), role: 'anchor', title: 'The real room', category: 'music' });
    await guest.api.enterRoom({ roomId: idOf(host), role: 'audience' });
    window = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    page = window.page;
    await page.goto(`${service.base}operators`);
    await signIn(page, ADMIN_KEY);
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  it('review is switched on by a form, and says that IM has never asked and what to check', async () => {
    await open('held');
    await until(page, '.empty b', ['Review is off.']);
    await page.click('.empty .button');
    await until(page, at('callback-state'), ['Off']);
    expect(await page.isDisabled(at('save'))).toBe(true);
    await page.check(at('enabled'));
    await page.fill(at('chatLogDays'), '181');
    await page.click(at('save'));
    await page.waitForSelector('[data-test=review-form] .notice.bad');
    await page.fill(at('chatLogDays'), '90');
    await page.fill(at('customKeys'), 'text，message');
    await page.keyboard.press('Enter');
    await until(page, at('callback-state'), ['Nothing arrives']);
    expect((await texts(page, at('callback-advice'))).join()).toContain('Group.CallbackBeforeSendMsg is ticked');
    expect(await look()).toEqual([0]);
    expect(await admin('review_settings')).toMatchObject({
      enabled: true,
      chatLogDays: 90,
      customKeys: ['text', 'message'],
      vendor: 'none',
    });
    await page.reload();
    await expectSoon(() => page.inputValue(at('chatLogDays')), '90');
  });

  it('words are added, tried out as they are typed, imported, exported and removed', async () => {
    await open('words');
    await page.click(at('add'));
    await page.fill(at('words'), 'badword\n\n  maskme  ');
    await page.selectOption(`dialog ${at('action')}`, 'mask');
    await page.fill(`dialog ${at('tag')}`, 'insults');
    expect(await look()).toEqual([0]);
    await page.click(at('do'));
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await until(page, 'tbody td:nth-child(2)', ['maskme', 'badword']);
    await page.click(at('try'));
    await page.keyboard.type('a B a d word, maskme');
    await until(page, at('verdict'), ['Goes out masked']);
    expect(await texts(page, `${at('checked')} mark`)).toEqual(['B a d word', 'maskme']);
    expect(await texts(page, at('goes-out'))).toEqual(['a **********, ******']);
    const file = join(tmpdir(), `live-room-words-${process.pid}.csv`);
    await writeFile(file, 'text,action,tag\r\n"hold, me",hold,\r\nbadword,refuse,ads\r\n');
    await page.click(at('import'));
    await page.setInputFiles(at('file'), file);
    await until(page, at('effect'), ['2 words in the file: Refuse 1, Hold 1.']);
    await page.click(at('do'));
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await until(page, 'tbody td:nth-child(2)', ['hold, me', 'maskme', 'badword']);
    // The text in the field is judged by the list as it is now.
    await until(page, at('verdict'), ['Refused']);
    await page.click(at('export'));
    const saving = page.waitForEvent('download');
    await page.click(at('do'));
    const saved = await readFile((await (await saving).path()) ?? '', 'utf8');
    expect(saved).toBe('\uFEFFtext,action,tag\r\n"hold, me",hold,\r\nmaskme,mask,insults\r\nbadword,refuse,ads\r\n');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await page.check('tr:has-text("maskme") [data-test=choose]');
    await page.click(at('bulk-remove'));
    await page.click(at('do'));
    await until(page, 'tbody td:nth-child(2)', ['hold, me', 'badword']);
    await page.fill(at('search'), 'bad');
    await until(page, 'tbody td:nth-child(2)', ['badword']);
    expect(await hash()).toBe('#/words?search=bad');
  });

  it('held texts appear by themselves, and are decided by one key each, several at once, or by a button', async () => {
    await open('held');
    await until(page, '.empty b', ['No held texts.']);
    const lines = ['hold me 1', 'Hold Me 2', 'h o l d m e 3', 'hold me 4', 'hold me 5', 'hold me 6'];
    for (const line of lines) await expectSoon(() => write(line), 10_103);
    await until(page, at('held-text'), lines);
    await until(page, at('waiting-held'), ['6']);
    expect(await texts(page, `${at('held-text')} mark`)).toEqual(lines.map((line) => line.slice(0, -2)));
    await until(page, at('callback-advice'), []);
    expect(await look()).toEqual([0]);
    // The first key only goes to a row; the next is a verdict.
    await page.keyboard.press('p');
    expect(await held()).toHaveLength(6);
    await page.keyboard.press('p');
    await until(page, at('held-text'), lines.slice(1));
    await page.keyboard.press('r');
    await until(page, at('held-text'), lines.slice(2));
    expect(await focused(page)).toBe('h o l d m e 3');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect((await texts(page, `${at('bulk')} b`))[0]).toBe('2 selected');
    await page.click(at('bulk-refuse'));
    await until(page, at('held-text'), [lines[2] ?? '', lines[5] ?? '']);
    await page.click(`tr:has-text("hold me 6") ${at('pass')}`);
    await until(page, at('held-text'), [lines[2] ?? '']);
    const decided = async (state: string) =>
      (await admin('held', { state })).items.map((one: { text: string }) => one.text);
    await expectSoon(() => decided('passed'), ['hold me 6', 'hold me 1']);
    expect(await decided('refused')).toEqual(['hold me 5', 'hold me 4', 'Hold Me 2']);
    await page.selectOption(at('state'), 'passed');
    await until(page, at('held-text'), ['hold me 6', 'hold me 1']);
    await page.reload();
    await until(page, at('held-text'), ['hold me 6', 'hold me 1']);
    expect(await hash()).toBe('#/held?state=passed');
  });

  it('a verdict that another operator was faster with is said, and the row goes', async () => {
    await open('held');
    await until(page, at('held-text'), ['h o l d m e 3']);
    await page.route('**/admin/held', (route) => route.abort());
    const { items } = await admin('held');
    await admin('decide_held', { heldIds: [items[0].heldId], verdict: 'refuse' });
    await page.click(at('pass'));
    await until(page, '.toasts .notice.bad p', ['0 done, 1 failed.']);
    expect((await texts(page, '.toasts .detail'))[0]).toBe('it is refused already');
    expect(await look()).toEqual([0]);
    await page.unroute('**/admin/held');
    await until(page, '.empty b', ['No held texts.']);
    // While it loads, on a wide screen.
    await page.setViewportSize({ width: 2560, height: 1200 });
    await page.route('**/admin/held', () => {});
    await page.reload();
    await page.waitForSelector('.skeleton');
    expect(await look()).toEqual([0]);
    await page.unroute('**/admin/held');
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  it('the chat of a room shows what went out and what did not, and a message is recalled', async () => {
    expect([await write('hello'), await write('a badword')]).toEqual([0, 10_100]);
    // A cover of the sample data comes from the service itself.
    await page.route('**/sample/cover.svg', (route) =>
      route.fulfill({
        contentType: 'image/svg+xml',
        body: '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>',
      }),
    );
    await host.api.updateRoom({ roomId: idOf(host), cover: `${service.base}sample/cover.svg` });
    await page.evaluate(`location.hash = '#/rooms/room/${idOf(host)}'`);
    await expectSoon(() => page.evaluate("document.querySelector('.side .cover img')?.naturalWidth"), 16);
    await host.api.updateRoom({ roomId: idOf(host), cover: '' });
    await page.click(`.side ${at('to-chat-of')}`);
    expect(await hash()).toBe(`#/chat?roomId=${idOf(host)}`);
    await expectSoon(async () => (await texts(page, 'tbody td:nth-child(2)')).slice(0, 2), ['a badword', 'hello']);
    expect((await texts(page, 'tbody td:nth-child(4)')).slice(0, 3)).toEqual([
      'Refused word or vendor',
      'Sent',
      'Held',
    ]);
    expect(await look()).toEqual([0]);
    await page.click(at('recall'));
    await page.fill(`dialog ${at('reason')}`, 'spam');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await expectSoon(async () => (await texts(page, 'tbody td:nth-child(4)'))[1], 'Recalled');
    const asked = async () => (await admin('audit', { action: 'messages' })).items.length;
    const before = await asked();
    await page.fill(at('userId'), idOf(guest));
    // Typing asks for nothing: each search leaves a row in the audit log.
    await page.waitForTimeout(400);
    expect(await asked()).toBe(before);
    await page.keyboard.press('Enter');
    await expectSoon(hash, `#/chat?roomId=${idOf(host)}&userId=${idOf(guest)}`);
    await expectSoon(asked, before + 1);
    const saving = page.waitForEvent('download');
    await page.click(at('csv'));
    expect(await readFile((await (await saving).path()) ?? '', 'utf8')).toContain('a badword');
    await open('audit');
    await page.waitForSelector('tbody tr');
    const sentences = await texts(page, 'tbody td:nth-child(2)');
    expect(sentences).toEqual(expect.arrayContaining(['admin read the chat of The real room']));
    expect(sentences.join('\n')).toContain('admin recalled a message of guest 🎹 in The real room: spam');
  });

  it('an appeal is decided with its sanction in sight, and lifting lifts', async () => {
    const { sanctionId } = await admin('mute_user', { userId: idOf(guest), seconds: 3_600, reason: 'insults' });
    await guest.api.appeal({ sanctionId, text: 'it was my brother' });
    await open('appeals');
    await until(page, 'tbody td:nth-child(1)', ['it was my brother']);
    await page.click(at('resolve'));
    await page.waitForSelector(`dialog ${at('sanction')}`);
    expect((await texts(page, `dialog ${at('sanction')}`))[0]).toMatch(/^muted\s.*insults imposed by admin$/);
    await page.selectOption(`dialog ${at('verdict')}`, 'lifted');
    await page.fill(`dialog ${at('reason')}`, 'believable');
    await until(page, at('effect'), ['Lifts the sanction now.']);
    expect(await look()).toEqual([0]);
    await page.click(at('do'));
    await until(page, '.empty b', ['No open appeals.']);
    expect((await admin('sanctions', { userId: idOf(guest) })).items).toEqual([]);
    await page.selectOption(at('state'), 'done');
    await until(page, 'tbody td:nth-child(4)', ['Lifted by admin']);
  });

  it('a key that may only read decides nothing, and a phone in Chinese shows it all', async () => {
    const { key } = await admin('add_operator', { name: 'reader', scope: 'read' });
    await write('hold me once more');
    const phone = await openWindow({ width: 360, height: 780, locale: 'zh-CN', colorScheme: 'dark' });
    try {
      page = phone.page;
      await page.goto(`${service.base}operators`);
      await page.fill(at('key'), key);
      await page.click(at('sign-in'));
      await open('held');
      await until(page, at('held-text'), ['hold me once more']);
      await page.keyboard.press('p');
      await page.keyboard.press('p');
      expect([await page.locator(at('pass')).count(), await held()]).toEqual([0, ['hold me once more']]);
      for (const screen of ['held', 'words', 'review', `chat?userId=${idOf(guest)}`, 'appeals']) {
        await open(screen);
        expect([screen, await overflow(page)]).toEqual([screen, 0]);
      }
      await open('review');
      expect(await page.isDisabled(at('enabled'))).toBe(true);
      expect(phone.problems).toEqual([]);
    } finally {
      page = window.page;
      await phone.close();
    }
  });
});
