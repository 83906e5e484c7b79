/** Attack 25: one phone gives an id back that the other phone of the same owner is opening. */
import { columns, sql } from '../../src/data/engine/sql';
import { gate, sleep } from '../../testkit/gate';
import { newPeople, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';

const ID = columns('public_ids', '', ['owner_id']);

onBothDatabases((kind) => {
  const stage = useStage(kind);
  const ownersOf = (roomId: string) =>
    look(stage().services.database.forRequest(), ID, sql`SELECT ${ID} FROM public_ids WHERE public_id = ${roomId}`);

  test('the room that the second phone opens keeps its id', async () => {
    const [owner, stranger] = (await newPeople(stage(), 2)) as [Person, Person];
    const roomId = `two-phones-${owner.userId}`;
    const { services } = stage();
    const { im } = services.vendors;
    if (!im) throw new Error('IM is off');
    const gated = gate();
    services.vendors.im = { ...im, createGroup: async (...call) => gated.pass().then(() => im.createGroup(...call)) };
    const first = owner.call('rooms/enter_room', { roomId, role: 'anchor' });
    await gated.reached;
    services.vendors.im = im;
    const second = owner.call('rooms/enter_room', { roomId, role: 'anchor' });
    await sleep(120);
    // IM refuses the first phone permanently, so that it releases everything while the second one waits.
    stage().im.fail({ command: 'create_group', errorCode: 10_007, times: 1 });
    gated.open();
    expect((await first).errorCode).toBe(104);
    expect((await second).data).toEqual({ roomId, role: 'anchor' });
    expect(await ownersOf(roomId)).toEqual([{ owner_id: Number(owner.userId) }]);
    expect((await stranger.call('rooms/enter_room', { roomId, role: 'anchor' })).data).toEqual({
      roomId,
      role: 'audience',
    });
  });

  test('many phones and a vendor that refuses every second call: both id and room exist or neither', async () => {
    const [owner] = (await newPeople(stage(), 1)) as [Person];
    for (let round = 0; round < 5; round += 1) {
      const roomId = `often-${round}-${owner.userId}`;
      stage().im.fail({ command: 'create_group', errorCode: 10_007, times: 3 });
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => owner.call('rooms/enter_room', { roomId, role: 'anchor' })),
      );
      stage().im.clear();
      const opened = answers.some(({ errorCode }) => errorCode === 0);
      const exists = (await owner.call('rooms/room_detail', { roomId })).errorCode === 0;
      expect(exists).toBe(opened);
      expect(await ownersOf(roomId)).toHaveLength(exists ? 1 : 0);
      if (exists) await owner.must('rooms/destroy_room', { roomId });
    }
  });
});
