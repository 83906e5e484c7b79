/** Attack 7: a group is destroyed that is not the live's, and the live is to end with it. */
import { newPerson } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { groupDestroyed, imCallback } from '../../testkit/vendor';

onBothDatabases((kind) => {
  const stage = useStage(kind);

  test.each([
    ['another user', async () => (await newPerson(stage())).userId],
    ['no user', async () => ''],
    ['a user of another tenant with the same number', async (owner: string) => `shop-${owner}`],
  ])('a group owned by %s ends no live', async (_whose, ownerOf) => {
    const { anchor, viewer, roomId } = await newLive(stage());
    stage().wait(60);
    await imCallback(stage(), groupDestroyed(roomId, await ownerOf(anchor.userId), stage().clock.now()));
    expect((await viewer.call('rooms/room_detail', { roomId })).errorCode).toBe(0);
    expect(stage().im.groups(APP_ID).has(roomId)).toBe(true);
  });

  test("the owner's own group ends it", async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    stage().wait(60);
    await imCallback(stage(), groupDestroyed(roomId, anchor.userId, stage().clock.now()));
    expect((await viewer.call('rooms/room_detail', { roomId })).errorCode).toBe(2004);
  });
});
