/** IM stops answering while a user ends a live and begins the next: no request may take longer than the apps wait. */
import { REQUEST_MS } from '../../src/base/request-budget';
import { lived } from '../../testkit/lived';
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

/** The delay that a busy machine may add (ms). */
const SLACK_MS = 700;

onBothDatabases((kind) => {
  const stage = useStage(kind);
  // A wait without success ends after some real seconds.
  beforeAll(() => stage().clock.thaw());

  async function timed(person: Person, endpoint: string) {
    const call = person.call(endpoint, { roomId: person.userId, role: 'anchor', title: 't' });
    const { result, ms } = await lived(call);
    return { errorCode: result.errorCode, ms };
  }

  test('ending a live and going live again, while IM says nothing', async () => {
    const anchor = await newPerson(stage());
    await anchor.must('rooms/enter_room', { roomId: anchor.userId, role: 'anchor' });
    stage().im.fail({ command: 'destroy_group', hang: true });
    stage().im.fail({ command: 'create_group', hang: true });
    const ended = await timed(anchor, 'rooms/destroy_room');
    const opened = await timed(anchor, 'rooms/enter_room');
    stage().im.clear();
    expect(ended.errorCode).toBe(0);
    expect(ended.ms).toBeLessThan(3_000);
    expect(opened.errorCode).toBe(100);
    expect(opened.ms).toBeLessThan(REQUEST_MS + SLACK_MS);
    // Nothing is left half made: as soon as IM answers, and its last call cannot hurt anymore, the owner is live again.
    stage().wait(60);
    expect((await timed(anchor, 'rooms/enter_room')).errorCode).toBe(0);
  });
});
