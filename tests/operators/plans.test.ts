/**
 * The plans of every statement of operators, sanctions, reports, audit, webhooks, statistics and broadcasts, on both
 * databases: a story through the API and the scheduled work sends them all; a statement that it does not send fails the test.
 */
import { createServer, type Server } from 'node:http';
import { type Connection, createConnection } from 'mysql2/promise';
import { anyOperator } from '../../src/data/operators/operators';
import { chatSanctionsOf } from '../../src/data/review/chat-rooms';
import { findPicture, replacePicture } from '../../src/data/review/pictures';
import { inheritSanctions } from '../../src/data/sanctions/sanctions';
import {
  deferDeliveries,
  dueDeliveries,
  nextOfRooms,
  releaseDeliveries,
  takeDeliveries,
} from '../../src/data/webhooks/delivery-queue';
import { addEvents } from '../../src/data/webhooks/webhooks';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { configOf } from '../../testkit/database';
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { newPeople, newPerson, signInAgain } from '../../testkit/people';
import { seed } from '../../testkit/seed';
import { SEEDED, seedOperators } from '../../testkit/seed-operators';
import { onBothDatabases } from '../../testkit/service';
import { newLive, START, type Stage, startStage } from '../../testkit/stage';
import { meddle } from '../../testkit/statements';
import { imCallback } from '../../testkit/vendor';
import type { Recorded } from '../../testkit/watched';
import { send } from '../../testkit/ways';
import { afterOf, askIm, beforeGroup } from '../review/support';
import { namesIn, problemsWith, recordStatements } from './support/recorded';

const STORES = ['operators', 'sanctions', 'hosts', 'review', 'reports', 'webhooks', 'statistics', 'jobs/backlog.ts'];

/** Bounded by something else than an index. */
const KNOWN: readonly { name: string; problem: RegExp }[] = [
  // Empty while IM and TRTC answer.
  { name: 'outbox.unfinished_by_kind', problem: /(SCAN outbox|temporary table|full scan)/ },
  // A handful of rows.
  { name: 'webhooks.enabled', problem: /(full scan|SCAN w)/ },
  { name: 'webhooks.all', problem: /(full scan|SCAN w)/ },
  // The first few of each room, picked by an inner query with a LIMIT.
  { name: 'deliveries.next_of_rooms', problem: /^SCAN front$/ },
  { name: 'deliveries.backlog', problem: /^w: a full scan/ },
  { name: 'operators.list', problem: /^o: a full scan/ },
  { name: 'operators.any', problem: /(SCAN o USING INDEX|^o: a full scan)/ },
  // One user's rows, by an index that contains the changed column: MySQL collects them first.
  { name: 'members.remove_everywhere', problem: /temporary table$/ },
  { name: 'held.expire', problem: /^held: a temporary table$/ },
  // A deletion: one sign-up and the sign-ins of the last minutes, from two tables.
  { name: 'activity.keep_of_user', problem: /<union1,2>: a (temporary table|full scan)$/ },
];

/** Lists that can be counted. */
const COUNTED = new Set(['rooms', 'users', 'sanctions', 'reports', 'audit', 'broadcasts']);
const ROWS = 20_000;
const METRICS_TOKEN = 'a-token-for-the-monitoring';
const DAY_MS = 86_400_000;

