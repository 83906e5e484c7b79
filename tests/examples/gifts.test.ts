/** The gift service of examples/gifts: a separate process next to the service, with the fake IM and real webhooks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { request } from '../../testkit/http-client';
import { until } from '../../testkit/lived';
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { newPerson, type Person, type Room } from '../../testkit/people';
import { APP_ID, APP_SECRET } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { type Running, run } from './support';

const SHOP_KEY = 'the key of the payment service';
const stage = useStage('sqlite', { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' } });
const folder = mkdtempSync(join(tmpdir(), 'live-room-gifts-'));
let gifts: Running;
let env: Record<string, string>;
let webhookId: string;

async function start(): Promise<void> {
  gifts = await run('examples/gifts/server.mjs', env);
  const url = `http://127.0.0.1:${gifts.port}/hooks`;
  await operatorOf(stage()).must('change_webhook', { webhookId, url });
}

beforeAll(async () => {
  // A signature is valid for five minutes, and the example has the machine's clock.
  stage().clock.freeze(Date.now());
  stage().clock.thaw();
  const { key } = await newOperator(stage(), { name: 'gifts', scope: 'service' });
  const webhook = { url: 'http://127.0.0.1:9/hooks', events: ['room.opened', 'room.ended', 'user.deleted'] };
  const added = await operatorOf(stage()).must<{ webhookId: string; secret: string }>('add_webhook', webhook);
  webhookId = added.webhookId;
  env = {
    SERVICE: `http://127.0.0.1:${stage().port}`,
    SERVICE_KEY: key,
    WEBHOOK_SECRET: added.secret,
    SHOP_KEY,
    SDK_APP_ID: String(APP_ID),
    SDK_SECRET: APP_SECRET,
    IM: stage().im.url,
    WALLET: join(folder, 'wallet.sqlite'),
  };
  await start();
});
afterAll(async () => {
  await gifts?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const deliver = () => createDeliverer(stage().services).deliverDue(() => true);
const sent = () => stage().im.sent(APP_ID);

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await request(`http://127.0.0.1:${gifts.port}`, path, {
    method: 'POST',
    headers,
    rawBody: JSON.stringify(body),
  });
  return { status: answer.status, ...JSON.parse(answer.text) };
}
const shop = (path: string, body: object, key = 'not-needed') =>
  post(path, body, { authorization: `Bearer ${SHOP_KEY}`, 'idempotency-key': key });
const topUp = (person: { userId: string }, coins: number, key: string) =>
  shop('/top-up', { userId: person.userId, coins }, key);
const give = ({ userId, token }: Person, roomId: string, [gift, key]: [string, string]) =>
  post('/gifts', { userId, token, roomId, gift }, { 'idempotency-key': key });

async function openShow(host: string): Promise<string> {
  const { roomId } = await shop('/shows', { host, title: `The show of ${host}` });
  await deliver();
  return roomId;
}
const listed = (viewer: Person) => viewer.must<Room[]>('rooms/query_room', { category: 'gifts', orderBy: 'star' });

test('a show is opened, gifts are paid once, shown in the room, and rank it', async () => {
  const viewer = await newPerson(stage());
  const [small, large] = [await openShow('sam'), await openShow('lou')];
  expect((await stage().detail(viewer, small)) as object).toMatchObject({ custom: { gifts: ['rose', 'crown'] } });
  expect(await topUp(viewer, 150, 'payment-1')).toEqual({ status: 200, balance: 150 });
  expect(await topUp(viewer, 150, 'payment-1')).toEqual({ status: 200, balance: 150 });
  expect(await topUp(viewer, 151, 'payment-1')).toMatchObject({ status: 409 });

  // Ten copies of one tap: one is paid.
  const taps = await Promise.all(Array.from({ length: 10 }, () => give(viewer, large, ['crown', 'tap-0001'])));
  expect(new Set(taps.map(({ status, balance }) => `${status} ${balance}`))).toEqual(new Set(['200 50']));
  expect(await give(viewer, large, ['rose', 'tap-0001'])).toMatchObject({ status: 409 });
  expect(await give(viewer, small, ['rose', 'tap-0002'])).toEqual({ status: 200, balance: 49 });
  expect(await give(viewer, small, ['crown', 'tap-0003'])).toMatchObject({ status: 402 });

  await until('the list is ordered by gifts', async () => (await listed(viewer))[1]?.star === 1);
  expect((await listed(viewer)).map(({ roomId, star }) => [roomId, star])).toEqual([
    [large, 100],
    [small, 1],
  ]);
  const shown = sent().map(({ groupId, from, body }) => [groupId, from, JSON.parse(dataOf(body))]);
  expect(shown).toEqual([
    [large, viewer.userId, { gift: 'crown', coins: 100, id: `${viewer.userId}:gift:tap-0001` }],
    [small, viewer.userId, { gift: 'rose', coins: 1, id: `${viewer.userId}:gift:tap-0002` }],
  ]);
});

/** The data of the one custom element of a message. */
function dataOf(body: unknown): string {
  const [element] = body as { MsgType: string; MsgContent: { Data: string } }[];
  expect(element?.MsgType).toBe('TIMCustomElem');
  return element?.MsgContent.Data ?? '';
}

