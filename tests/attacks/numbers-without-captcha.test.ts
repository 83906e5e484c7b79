/** Attack 48: CAPTCHA=off, and one address asks for codes to ever new numbers. What is refused must not leave rows behind. */
import { columns, read, sql } from '../../src/data/engine/sql';
import { type FakeCodesVendor, startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { onBothDatabases, type Service, startService } from '../../testkit/service';

const CODE = columns('sign_in_codes', '', ['address_key']);
const LIMIT = columns('code_limits', '', ['id']);
/** A tenth of 20. */
const SENT = 2;

onBothDatabases((kind) => {
  let vendor: FakeCodesVendor;
  let service: Service;
  beforeAll(async () => {
    vendor = await startFakeCodesVendor();
    service = await startService(kind, { env: { ...vendorEnv(vendor), CAPTCHA: 'off', CODE_SENDS_PER_IP_HOUR: '20' } });
  });
  afterAll(async () => {
    await service.close();
    await vendor.stop();
  });

  test(`of 60 numbers ${SENT} get a code, and the others leave nothing`, async () => {
    const codes: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      const phone = `+86138${String(10_000 + n)}000`;
      codes.push((await service.call('auth_users/user_verify_by_picture', { phone })).errorCode);
    }
    expect(codes).toEqual([...Array(SENT).fill(0), ...Array(60 - SENT).fill(209)]);
    const db = service.services.database.forRequest();
    expect(await db.query(read('test.codes', CODE, sql`SELECT ${CODE} FROM sign_in_codes`))).toHaveLength(SENT);
    // Rows: for each number an hour, a day and its block; for the client an hour and a day; for the tenant a day.
    const limits = await db.query(read('test.limits', LIMIT, sql`SELECT ${LIMIT} FROM code_limits`));
    expect(limits.length).toBeLessThanOrEqual(3 * SENT + 3);
  });
});
