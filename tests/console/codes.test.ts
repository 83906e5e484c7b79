/** The console shows the codes that are not sent in demo mode, and nowhere else. */
import { describeWithChromium, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { at, overflow, texts, until } from './support/pages';

const PHONE = '+8613800000001';

async function askFor(service: Running): Promise<void> {
  const body = new URLSearchParams({ phone: PHONE });
  const answer = await fetch(`${service.base}base/v1/auth_users/user_verify_by_picture`, { method: 'POST', body });
  expect(await answer.json()).toMatchObject({ errorCode: 0 });
}

async function codesIn(service: Running): Promise<string[]> {
  const state = (await (await fetch(`${service.base}console/state`)).json()) as { codes: string[] };
  return state.codes;
}

it('are in its state immediately, as on standard error', async () => {
  const service = await runBundle();
  expect(await codesIn(service)).toEqual([]);
  await askFor(service);
  const [code = ''] = await codesIn(service);
  expect(code).toMatch(/^\+8613800000001: \d{6}$/);
  expect(service.output()).toContain(`sign-in code for ${code}\n`);
  await service.stop();
});

it('are hidden if an application is configured, although they are stored', async () => {
  const application = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
  const env = { ...application, TIM_ENDPOINT: 'off', CONSOLE: 'on', CODE_DELIVERY: 'log', CAPTCHA: 'off' };
  const service = await runBundle({ env });
  await askFor(service);
  expect(service.output()).toContain(`sign-in code for ${PHONE}: `);
  expect(await codesIn(service)).toEqual([]);
  await service.stop();
});

describeWithChromium('the console', () => {
  it('shows the newest code in a separate tile', async () => {
    const service = await runBundle();
    await askFor(service);
    const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    await page.goto(`${service.base}console`);
    const tile = page.locator('[data-tile="Codes"] .tile-detail');
    await tile.waitFor();
    expect(await tile.textContent()).toBe((await codesIn(service))[0]);
    await close();
    await service.stop();
  });

  it('signs in by code, with the code of the card, and says when a code is wrong', async () => {
    const service = await runBundle();
    const { page, problems, close } = await openWindow({
      width: 360,
      height: 740,
      locale: 'en-US',
      colorScheme: 'dark',
    });
    await page.goto(`${service.base}console`);
    await page.click(`#viewer ${at('by-code')}`);
    await page.fill(`#viewer ${at('phone')}`, PHONE);
    expect(await inspect(page)).toEqual([]);
    await page.click(`#viewer ${at('send-code')}`);
    const tile = page.locator('[data-tile="Codes"] .tile-detail');
    await tile.waitFor();
    const digits = ((await tile.textContent()) ?? '').split(': ')[1] ?? '';
    await page.fill(`#viewer ${at('code')}`, digits === '000000' ? '111111' : '000000');
    await page.click(`#viewer ${at('code-sign-in')}`);
    await until(page, '#viewer .notice.bad p', ['Wrong verification code.']);
    expect(await inspect(page)).toEqual([]);
    await screenshot(page, 'codes-1-wrong');
    await page.fill(`#viewer ${at('code')}`, digits);
    await page.click(`#viewer ${at('code-sign-in')}`);
    await page.waitForSelector(`#viewer ${at('who')}`);
    expect(await overflow(page)).toBe(0);
    // It has no password that could be shown, and a reload continues it.
    expect(await page.locator(`#viewer ${at('password')}`).count()).toBe(0);
    await page.reload();
    await page.waitForSelector(`#viewer ${at('who')}`);
    expect((await texts(page, `#viewer ${at('who')}`))[0]).toMatch(/^viewer-/);
    expect(problems).toEqual([]);
    await close();
    await service.stop();
  });
});
