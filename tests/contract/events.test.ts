/** Events of a gateway whose body is not a text: absent, null, or an object that the gateway has parsed. */
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
