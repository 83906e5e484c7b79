/** Running a room in the console: what the host does about viewers and the chat is what the viewer meets. */
import { describeWithChromium, openWindow, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { at, expectSoon, focused, overflow, texts, until } from './support/pages';

describeWithChromium('running a room in the console', () => {
  let service: Running;
  let window: Window;
  const message = () => texts(window.page, `#host details .notice.good p`);
  const problem = () => texts(window.page, '#viewer .notice.bad .detail, #rooms .notice.bad .detail');

  beforeAll(async () => {
    service = await runBundle();
    window = await openWindow({ width: 1280, height: 900, locale: 'en-US', colorScheme: 'light' });
    const { page } = window;
    await page.goto(`${service.base}console`);
    for (const who of ['host', 'viewer']) {
      await page.fill(`#${who} ${at('username')}`, who);
      await page.click(`#${who} ${at('sign-up')}`);
      await page.waitForSelector(`#${who} ${at('who')}`);
    }
    await page.click(`#host ${at('go-live')}`);
    await page.click(`#rooms ${at('watch')}`);
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  it('a viewer becomes an admin, is muted and unmuted by keyboard, and the lists follow', async () => {
    const { page } = window;
    await page.focus('#host details[data-test=run-room] summary');
    await page.keyboard.press('Enter');
    await until(page, `${at('run-viewers')} .clip`, ['viewer']);
    await page.click(at('addAdmin'));
    await until(page, `${at('run-viewers')} .clip`, ['viewer admin']);
    await expectSoon(message, ['viewer is an admin of the room']);
    await page.click(at('removeAdmin'));
    await until(page, `${at('run-viewers')} .clip`, ['viewer']);
    // Until the message is shown, a press in the panel has no effect.
    await expectSoon(message, ['viewer is no longer an admin']);
    await page.focus(at('mute'));
    await page.keyboard.press('Enter');
    await page.waitForSelector(at('run-blocked'));
    expect((await texts(page, `${at('run-blocked')} .clip`))[0]).toMatch(/^viewer muted 2/);
    await expectSoon(message, ['viewer is muted for 10 minutes']);
    expect(await inspect(page)).toEqual([]);
    await page.focus(at('unmute'));
    await page.keyboard.press('Enter');
    await page.waitForSelector(at('run-blocked'), { state: 'detached' });
    await expectSoon(message, ['viewer can write again']);
    // The row with the button is gone: the keyboard is still in the panel.
    await expectSoon(() => focused(page), 'Run the room: kick, mute, admins, chat rules');
  });

  it('a kicked viewer does not come back until the host lets them', async () => {
    const { page } = window;
    await page.click(at('kick'));
    await page.waitForSelector(at('unblock'));
    await until(page, at('run-viewers'), ['']);
    await expectSoon(message, ['viewer was kicked until the broadcast ends']);
    await page.click(`#viewer ${at('leave-room')}`);
    await page.click(`#rooms ${at('watch')}`);
    await expectSoon(problem, ['SystemVerifyError(98): you were kicked from this room until this broadcast ends:']);
    await page.click(at('unblock'));
    await page.waitForSelector(at('run-blocked'), { state: 'detached' });
    await page.click(`#rooms ${at('watch')}`);
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await until(page, `${at('run-viewers')} .clip`, ['viewer']);
  });

  it('a second viewer is added by keyboard, watches next to the first, and both are there after a reload', async () => {
    const { page } = window;
    await page.focus(at('add-viewer'));
    await page.keyboard.press('Enter');
    await expectSoon(() => focused(page), 'username');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('second');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#viewer2 ${at('who')}`);
    await page.click(`#rooms ${at('watch-second')}`);
    await page.waitForSelector(`#viewer2 ${at('leave-room')}`);
    const names = async () => (await texts(page, `${at('run-viewers')} .clip`)).sort();
    await expectSoon(names, ['second', 'viewer']);
    expect([await inspect(page), await overflow(page)]).toEqual([[], 0]);
    await page.reload();
    for (const who of ['viewer', 'viewer2']) await page.waitForSelector(`#${who} ${at('leave-room')}`);
    await page.click(`#viewer2 ${at('leave-room')}`);
    await page.waitForSelector(`#viewer2 ${at('leave-room')}`, { state: 'detached' });
    await page.click('#host details[data-test=run-room] summary');
    await expectSoon(names, ['viewer']);
  });

  it('chat rules are saved, survive a reload, and a value that the service refuses is said where it was typed', async () => {
    const { page } = window;
    await page.fill(at('slowSeconds'), '2');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#host details .notice.bad');
    await page.fill(at('slowSeconds'), '30');
    await page.selectOption(at('speak'), 'admins');
    await page.uncheck(at('links'));
    await page.click(at('save-rules'));
    await expectSoon(message, ['The chat rules are saved']);
    await page.reload();
    await page.click('#host details[data-test=run-room] summary');
    await page.waitForSelector(at('save-rules'));
    const shown = [await page.inputValue(at('slowSeconds')), await page.inputValue(at('speak'))];
    expect([...shown, await page.isChecked(at('links'))]).toEqual(['30', 'admins', false]);
    await page.setViewportSize({ width: 360, height: 780 });
    expect([await overflow(page), window.problems]).toEqual([0, []]);
  });
});
