/** In demo mode the console shows the codes that are not sent; anywhere else it never does. */
import { describeWithChromium, openWindow } from '../../testkit/browser';
import { type Running, runBundle } from './support/bundle';

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

it('are in its state at once, as on standard error', async () => {
  const service = await runBundle();
  expect(await codesIn(service)).toEqual([]);
  await askFor(service);
  const [code = ''] = await codesIn(service);
  expect(code).toMatch(/^\+8613800000001: \d{6}$/);
  expect(service.output()).toContain(`sign-in code for ${code}\n`);
  await service.stop();
});

it('are not where an application is configured, although they are written down', async () => {
  const application = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
  const env = { ...application, TIM_ENDPOINT: 'off', CONSOLE: 'on', CODE_DELIVERY: 'log', CAPTCHA: 'off' };
  const service = await runBundle({ env });
  await askFor(service);
  expect(service.output()).toContain(`sign-in code for ${PHONE}: `);
  expect(await codesIn(service)).toEqual([]);
  await service.stop();
});

describeWithChromium('the console', () => {
  it('shows the newest code in a tile of its own', async () => {
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
});
