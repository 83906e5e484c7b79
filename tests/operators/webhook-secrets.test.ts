/** Secrets of webhooks in the database, read by a user who should not: with one, events can be forged. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { columns, sql } from '../../src/data/engine/sql';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { look, meddle } from '../../testkit/statements';

const OLD = `old:${'1f'.repeat(32)}`;
const NEW = `new:${Buffer.alloc(32, 7).toString('base64')}`;
const SECRET = columns('webhooks', 'w', ['secret']);

interface Added {
  webhookId: string;
  secret: string;
}

onBothDatabases((kind) => {
  let receiver: Server;
  let url: string;
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const opened: Service[] = [];

  beforeAll(async () => {
    receiver = createServer((request, reply) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        reply.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  });
  afterAll(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  afterEach(async () => {
    for (const service of opened.splice(0).reverse()) await service.close();
    got.length = 0;
  });

  async function start(keys: string, sameDatabaseAs?: Service): Promise<Service> {
    const env = { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true', ...(keys !== '' && { DATA_KEYS: keys }) };
    const service = await startService(kind, { env, ...(sameDatabaseAs && { sameDatabaseAs }) });
    opened.push(service);
    return service;
  }

  const add = (service: Service) => operatorOf(service).must<Added>('add_webhook', { url, events: ['user.created'] });

  async function stored(service: Service, { webhookId }: Pick<Added, 'webhookId'>): Promise<string> {
    const statement = sql`SELECT ${SECRET} FROM webhooks w WHERE w.id = ${Number(webhookId)}`;
    const [row] = await look(service.services.database.forRequest(), SECRET, statement);
    return row?.secret ?? '';
  }

  /** Something happens and is delivered; gives how many were. */
  async function happen(service: Service): Promise<number> {
    await newPerson(service);
    return createDeliverer(service.services).deliverDue(() => true);
  }

  /** The receiver, who has the secret, trusts the last event. */
  function believed(secret: string): boolean {
    const last = got.at(-1);
    if (!last) throw new Error('nothing came');
    const headers = Object.fromEntries(Object.entries(last.headers).map(([name, value]) => [name, String(value)]));
    try {
      new Webhook(secret).verify(last.body, headers);
      return true;
    } catch {
      return false;
    }
  }

  test('with DATA_KEYS they are stored encrypted, after a rotation too, and sign as before', async () => {
    const service = await start(OLD);
    const webhook = await add(service);
    expect(webhook.secret).toMatch(/^whsec_/);
    expect(await stored(service, webhook)).toMatch(/^enc:old:/);
    expect(await happen(service)).toBe(1);
    expect(believed(webhook.secret)).toBe(true);
    const { webhookId } = webhook;
    const rotated = await operatorOf(service).must<Added>('change_webhook', { webhookId, rotate: true });
    expect(await stored(service, webhook)).toMatch(/^enc:old:/);
    await happen(service);
    expect([believed(webhook.secret), believed(rotated.secret)]).toEqual([false, true]);
    expect(service.lines.join('')).not.toContain(webhook.secret);
  });

  test('readable ones continue working and are encrypted by the scheduled work; then the key is replaced unnoticed', async () => {
    const first = await start('');
    const webhook = await add(first);
    expect(await stored(first, webhook)).toBe(webhook.secret);
    const withKey = await start(OLD, first);
    expect(await happen(withKey)).toBe(1);
    await runMaintenance(withKey.services, { budgetMs: 20_000 });
    expect(await stored(first, webhook)).toMatch(/^enc:old:/);
    const both = await start(`${NEW},${OLD}`, first);
    expect(await happen(both)).toBe(1);
    const report = await runMaintenance(both.services, { budgetMs: 20_000 });
    expect(report).toMatchObject({ webhookSecretsSealed: 1, webhookSecretsUnreadable: 0 });
    expect(await stored(first, webhook)).toMatch(/^enc:new:/);
    const newOnly = await start(NEW, first);
    expect(await happen(newOnly)).toBe(1);
    expect(believed(webhook.secret)).toBe(true);
    expect(got).toHaveLength(3);
  });

  test('a copied one is useless: no event of one webhook is signed with the secret of another', async () => {
    const service = await start(OLD);
    const [one, other] = [await add(service), await add(service)];
    const { webhookId } = one;
    const copied = await stored(service, other);
    const db = service.services.database.forRequest();
    await meddle(db, sql`UPDATE webhooks SET secret = ${copied} WHERE id = ${Number(webhookId)}`);
    await operatorOf(service).must('change_webhook', { webhookId: other.webhookId, enabled: false });
    expect(await happen(service)).toBe(0);
    expect(got).toEqual([]);
    expect(service.lines.join('')).toContain('webhook_secret_not_of_its_owner');
  });

  test('without its key nothing is sent and nothing is lost', async () => {
    const first = await start(OLD);
    const webhook = await add(first);
    const without = await start(NEW, first);
    expect(await happen(without)).toBe(0);
    const report = await runMaintenance(without.services, { budgetMs: 20_000 });
    expect(report).toMatchObject({ webhookSecretsSealed: 0, webhookSecretsUnreadable: 1 });
    expect(without.lines.join('')).toContain('data_key_missing');
    expect(got).toEqual([]);
    first.clock.advance(60_000);
    expect(await createDeliverer(first.services).deliverDue(() => true)).toBe(1);
    expect(believed(webhook.secret)).toBe(true);
  });
});
