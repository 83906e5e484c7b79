/** Attack 17: a request id that is really something else: a token in the log, markup in an answer. */
import { newPerson } from '../../testkit/people';
import { jsonAsk, useService } from '../../testkit/service';
import { WAYS } from '../../testkit/ways';

const service = useService('sqlite');
const NAMES = ['x-scf-request-id', 'x-api-requestid', 'x-request-id'];

const askWith = (headers: Record<string, string>) => ({ ...jsonAsk('auth_users/user_logout'), headers });

describe.each(WAYS)('through %s', (way) => {
  test.each(NAMES)('%s is used if it is an id, else one is generated', async (name) => {
    const alice = await newPerson(service());
    const bad = [
      alice.token,
      alice.token.slice(0, 40),
      'eyJhbGciOiJIUzI1NiJ9',
      'Bearer abc',
      '<script>',
      '../../etc',
      'a'.repeat(200),
      'hello-world',
      '1',
      '',
    ];
    for (const id of bad) {
      const { requestId } = await service().ask(way, askWith({ [name]: id }));
      expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
    const good = [
      '3f6c2f0e-6a5d-4c0e-9f0e-0d4b1b7f8a11',
      'C6AF9AC6-7B61-11E6-9A41-93E8DEADBEEF',
      '0af7651916cd43dd8448eb211c80319c',
      '1-67891233-abcdef012345678912345678',
      'b7ad6b7169203331',
    ];
    for (const id of good) expect((await service().ask(way, askWith({ [name]: id }))).requestId).toBe(id);
    const log = service().lines.join('');
    for (const id of bad.filter((one) => one.length > 3)) expect(log.includes(id)).toBe(false);
  });
});

test('the id of the proxy in front wins over what a client sends; on the platform its own does', async () => {
  const [proxy, client] = ['0af7651916cd43dd8448eb211c80319c', '3f6c2f0e-6a5d-4c0e-9f0e-0d4b1b7f8a11'];
  for (const name of ['x-scf-request-id', 'x-api-requestid']) {
    const both = askWith({ [name]: client, 'x-request-id': proxy });
    expect((await service().ask('http', both)).requestId).toBe(proxy);
  }
  const platform = askWith({ 'x-scf-request-id': proxy, 'x-request-id': client, 'x-api-requestid': client });
  expect((await service().ask('function-url-observed', platform)).requestId).toBe(proxy);
});

test('a trace of W3C form is kept in the line, anything else in its header is not', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const lineOf = async (traceparent: string) => {
    const { requestId } = await service().ask('http', askWith({ traceparent }));
    return JSON.parse(service().lines.find((line) => line.includes(requestId)) ?? '{}');
  };
  expect(await lineOf(`00-${trace}-b7ad6b7169203331-01`)).toMatchObject({ traceId: trace });
  for (const bad of [
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    'eyJhbGciOiJIUzI1NiJ9',
    `ff-${trace}-b7ad6b7169203331-01`,
    `00-${trace}-xyz-01`,
  ]) {
    expect(await lineOf(bad)).not.toHaveProperty('traceId');
  }
});
