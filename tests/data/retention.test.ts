/** What grows is deleted: by declaration, for every table that is written to, and by the scheduled work. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columns, sql } from '../../src/data/engine/sql';
import { PRIVACY, type TablePrivacy } from '../../src/data/privacy';
import { contactHash } from '../../src/data/sanctions/person-hashes';
import { FOREVER } from '../../src/data/schema';
import { newPerson } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { START, useStage } from '../../testkit/stage';
import { look, meddle, rowsInto } from '../../testkit/statements';

const DAY = 86_400;
const DATA = join(__dirname, '../../src/data');
const SOURCES = readdirSync(DATA, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('migrations'))
  .map((path) => readFileSync(join(DATA, path), 'utf8'))
  .join('\n')
  // Examples in comments.
  .replaceAll(/^ *(\/\*\*|\*|\/\/).*$/gm, '');

test('each table that gets rows loses them again, unless it has one row per tenant', () => {
  const insert = /insertInto\('(\w+)'|insertAllInto\('\w+', '(\w+)'|INSERT INTO (\w+)|\} INTO (\w+)/g;
  const written = new Set([...SOURCES.matchAll(insert)].map(([, ...names]) => names.find((name) => name) ?? ''));
  expect(written.size).toBeGreaterThan(25);
  for (const table of written) {
    const declared: TablePrivacy | undefined = Reflect.get(PRIVACY, table);
    const loses = new RegExp(`DELETE FROM ${table}\\b`).test(SOURCES);
    expect([table, declared !== undefined, declared?.ends === 'bounded' || loses]).toEqual([table, true, true]);
  }
});

onBothDatabases((kind) => {
  const stage = useStage(kind);
  const db = () => stage().services.database.forRequest();

  test('the scheduled work deletes old reports, appeals, sanctions, unused room ids and jobs, and nothing younger', async () => {
    const person = await newPerson(stage());
    const at = (days: number) => START - days * DAY * 1000;
    const owner = Number(person.userId);
    for (const [n, days] of [401, 399].entries()) {
      const of = { tenant: '', created_at: at(days) };
      await meddle(
        db(),
        rowsInto('reports', {
          ...of,
          room_pk: 1,
          broadcast_no: n,
          by_user: 1,
          target_user: 0,
          reason: `${days}`,
          description: '',
          done: 0,
          verdict: '',
          resolved_by: '',
          resolved_at: 0,
        }),
      );
      await meddle(db(), rowsInto('appeals', { ...of, sanction_id: 1, user_id: owner, message: `${days}` }));
      const sanction = {
        ...of,
        kind: 'mute',
        user_id: owner,
        name_key: '',
        contact_key: '',
        address: '',
        room_pk: 0,
        broadcast_no: 0,
        by_name: 'x',
        lifted_by: '',
      };
      await meddle(
        db(),
        rowsInto('sanctions', { ...sanction, reason: `ended ${days}`, until_at: at(days), lifted_at: 0 }),
      );
      await meddle(
        db(),
        rowsInto('sanctions', { ...sanction, reason: `lifted ${days}`, until_at: FOREVER, lifted_at: at(days) }),
      );
      await meddle(
        db(),
        rowsInto('sanctions', {
          ...sanction,
          reason: `permanent ${days}`,
          until_at: FOREVER,
          lifted_at: 0,
          created_at: at(9_000),
        }),
      );
    }
    const used = await person.must<{ roomId: string }>('rooms/generate_roomid');
    await person.must('rooms/enter_room', { roomId: used.roomId, role: 'anchor' });
    const ids = [
      ['200000001', owner, 91],
      ['200000002', owner, 89],
      ['200000003', 77_777_777, 91],
      [used.roomId, owner, 91],
      [person.userId, owner, 91],
    ] as const;
    for (const [public_id, owner_id, days] of ids) {
      await meddle(db(), sql`DELETE FROM public_ids WHERE tenant = '' AND public_id = ${public_id}`);
      await meddle(db(), rowsInto('public_ids', { tenant: '', public_id, owner_id, created_at: at(days) }));
    }
    for (const [name, days] of [
      ['accounts:old', 91],
      ['accounts:new', 89],
      ['rooms-of-old', 91],
    ] as const) {
      await meddle(db(), rowsInto('jobs', { name, leased_until: 0, finished_at: at(days), position: '' }));
    }
    await stage().maintain();
    const [report, appeal, sanction] = [
      columns('reports', '', ['reason']),
      columns('appeals', '', ['message']),
      columns('sanctions', '', ['reason']),
    ];
    expect(await look(db(), report, sql`SELECT ${report} FROM reports`)).toEqual([{ reason: '399' }]);
    expect(await look(db(), appeal, sql`SELECT ${appeal} FROM appeals`)).toEqual([{ message: '399' }]);
    const reasons = (await look(db(), sanction, sql`SELECT ${sanction} FROM sanctions`)).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['ended 399', 'lifted 399', 'permanent 399', 'permanent 401']);
    const id = columns('public_ids', '', ['public_id']);
    const left = (await look(db(), id, sql`SELECT ${id} FROM public_ids`)).map(({ public_id }) => public_id);
    expect(left.sort()).toEqual(
      ids
        .slice(1)
        .map(([one]) => one)
        .sort(),
    );
    const job = columns('jobs', '', ['name']);
    const jobs = (await look(db(), job, sql`SELECT ${job} FROM jobs`)).map(({ name }) => name);
    expect(jobs.filter((name) => /accounts:(old|new)|of-old/.test(name)).sort()).toEqual([
      'accounts:new',
      'rooms-of-old',
    ]);
  });

  test('plain hashes of 1.1.0 become keyed ones, and still find who comes back before that', async () => {
    const { personHashes } = stage().services.secrets;
    const plain = contactHash('+8613800000000');
    const row = {
      tenant: '',
      kind: 'ban',
      user_id: 0,
      address: '',
      room_pk: 0,
      broadcast_no: 0,
      until_at: FOREVER,
      by_name: 'x',
      lifted_by: '',
      lifted_at: 0,
      created_at: START,
      reason: 'old',
    };
    await meddle(db(), rowsInto('sanctions', { ...row, name_key: 'n'.repeat(43), contact_key: plain }));
    expect(personHashes.forms(plain)).toContain(plain);
    stage().wait(DAY + 1);
    await stage().maintain();
    const keys = columns('sanctions', 's', ['name_key', 'contact_key', 'mail_key']);
    const found = await look(db(), keys, sql`SELECT ${keys} FROM sanctions s WHERE s.reason = 'old'`);
    const stored = {
      name_key: personHashes.keyed('n'.repeat(43)),
      contact_key: personHashes.keyed(plain),
      mail_key: '',
    };
    expect(found).toEqual([stored]);
    expect(stored.contact_key).toMatch(/^h:[\w-]{41}$/);
    expect(personHashes.keyed(stored.contact_key)).toBe(stored.contact_key);
  });
});
