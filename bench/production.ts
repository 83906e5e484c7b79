/** The service as in production: IM makes and dissolves the groups, and a webhook takes the events of broadcasts. */
import { startFakeIm } from '../testkit/fake-im';
import { type Running, SETTINGS, startProcess } from './processes';
import { addWebhook, startReceiver } from './receiver';

/** Going live and ending, with it. */
export const PRODUCTION = 'destroy_room, enter_room (go live; with IM and a webhook)';

export interface Production {
  service: Running;
  stop(): Promise<void>;
}

/** `env`: its database. The fake IM and the receiver run in this process. */
export async function startProduction(bundle: string, env: Readonly<Record<string, string>>): Promise<Production> {
  const im = await startFakeIm({ sdkAppId: Number(SETTINGS.TRTC_TIM_APPID), secret: SETTINGS.TRTC_TIM_SECRET });
  const receiver = await startReceiver();
  const service = await startProcess(bundle, { ...env, TIM_ENDPOINT: im.url, WEBHOOK_ALLOW_PRIVATE: 'true' });
  // The first request makes the tables.
  await fetch(`http://127.0.0.1:${service.port}/`);
  await addWebhook(service.port, receiver.url);
  return {
    service,
    stop: async () => {
      await service.stop();
      await Promise.all([im.stop(), receiver.close()]);
    },
  };
}
