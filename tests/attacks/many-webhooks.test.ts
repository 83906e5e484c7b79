/** Attack 35: the manager of one tenant adds webhooks until every event of the installation is a thousand deliveries. */
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { onBothDatabases, startService, useService } from '../../testkit/service';

const MOST = 20;
const OTHER = { apaasAppId: 'shop', sdkAppId: 1_400_000_099, secret: 'another-secret-of-another-app-0123456789' };

onBothDatabases((kind) => {
  const env = { ADMIN_KEY, TENANTS: JSON.stringify([OTHER]) };
  const service = useService(kind, { env });

  test('forty concurrently, through two processes: twenty, and the other tenants keep theirs', async () => {
    const other = await startService(kind, { sameDatabaseAs: service(), env });
    const shop = await newOperator(service(), { name: `shop-${kind}`, scope: 'manage', tenant: 'shop' });
    const also = operatorOf(other, shop.key);
    const url = 'https://hooks.example.com/live-room';
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? shop : also).call('add_webhook', { url })),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([...Array(MOST).fill(200), ...Array(40 - MOST).fill(409)]);
    const { items } = await shop.must<{ items: { webhookId: string }[] }>('webhooks', { limit: 200 });
    expect(items).toHaveLength(MOST);
    const audit = await shop.must<{ items: unknown[] }>('audit', { action: 'add_webhook', limit: 200 });
    expect(audit.items).toHaveLength(MOST);
    await operatorOf(service()).must('add_webhook', { url });
    await shop.must('remove_webhook', { webhookId: items[0]?.webhookId });
    await shop.must('add_webhook', { url });
    expect(await shop.call('add_webhook', { url })).toMatchObject({ status: 409, errorCode: 98 });
    await other.close();
  });
});
