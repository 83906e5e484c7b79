/** Covers and avatars: the vendor is asked after the write, what it blocks is taken away, and what it doubts an operator decides. */
import { createServer } from 'node:http';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { type FakeModeration, startFakeIms } from '../../testkit/fake-moderation';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { CLOUD_KEY, newLive, type Stage, startStage } from '../../testkit/stage';
import { type Receiver, startReceiver, unlikeContract } from '../operators/support/receiver';

interface Held {
  heldId: string;
  text: string;
  picture: string;
  label: string;
  state: string;
}

onBothDatabases((kind) => {
  let ims: FakeModeration;
  let stage: Stage;
  let receiver: Receiver;
  let pictures = 0;

  beforeAll(async () => {
    ims = await startFakeIms(CLOUD_KEY);
    stage = await startStage(kind, { env: { ADMIN_KEY, IMS_ENDPOINT: ims.url, WEBHOOK_ALLOW_PRIVATE: 'true' } });
    receiver = await startReceiver();
    await settings({ enabled: true, vendorPictures: true });
    await admin().must('add_webhook', { url: receiver.url, events: ['picture.removed'] });
  });
  afterAll(async () => {
    await receiver.close();
    await stage.close();
    await ims.stop();
  });
  beforeEach(() => receiver.got.splice(0));
  afterEach(async () => {
    ims.clear();
    ims.limit(100);
    await settings({ vendorReview: 'hold', vendorPictures: true });
    expect(receiver.got.flatMap(unlikeContract)).toEqual([]);
  });

  const admin = () => operatorOf(stage);
  const settings = (change: Record<string, unknown>) => admin().must('change_review_settings', change);
  const newUrl = (word = 'fine') => `https://pictures.example.com/${word}/${++pictures}.png`;
  const asked = (url: string) => ims.calls.filter(({ text }) => text === url).length;
  const avatarOf = async (person: Person) => (await person.must<{ avatar: string }>('auth_users/user_query')).avatar;
  const coverOf = async (person: Person, roomId: string) =>
    (await person.must<{ cover: string }>('rooms/room_detail', { roomId })).cover;
  const heldOf = async (userId: string, state = 'open') =>
    (await admin().must<{ items: Held[] }>('held', { userId, state })).items;
  const decide = (heldId: string, verdict: string) => admin().must('decide_held', { heldIds: [heldId], verdict });
  const later = async (seconds = 30) => {
    stage.wait(seconds);
    await stage.maintain();
  };
  /** Until nothing waits: the vendor is asked so many times a second only. */
  const reviewed = async () => {
    await later();
    for (let round = 0; round < 8; round += 1) {
      if (!(await stage.outbox()).some(({ kind: one }) => one === 'review_picture')) return;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await later(60);
    }
  };
  const withAvatar = async (url: string) => {
    const person = await newPerson(stage);
    await person.must('auth_users/user_update', { avatar: url });
    return person;
  };

  test('a blocked avatar and a blocked cover are taken away, here and in IM, with webhook and audit', async () => {
    const { anchor, roomId } = await newLive(stage);
    const [avatar, cover] = [newUrl('ad'), newUrl('ad')];
    await anchor.must('auth_users/user_update', { avatar });
    await anchor.must('rooms/update_room', { roomId, cover });
    expect([await avatarOf(anchor), await coverOf(anchor, roomId)]).toEqual([avatar, cover]);
    await later();
    await later();
    expect([asked(avatar), asked(cover)]).toEqual([1, 1]);
    expect(ims.calls.at(-1)?.body).toMatchObject({ User: { UserId: anchor.userId, AccountType: '7' } });
    const shown = await avatarOf(anchor);
    expect(shown).toMatch(/^https:\/\/imgcache\.qq\.com\//);
    expect(await coverOf(anchor, roomId)).toBe('');
    const told = stage.im.calls.filter(({ command }) => command === 'account_import').map(({ body }) => body);
    expect(told).toContainEqual(expect.objectContaining({ UserID: anchor.userId, FaceUrl: shown }));
    await createDeliverer(stage.services).deliverDue(() => true);
    const removed = { userId: anchor.userId, label: 'Ad', by: 'vendor' };
    const events = receiver.got.map(({ event: { data } }) => data);
    expect(events).toHaveLength(2);
    expect(events).toContainEqual({ ...removed, picture: 'avatar', url: avatar });
    expect(events).toContainEqual(expect.objectContaining({ ...removed, picture: 'cover', url: cover, roomId }));
    const { items } = await admin().must<{ items: object[] }>('audit', { action: 'remove_picture' });
    expect(items).toContainEqual(expect.objectContaining({ operator: 'vendor', roomId, userId: anchor.userId }));
  });

  test('a picture that passes stays, and is not asked about again for an hour', async () => {
    const url = newUrl();
    const person = await withAvatar(url);
    await later();
    await person.must('auth_users/user_update', { avatar: url });
    const other = await withAvatar(url);
    expect((await stage.outbox()).filter(({ target }) => [person, other].some((one) => one.userId === target))).toEqual(
      [],
    );
    await later();
    expect([asked(url), await avatarOf(person), await avatarOf(other)]).toEqual([1, url, url]);
    stage.wait(3_600);
    await withAvatar(url);
    await later();
    expect(asked(url)).toBe(2);
  });

  test('a doubtful one waits for an operator: passed it stays, refused it goes', async () => {
    const [stays, goes] = [newUrl('doubt'), newUrl('doubt')];
    const [one, other] = [await withAvatar(stays), await withAvatar(goes)];
    await later();
    const [first] = await heldOf(one.userId);
    const [second] = await heldOf(other.userId);
    expect([first, second]).toMatchObject([
      { text: stays, picture: 'avatar', label: 'Ad', state: 'open' },
      { text: goes, picture: 'avatar' },
    ]);
    expect(await decide(first?.heldId ?? '', 'pass')).toMatchObject({ done: 1 });
    expect(await decide(second?.heldId ?? '', 'refuse')).toMatchObject({ done: 1 });
    expect(await avatarOf(one)).toBe(stays);
    expect(await avatarOf(other)).not.toBe(goes);
    expect(stage.im.calls.filter(({ command }) => command === 'send_group_msg')).toEqual([]);
  });

  test.each([
    ['refuse', false],
    ['silent', false],
    ['pass', true],
  ])('with vendorReview %s a doubtful one is decided without an operator', async (vendorReview, stays) => {
    await settings({ vendorReview });
    const url = newUrl('doubt');
    const person = await withAvatar(url);
    await later();
    expect([(await avatarOf(person)) === url, await heldOf(person.userId)]).toEqual([stays, []]);
  });

  test('a refusal comes too late for a picture that the user has replaced', async () => {
    const [old, next] = [newUrl('doubt'), newUrl()];
    const person = await withAvatar(old);
    await later();
    await person.must('auth_users/user_update', { avatar: next });
    const [item] = await heldOf(person.userId);
    await decide(item?.heldId ?? '', 'refuse');
    expect(await avatarOf(person)).toBe(next);
    // Replaced before the vendor was asked: it is not asked.
    const gone = newUrl('ad');
    await person.must('auth_users/user_update', { avatar: gone });
    await person.must('auth_users/user_update', { avatar: next });
    await later();
    expect([asked(gone), await avatarOf(person)]).toEqual([0, next]);
    // The same for the default picture.
    const standard = await avatarOf(await newPerson(stage));
    await person.must('auth_users/user_update', { avatar: gone });
    await person.must('auth_users/user_update', { avatar: standard });
    await later(90);
    expect([asked(gone), asked(standard)]).toEqual([0, 0]);
  });

  test("nobody sets another owner's cover, so nothing is asked or taken away for it", async () => {
    const { roomId, anchor, viewer } = await newLive(stage);
    const [own, foreign] = [newUrl(), newUrl('ad')];
    await anchor.must('rooms/update_room', { roomId, cover: own });
    await viewer.call('rooms/update_room', { roomId, cover: foreign });
    await viewer.call('rooms/update_room', { roomId, cover: own });
    await later();
    expect([asked(foreign), await coverOf(anchor, roomId)]).toEqual([0, own]);
  });

  test('a vendor that fails is asked again later, and answers of users never wait for it', async () => {
    const url = newUrl('ad');
    ims.fail({ errorCode: 'InternalError' });
    const person = await withAvatar(url);
    await later();
    expect(await avatarOf(person)).toBe(url);
    expect((await stage.outbox()).map(({ kind: one }) => one)).toContain('review_picture');
    ims.clear();
    await later(600);
    expect(await avatarOf(person)).not.toBe(url);
    expect((await stage.outbox()).map(({ kind: one }) => one)).not.toContain('review_picture');
  });

  test('pictures that the vendor cannot download go to an operator, and do not count as failures of the vendor', async () => {
    const people = await Promise.all(Array.from({ length: 7 }, () => withAvatar(newUrl('missing'))));
    const blocked = await withAvatar(newUrl('ad'));
    await reviewed();
    for (const { userId } of people) expect(await heldOf(userId)).toMatchObject([{ label: 'Unreadable' }]);
    expect(await avatarOf(blocked)).toMatch(/^https:\/\/imgcache/);
  });

  test('the service opens no address that a user gives, whatever it is', async () => {
    let opened = 0;
    const inside = createServer((_, reply) => {
      opened += 1;
      reply.end();
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const address = inside.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const urls = [`http://127.0.0.1:${port}/doubt`, `http://localhost:${port}/ad`, 'file:///etc/passwd', '//ad', 'ad'];
    for (const url of urls) {
      const person = await newPerson(stage);
      await person.call('auth_users/user_update', { avatar: url });
    }
    await reviewed();
    expect(opened).toBe(0);
    await new Promise((resolve) => inside.close(resolve));
  });

  test('without vendorPictures nothing is queued, and nothing that was queued before is asked', async () => {
    const before = newUrl('ad');
    const person = await withAvatar(before);
    await settings({ vendorPictures: false });
    const other = await withAvatar(newUrl('ad'));
    // Reviews of the tests before may wait for another try.
    const queued = (await stage.outbox())
      .filter(({ kind: one }) => one === 'review_picture')
      .map(({ target }) => target);
    expect([person, other].map(({ userId }) => queued.includes(userId))).toEqual([true, false]);
    await later();
    expect([asked(before), await avatarOf(person)]).toEqual([0, before]);
  });
});