test('after the end nothing more is given, and the host has half of it, once', async () => {
  const viewer = await newPerson(stage());
  const room = await openShow('ann');
  await topUp(viewer, 200, 'payment-2');
  await give(viewer, room, ['crown', 'tap-0004']);
  await until('the gift is shown', async () => (await stage().detail(viewer, room)).star === 100);
  await operatorOf(stage()).must('close_room', { roomId: room });
  await deliver();
  expect(await give(viewer, room, ['crown', 'tap-0005'])).toEqual({ status: 409, error: 'the room is not live' });
  // A repeated tap whose answer was lost is still answered.
  expect(await give(viewer, room, ['crown', 'tap-0004'])).toEqual({ status: 200, balance: 100 });
  const { items } = await operatorOf(stage()).must<{ items: { deliveryId: string; event: string }[] }>('deliveries', {
    webhookId,
  });
  const { deliveryId } = items.find(({ event }) => event === 'room.ended') ?? {};
  await operatorOf(stage()).must('replay_delivery', { deliveryId });
  await deliver();
  expect(await topUp({ userId: room }, 1, 'payment-3')).toEqual({ status: 200, balance: 51 });
});

test('a gift that IM did not take is shown later, also by the next process', async () => {
  const viewer = await newPerson(stage());
  const room = await openShow('kim');
  await topUp(viewer, 10, 'payment-4');
  const before = sent().length;
  stage().im.fail({ command: 'send_group_msg', errorCode: 10_002 });
  expect(await give(viewer, room, ['rose', 'tap-0006'])).toEqual({ status: 200, balance: 9 });
  await until('the failure is reported', async () => gifts.output().includes('IM answered 10002'));
  await gifts.stop();
  stage().im.clear();
  expect(sent()).toHaveLength(before);
  await start();
  await until('the room has its star', async () => (await stage().detail(viewer, room)).star === 1);
  expect(sent().slice(before)).toMatchObject([{ groupId: room, from: viewer.userId }]);
});

test('only the payment service pays in, only the user pays, and only the service sends events', async () => {
  const [viewer, other] = [await newPerson(stage()), await newPerson(stage())];
  expect(await post('/top-up', { userId: viewer.userId, coins: 5 }, { 'idempotency-key': 'payment-5' })).toEqual({
    status: 401,
    error: 'wrong key',
  });
  expect(await topUp(viewer, -5, 'payment-5')).toMatchObject({ status: 400 });
  expect(await topUp(viewer, 5, 'short')).toMatchObject({ status: 400 });
  const forged = { ...viewer, token: other.token };
  expect(await give(forged, '1', ['rose', 'tap-0007'])).toEqual({ status: 401, error: 'sign in again' });
  expect(await give(viewer, '1', ['ring', 'tap-0008'])).toEqual({ status: 400, error: 'no such gift' });
  expect(await post('/hooks', { id: 'evt_1', type: 'room.opened', data: {} })).toMatchObject({ status: 400 });
});

test('a deleted user leaves sums and no name', async () => {
  const viewer = await newPerson(stage());
  await topUp(viewer, 7, 'payment-6');
  await viewer.must('auth_users/user_delete');
  await deliver();
  expect(await topUp(viewer, 1, 'payment-6')).toEqual({ status: 200, balance: 1 });
});