onBothDatabases((kind) => {
  let stage: Stage;
  let connection: Connection | undefined;
  let receiver: Server;
  let url: string;
  /** The receiver's answer. */
  let status = 204;

  beforeAll(async () => {
    receiver = createServer((request, reply) => request.resume().on('end', () => reply.writeHead(status).end()));
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    const env = {
      ADMIN_KEY,
      WEBHOOK_ALLOW_PRIVATE: 'true',
      SIGN_UPS_PER_MINUTE: '0',
      AUDIT_KEEP_DAYS: '1',
      WEBHOOK_KEEP_DAYS: '1',
      STATISTICS_MINUTE_DAYS: '1',
      BROADCAST_DAYS: '1',
      DATA_KEYS: `old:${'1f'.repeat(32)}`,
      METRICS_TOKEN,
    };
    stage = await startStage(kind, { env });
    await stage.services.database.check();
    const config = configOf({ ...stage.env });
    if (config.kind !== 'mysql') return;
    const { servers, user, password, database } = config;
    connection = await createConnection({ ...servers[0], user, password, database });
    await seed(connection, { users: 20_000, rooms: 10_000, live: 200, members: 30_000 }, START);
    // Signed in one after the other, not concurrently.
    await connection.query(
      'UPDATE sessions SET created_at = created_at - user_id * 1000, expires_at = expires_at - user_id * 1000',
    );
    await seedOperators(connection, ROWS, START);
  });
  afterAll(async () => {
    await connection?.end();
    await stage.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  const admin = () => operatorOf(stage);
  const deliver = () => createDeliverer(stage.services).deliverDue(() => true);

  async function moderate(): Promise<void> {
    const { viewer, anchor, roomId } = await newLive(stage);
    await (await newPerson(stage)).must('auth_users/user_logout');
    const contact = { contact: '+8613800000000', hashes: stage.services.secrets.personHashes };
    await stage.services.database
      .forRequest()
      .transaction((tx) => inheritSanctions(tx, { tenant: '', id: 1, now: START, ...contact }));
    const report = { targetRoomId: roomId, targetUserId: anchor.userId, reason: 'fraud' };
    await viewer.must('reports/report_room', report);
    const { items } = await admin().must<{ items: { reportId: string }[] }>('reports', { roomId });
    const [first] = items;
    await admin().must('resolve_report', { reportId: first?.reportId, verdict: 'dismissed', reason: 'x' });
    await admin().must('warn_room', { roomId, text: 'mind the rules' });
    await admin().must('mute_user', { userId: viewer.userId, reason: 'x', seconds: 60 });
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    const kick = { roomId, userId: viewer.userId, reason: 'x' };
    const { sanctionId } = await admin().must<{ sanctionId: string }>('kick_user', kick);
    await viewer.call('rooms/enter_room', { roomId, role: 'audience' });
    await admin().must('lift_sanction', { sanctionId, reason: 'x' });
    await admin().must('sign_out_user', { userId: viewer.userId, reason: 'x' });
    const ban = { userId: anchor.userId, reason: 'x', seconds: 600, withAddress: true };
    const banned = await admin().must<{ sanctionId: string }>('ban_user', ban);
    await signInAgain(stage, anchor).catch(() => {});
    await newPerson(stage).catch(() => {});
    for (const active of [true, false]) await admin().must('sanctions', { active, userId: anchor.userId });
    await admin().must('lift_sanction', { sanctionId: banned.sanctionId, reason: 'x' });
    const { sanctions } = await admin().must<{ sanctions: { sanctionId: string; liftedUtc: string }[] }>('user', {
      userId: anchor.userId,
    });
    for (const { sanctionId: id, liftedUtc } of sanctions) {
      if (liftedUtc === '') await admin().must('lift_sanction', { sanctionId: id, reason: 'x' });
    }
    const ended = await newLive(stage);
    await admin().must('end_room', { roomId: ended.roomId, reason: 'x' });
    const back = await newPerson(stage);
    await admin().must('mute_user', { userId: back.userId, reason: 'x', seconds: 60 });
    await back.must('auth_users/user_delete');
    // The same name again: its sanctions go with it.
    await newPerson(stage, { username: back.username });
  }

  async function host(): Promise<void> {
    const { anchor, viewer, roomId } = await newLive(stage);
    const target = { roomId, targetUserId: viewer.userId };
    for (const call of [
      'add_admin',
      'remove_admin',
      'mute_user',
      'mute_user',
      'unmute_user',
      'kick_user',
      'unblock_user',
    ]) {
      await anchor.must(`rooms/${call}`, { ...target, seconds: 60 });
    }
    await anchor.must('rooms/add_admin', target);
    await anchor.must('rooms/update_chat', { roomId, slowSeconds: 5 });
    for (const call of ['list_admins', 'list_blocked', 'chat_rules']) await anchor.must(`rooms/${call}`, { roomId });
    await anchor.must('rooms/list_blocked', { roomId, kind: 'mute' });
  }

  async function reviewTexts(): Promise<void> {
    const { anchor, viewer, roomId } = await newLive(stage);
    await admin().must('change_review_settings', { enabled: true });
    await admin().must('add_words', { words: ['heldword'], action: 'hold' });
    await admin().must('add_words', { words: ['heldword', 'other'], action: 'hold' });
    await anchor.must('rooms/update_chat', { roomId, minSecondsInRoom: 1 });
    stage.wait(2);
    const message = beforeGroup(roomId, viewer.userId, 'hello');
    await askIm(stage, message);
    await stage.services.review.chatLog.flush();
    await imCallback(stage, afterOf(message, 5));
    await askIm(stage, beforeGroup(roomId, viewer.userId, 'heldword'));
    await stage.services.review.chatLog.flush();
    const db = stage.services.database.forRequest();
    await chatSanctionsOf(db, Number(viewer.userId), stage.clock.now());
    for (const picture of ['cover', 'avatar'] as const) {
      const of = { picture, id: Number(viewer.userId) };
      await findPicture(db, of);
      await replacePicture(db, of, { url: 'https://example.com/a.png', by: '' });
    }
    const page = async <T>(call: string, params: Record<string, unknown>) => {
      const { items, cursor } = await admin().must<{ items: T[]; cursor: string }>(call, { ...params, limit: 1 });
      if (cursor !== '') await admin().must(call, { ...params, limit: 1, cursor });
      return items;
    };
    for (const filter of [{}, { search: 'held' }, { tag: 'x' }, { action: 'hold' }]) await page('words', filter);
    await admin().must('check_text', { text: 'hello' });
    const [held] = await page<{ heldId: string }>('held', { roomId });
    for (const state of ['open', 'passed', 'refused', 'expired']) {
      await page('held', { state });
      await page('held', { state, roomId });
      await page('held', { state, userId: viewer.userId });
    }
    await admin().must('decide_held', { heldIds: [held?.heldId], verdict: 'pass' });
    const time = { fromUtc: '2026-11-20 00:00:00', toUtc: '2026-12-24 00:00:00' };
    for (const filter of [{ roomId }, { userId: viewer.userId }, { roomId, ...time }]) await page('messages', filter);
    const list = await admin().must<{ items: { messageId: string }[] }>('messages', { roomId });
    await admin().must('recall_message', { messageId: list.items.at(-1)?.messageId, reason: 'x' });
    const words = await page<{ wordId: string }>('words', {});
    await admin().must('remove_words', { wordIds: words.map(({ wordId }) => wordId) });
    await admin().must('review_settings');
    const mute = { userId: viewer.userId, reason: 'x', seconds: 60 };
    const { sanctionId } = await admin().must<{ sanctionId: string }>('mute_user', mute);
    await viewer.must('reports/appeal', { sanctionId, text: 'x' });
    const [appeal] = await page<{ appealId: string }>('appeals', {});
    await page('appeals', { userId: viewer.userId });
    await admin().must('resolve_appeal', { appealId: appeal?.appealId, verdict: 'lifted', reason: 'x' });
  }

  /** Every list with each of its filters, and the page behind if there is one. */
  async function lookAround(roomId: string, userId: string, webhookId: string): Promise<void> {
    const time = { fromUtc: '2026-11-20 00:00:00', toUtc: '2026-11-24 00:00:00' };
    const questions: readonly [string, Record<string, unknown>[]][] = [
      [
        'rooms',
        [{}, { orderBy: 'newest' }, { orderBy: 'joined' }, { category: 'c1' }, { ownBy: userId }, { search: 'x' }],
      ],
      ['users', [{}, { search: 'Viewer 1' }, { search: userId }]],
      ['sanctions', [{}, { active: false }, { kind: 'ban' }, { kind: 'ban', active: false }, { userId }, { roomId }]],
      ['reports', [{}, { state: 'open' }, { roomId }, { userId }]],
      ['audit', [{}, { operator: SEEDED.operator }, { action: SEEDED.action }, { roomId }, { userId }, time]],
      ['broadcasts', [{}, { ownBy: userId }, { roomId }, time]],
      ['deliveries', [{ webhookId }, { webhookId, state: 'pending' }, { webhookId, state: 'failed' }]],
      ['operators', [{}]],
      ['webhooks', [{}]],
    ];
    for (const [call, filters] of questions) {
      for (const filter of filters) {
        const first = { ...filter, limit: 1, ...(COUNTED.has(call) && { count: true }) };
        const { cursor } = await admin().must<{ cursor: string }>(call, first);
        if (cursor !== '') await admin().must(call, { ...filter, limit: 1, cursor });
      }
    }
    for (const call of ['me', 'overview', 'settings']) await admin().must(call);
    for (const step of ['1m', '1h', '1d']) await admin().must('statistics', { ...time, step });
    const { anchor } = await newLive(stage);
    for (const id of [roomId, anchor.userId]) await admin().must('room', { roomId: id });
    await admin().must('users', { search: anchor.username });
    await anyOperator(stage.services.database.forRequest());
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    expect((await send(stage, 'http', { method: 'GET', path: '/metrics', headers })).status).toBe(200);
    await admin().must('user', { userId });
  }

  async function runOperators(): Promise<void> {
    const { key } = await newOperator(stage, { name: 'walker', scope: 'read' });
    await operatorOf(stage, key)
      .must('operators')
      .catch(() => {});
    await operatorOf(stage, key).must('rooms');
    await admin().must('rotate_operator', { name: 'walker' });
    await admin().must('remove_operator', { name: 'walker' });
    for (const reasons of [['spam', 'fraud'], []]) await admin().must('set_reasons', { reasons });
    await admin().must('reasons');
    const { anchor, roomId } = await newLive(stage);
    await admin().must('watch_room', { roomId });
    const note = { userId: anchor.userId, text: 'x' };
    const { noteId } = await admin().must<{ noteId: string }>('add_note', note);
    await admin().must('user', { userId: anchor.userId });
    await admin().must('remove_note', { noteId });
  }

  /** Another process has claimed the first of two due deliveries at that very moment. */
  async function beFaster(webhookId: number): Promise<void> {
    const db = stage.services.database.forRequest();
    const now = stage.clock.now();
    const due = await dueDeliveries(db, { webhookId, now, limit: 2 });
    const [first = 0, second = 0] = due.map(({ id }) => id);
    const take = (ids: number[], ms: number) => takeDeliveries(db, ids, { now, until: now + ms });
    expect([...(await take([first], 1))]).toEqual([first]);
    expect([...(await take([first, second], 2))]).toEqual([second]);
    expect([...(await take([first, second], 3))]).toEqual([]);
    await releaseDeliveries(db, [second], { until: now + 2, at: now });
    const room = due[1]?.room_pk ?? 0;
    await deferDeliveries(db, [{ id: second, at: now + 1 }], now);
    const next = await nextOfRooms(db, { webhookId, rooms: [room, room + 1], limit: 16 });
    expect(next.get(room)?.find(({ id }) => id === second)).toMatchObject({
      attempts: due[1]?.attempts,
      next_at: now + 1,
    });
  }

  async function runWebhooks(): Promise<string> {
    const { webhookId } = await admin().must<{ webhookId: string }>('add_webhook', { url });
    const { anchor, viewer, roomId } = await newLive(stage);
    const events = ['one', 'two'].map((name) => ({ eventId: `evt_${name}`, body: '{}' }));
    const stream = { tenant: '', type: 'member.joined', roomPk: 0, webhookIds: [Number(webhookId)], now: START };
    await stage.services.database.forRequest().transaction((tx) => addEvents(tx, { ...stream, events }));
    await viewer.must('rooms/leave_room', { roomId });
    await anchor.must('rooms/destroy_room', { roomId });
    status = 500;
    await deliver();
    status = 204;
    stage.wait(10);
    await deliver();
    const { items } = await admin().must<{ items: { deliveryId: string; event: string }[] }>('deliveries', {
      webhookId,
    });
    const ofRoom = items.find(({ event }) => event.startsWith('room.'));
    await admin().must('replay_delivery', { deliveryId: ofRoom?.deliveryId });
    await admin().must('delivery', { deliveryId: ofRoom?.deliveryId });
    await deliver();
    await admin().must('test_webhook', { webhookId });
    await deliver();
    for (const { deliveryId } of items.slice(-2)) await admin().must('replay_delivery', { deliveryId });
    await beFaster(Number(webhookId));
    await admin().must('change_webhook', { webhookId, description: 'x' });
    const other = await admin().must<{ webhookId: string }>('add_webhook', { url, enabled: false });
    await meddle(
      stage.services.database.forRequest(),
      `UPDATE webhooks SET secret = 'whsec_eA==' WHERE id = ${other.webhookId}`,
    );
    await stage.maintain();
    await admin().must('remove_webhook', { webhookId: other.webhookId });
    return webhookId;
  }

  async function growOld(): Promise<void> {
    await newPeople(stage, 2);
    stage.wait(60);
    await stage.maintain();
    const { anchor } = await newLive(stage);
    await anchor.must('auth_users/user_delete');
    stage.wait((3 * DAY_MS) / 1000);
    await stage.maintain();
    stage.wait(7_200);
    await stage.maintain();
  }

  /** Restores the rows that the scheduled work has deleted: in an almost empty table every plan is a full scan. */
  async function fillAgain(): Promise<void> {
    if (!connection) return;
    const tables = [
      'sanctions',
      'reports',
      'audit',
      'broadcasts',
      'webhooks',
      'webhook_events',
      'deliveries',
      'samples',
    ];
    for (const table of [...tables, 'operators']) await connection.query(`TRUNCATE ${table}`);
    await seedOperators(connection, ROWS, stage.clock.now());
  }

  const unknownProblems = async (recorded: Recorded) => {
    const known = KNOWN.filter(({ name }) => name === recorded.name);
    const problems = await problemsWith(stage, connection, recorded);
    return problems.filter((problem) => !known.some((one) => one.problem.test(problem)));
  };

  test('the check finds a planted fault', async () => {
    const planted = (text: string) => unknownProblems({ name: 'audit.planted', text, values: ['x'], reads: true });
    expect(await planted('SELECT a.id FROM audit a WHERE a.reason = ?')).toHaveLength(1);
    expect(await planted('UPDATE sanctions SET reason = reason WHERE by_name = ?')).toHaveLength(1);
    expect(
      await planted('SELECT b.id FROM broadcasts b JOIN users u ON u.avatar = b.title WHERE b.tenant = ?'),
    ).not.toEqual([]);
    expect(await planted("SELECT a.id FROM audit a WHERE a.tenant = '' AND a.room_id = ?")).toEqual([]);
  });

  test('every statement is sent, and none reads more than it needs', async () => {
    const recorded = recordStatements(stage);
    await runOperators();
    const webhookId = await runWebhooks();
    await moderate();
    await host();
    await reviewTexts();
    const roomId = kind === 'mysql' ? String(2 * SEEDED.room) : (await newLive(stage)).roomId;
    const userId = kind === 'mysql' ? String(SEEDED.user) : (await newPerson(stage)).userId;
    await lookAround(roomId, userId, kind === 'mysql' ? String(SEEDED.webhook) : webhookId);
    await growOld();
    await fillAgain();

    const names = namesIn(STORES);
    expect(names.length).toBeGreaterThan(80);
    const sent = new Set([...recorded.values()].map(({ name }) => name));
    expect(names.filter((name) => !sent.has(name))).toEqual([]);
    const found: string[] = [];
    for (const one of recorded.values()) {
      if (!names.includes(one.name)) continue;
      for (const problem of await unknownProblems(one)) found.push(`${one.name}: ${problem} in ${one.text}`);
    }
    expect(found).toEqual([]);
  });
});
