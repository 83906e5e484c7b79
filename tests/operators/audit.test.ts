/** Reports and their decisions; and the audit: every change of every call has its row, which nothing changes. */
import { adminContract, type ChangingCall } from '../../src/contract/admin';
import type { AuditData, ReportData } from '../../src/contract/admin/items';
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { onBothDatabases, startService } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { everyChange } from './support/every-change';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, SIGN_UPS_PER_MINUTE: '0', REPORTS_PER_HOUR: '3' } });
  const admin = () => operatorOf(stage());
  const audit = async (filter: object = {}) =>
    (await admin().must<{ items: AuditData[] }>('audit', { limit: 200, ...filter })).items;

  async function reported(): Promise<{ report: ReportData; roomId: string; ownerId: string; viewerId: string }> {
    const { anchor, viewer, roomId } = await newLive(stage());
    await viewer.must('reports/report_room', {
      targetRoomId: roomId,
      targetUserId: anchor.userId,
      reason: 'fraud',
      description: 'asks for money\nagain',
    });
    const { items } = await admin().must<{ items: ReportData[] }>('reports', { roomId });
    const [report] = items;
    if (!report) throw new Error('no report');
    return { report, roomId, ownerId: anchor.userId, viewerId: viewer.userId };
  }

  test('a report is in the queue immediately, once per person and broadcast', async () => {
    const { report, roomId, ownerId, viewerId } = await reported();
    expect(report).toEqual({
      reportId: expect.any(String),
      roomId,
      roomTitle: '',
      broadcastNo: 1,
      byUserId: viewerId,
      byName: expect.stringMatching(/^person-/),
      targetUserId: ownerId,
      targetName: expect.stringMatching(/^person-/),
      reason: 'fraud',
      description: 'asks for money\nagain',
      createUtc: '2026-11-23 12:00:00',
      state: 'open',
      verdict: '',
      resolvedBy: '',
    });
    const again = await newLive(stage());
    for (let time = 0; time < 3; time += 1) {
      await again.viewer.must('reports/report_room', { targetRoomId: again.roomId, reason: 5 });
    }
    const queue = await admin().must<{ items: ReportData[] }>('reports', { roomId: again.roomId });
    expect(queue.items).toHaveLength(1);
    const { room } = await admin().must<{ room: { reports: number } }>('room', { roomId: again.roomId });
    expect(room.reports).toBe(1);
  });

  test('rooms that are not live, strangers and a person who reports all the time are refused', async () => {
    const { viewer, roomId } = await newLive(stage());
    const report = (params: object) => viewer.call('reports/report_room', { reason: 'x', ...params });
    expect(await report({ targetRoomId: 'nowhere' })).toMatchObject({ errorCode: 2004 });
    expect(await report({ targetRoomId: roomId, targetUserId: '99999997' })).toMatchObject({ errorCode: 206 });
    expect(await report({})).toMatchObject({ errorCode: 98 });
    const rooms = await Promise.all(Array.from({ length: 4 }, () => newLive(stage())));
    const codes: number[] = [];
    for (const room of rooms) codes.push((await report({ targetRoomId: room.roomId })).errorCode);
    expect(codes).toEqual([0, 0, 0, 209]);
  });

  test('resolve_report with an action does both or neither, with a row each', async () => {
    const { report, roomId, ownerId } = await reported();
    const { reportId } = report;
    const bad = {
      reportId,
      verdict: 'upheld',
      reason: 'seen',
      action: { kick_user: { roomId, userId: ownerId, reason: 'x' } },
    };
    expect(await admin().call('resolve_report', bad)).toMatchObject({ status: 409 });
    expect((await admin().must<{ items: ReportData[] }>('reports', { roomId })).items).toMatchObject([
      { state: 'open' },
    ]);
    const good = { ...bad, action: { ban_user: { userId: ownerId, reason: 'fraud', seconds: 60 } } };
    expect(await admin().must('resolve_report', good)).toEqual({
      sanctionId: expect.any(String),
      endedRooms: [roomId],
      pending: [],
    });
    expect((await audit({ userId: ownerId })).map(({ action }) => action).sort()).toEqual([
      'ban_user',
      'resolve_report',
    ]);
    expect(await admin().call('resolve_report', { reportId, verdict: 'upheld', reason: 'x' })).toMatchObject({
      status: 409,
    });
    for (const action of [
      {},
      { kick_user: {} },
      { rm_rf: {} },
      { end_room: { roomId, reason: 'x', why: 1 } },
      'x',
      [],
    ]) {
      const answer = await admin().call('resolve_report', { ...bad, action });
      expect([action, answer.status]).toEqual([action, 400]);
    }
    const unknown = await admin().call('resolve_report', { ...bad, action: { end_room: { roomId, why: 1 } } });
    expect(unknown.errorMessage).toMatch(/end_room has why, which is not a parameter of this call/);
  });

  test('every changing call has its row, with operator, action, person, reason, address and request', async () => {
    const operator = await newOperator(stage(), { name: 'walker', scope: 'manage' });
    const inputs = everyChange(stage(), 'audit');
    const changing = Object.entries(adminContract).filter(([, { changes }]) => changes);
    const byLines = ['importUsers'];
    expect([...Object.keys(inputs), ...byLines].sort()).toEqual(changing.map(([name]) => name).sort());
    for (const [name, input] of Object.entries(inputs)) {
      const action = adminContract[name as ChangingCall].path.slice('admin/'.length);
      const params = await input();
      const { requestId } = await operator.call(action, params);
      const [row, ...more] = (await audit()).filter((entry) => entry.requestId === requestId);
      expect([action, more]).toEqual([action, []]);
      expect(row).toMatchObject({ operator: 'walker', action, address: '127.0.0.1' });
      const { reason } = params;
      if (reason !== undefined) expect(row?.reason).toBe('why');
    }
  });

  test('a change that fails leaves no row, and no reading call leaves one', async () => {
    const before = (await audit()).length;
    await admin().call('end_room', { roomId: 'nowhere', reason: 'x' });
    await admin().call('ban_user', { userId: '99999997', reason: 'x', seconds: 0 });
    for (const { path, changes } of Object.values(adminContract)) {
      // Texts are personal data: reading them is written down.
      if (!changes && path !== 'admin/messages')
        await admin().call(path.slice('admin/'.length), { userId: '1', roomId: '1' });
    }
    expect((await audit()).length).toBe(before);
  });

  test('actions of the service itself are there too, as system', async () => {
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('auth_users/user_keepalive');
    stage().wait(90 + 700);
    await stage().maintain();
    expect(await audit({ roomId })).toMatchObject([{ operator: 'system', action: 'end_room', reason: 'absence' }]);
  });

  test('filters, pages and both files agree, and a cell cannot become a formula', async () => {
    const { anchor, roomId } = await newLive(stage());
    await admin().must('warn_room', { roomId, text: '=HYPERLINK("http://x","y"), "quoted"' });
    await admin().must('end_room', { roomId, reason: 'two' });
    const rows = await audit({ roomId });
    expect(rows.map(({ action }) => action)).toEqual(['end_room', 'warn_room']);
    expect(await audit({ roomId, action: 'end_room', operator: 'admin', userId: anchor.userId })).toHaveLength(1);
    expect(await audit({ roomId, operator: 'nobody' })).toEqual([]);
    expect(await audit({ roomId, fromUtc: '2026-12-31' })).toEqual([]);
    const pages: AuditData[] = [];
    let cursor = '';
    do {
      const page: { items: AuditData[]; cursor: string } = await admin().must('audit', {
        limit: 3,
        ...(cursor && { cursor }),
      });
      pages.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== '');
    const json = await admin().raw('audit', { format: 'json' });
    expect(json.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(
      json.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(pages);
    for (const way of ['http', 'function-url'] as const) {
      const csv = await admin().raw('audit', { format: 'csv', roomId }, { way });
      expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
      const lines = csv.text.split('\r\n');
      expect(lines[0]).toBe('auditId,atUtc,operator,action,roomId,userId,reason,before,after,requestId,address');
      expect(lines[2]).toContain(`"'=HYPERLINK(""http://x"",""y""), ""quoted"""`);
    }
  });

  test('rows older than AUDIT_KEEP_DAYS are deleted, and by default none', async () => {
    await stage().maintain();
    const before = (await audit()).length;
    expect(before).toBeGreaterThan(5);
    const short = await startService(kind, {
      sameDatabaseAs: stage(),
      clock: stage().clock,
      env: { ADMIN_KEY, AUDIT_KEEP_DAYS: '1' },
    });
    stage().wait(2 * 86_400);
    await stage().maintain();
    expect((await audit()).length).toBeGreaterThanOrEqual(before);
    const { runMaintenance } = await import('../../src/rules/jobs/maintenance');
    stage().wait(7_200);
    // Then one row is a minute older than a day, one a minute younger.
    const { roomId } = await newLive(stage());
    await admin().must('warn_room', { roomId, text: 'too old' });
    stage().wait(120);
    await admin().must('warn_room', { roomId, text: 'young enough' });
    stage().wait(86_400 - 60);
    await runMaintenance(short.services, { budgetMs: 20_000 });
    const old = await audit({ toUtc: '2026-11-24' });
    const warnings = (await audit({ roomId })).filter(({ action }) => action === 'warn_room');
    await short.close();
    expect(old).toEqual([]);
    expect(warnings).toHaveLength(1);
  });
});
