/** Attack 6: the callback of one tenant about the number of another tenant's user. */
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { imCallback, roomEvent, stateChange, trtcCallback } from '../../testkit/vendor';

const shop = { apaasAppId: 'shop', sdkAppId: 1_400_000_777, secret: 'another-secret-0123456789abcdef' };
const TENANTS = JSON.stringify([{ ...shop, imCallbackToken: 'shop-token', trtcCallbackKey: 'shopKey' }]);
const BY_SHOP = { token: 'shop-token', sdkAppId: shop.sdkAppId };

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { TENANTS } });
  let watcher: Person;
  beforeAll(async () => {
    watcher = await newPerson(stage());
  });

  test("'shop-4 is gone' does not hide the default tenant's owner 4", async () => {
    const { anchor, roomId } = await newLive(stage());
    for (const action of ['Disconnect', 'Logout'] as const) {
      const event = stateChange(`shop-${anchor.userId}`, action, stage().clock.now());
      expect((await imCallback(stage(), event, BY_SHOP)).status).toBe(200);
    }
    const left = {
      type: 104,
      roomId: `shop-${roomId}`,
      userId: `shop-${anchor.userId}`,
      at: stage().clock.now(),
    } as const;
    expect((await trtcCallback(stage(), roomEvent(left), { key: 'shopKey', sdkAppId: shop.sdkAppId })).status).toBe(
      200,
    );
    stage().wait(60);
    expect(await stage().listed(watcher)).toContain(roomId);
  });

  test("'shop-4 is there' brings no user back", async () => {
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('auth_users/user_keepalive');
    stage().wait(100);
    expect(await stage().listed(watcher)).not.toContain(roomId);
    await imCallback(stage(), stateChange(`shop-${anchor.userId}`, 'Login', stage().clock.now()), BY_SHOP);
    expect(await stage().listed(watcher)).not.toContain(roomId);
  });

  test("callbacks about the tenant's user count", async () => {
    stage().im.addApp(shop);
    const anchor = await newPerson(stage(), { extra: { apaasAppId: 'shop' } });
    const viewer = await newPerson(stage(), { extra: { apaasAppId: 'shop' } });
    const roomId = anchor.userId;
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
    expect(await stage().listed(viewer)).toContain(roomId);
    await imCallback(stage(), stateChange(anchor.userId, 'Disconnect', stage().clock.now()), BY_SHOP);
    stage().wait(31);
    expect(await stage().listed(viewer)).not.toContain(roomId);
  });
});
