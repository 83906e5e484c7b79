/** import_users with an ADMIN_KEY that an operator has chosen: its body may be as large as with a generated key. */
import { useService } from '../../testkit/service';
import { overHttp } from '../../testkit/ways';

const ADMIN_KEY = 'chosen-by-an-operator';
const service = useService('sqlite', { env: { ADMIN_KEY } });

test('a body above 64 KiB is read', async () => {
  const line = JSON.stringify({ username: 'x'.repeat(300) });
  const answer = await overHttp(service(), {
    method: 'POST',
    path: '/base/v1/admin/import_users',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' },
    query: [],
    body: `${line}\n`.repeat(400),
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text).data.refused).toHaveLength(400);
});
