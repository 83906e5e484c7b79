/** Events of a gateway whose body is not a text: absent, null, or an object that the gateway has parsed. */
import type { App } from '../../src/http/app';
import { handleEvent } from '../../src/http/scf-event';
import { freshName } from '../../testkit/people';
import { useService } from '../../testkit/service';

const service = useService('sqlite');
const event = { httpMethod: 'POST', path: '/base/v1/oauth/register', headers: { 'content-type': 'application/json' } };

async function answerTo(body: object): Promise<{ errorCode: number; errorMessage: string }> {
  return JSON.parse((await handleEvent(service().app, { ...event, ...body })).body);
}

test.each([
  ['no body', {}],
  ['null', { body: null }],
])('%s is a request without parameters', async (_name, body) => {
  const account = { username: freshName(), salt: 'a'.repeat(32) };
  expect(await answerTo({ ...body, queryString: account })).toMatchObject({ errorCode: 0 });
  expect(await answerTo(body)).toMatchObject({ errorMessage: expect.stringContaining('username') });
});

test('an object has the parameters', async () => {
  expect(await answerTo({ body: { username: freshName(), salt: 'a'.repeat(32) } })).toMatchObject({ errorCode: 0 });
});

test("the keys of the function's role, which the platform passes in headers, reach nothing", async () => {
  let seen: Readonly<Record<string, string>> = {};
  const app: App = {
    handle: (request) => {
      seen = request.headers;
      return service().app.handle(request);
    },
  };
  const keys = { 'X-Scf-Secret-Id': 'id', 'x-scf-secret-key': 'key', 'X-SCF-Session-Token': 'token' };
  await handleEvent(app, { ...event, headers: { ...event.headers, ...keys, 'X-Scf-Request-Id': 'one' } });
  expect(seen).toEqual({ 'content-type': 'application/json', 'x-scf-request-id': 'one' });
});
