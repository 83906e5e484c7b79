/** The log line of a request: why it failed, and the answer; the client's address if it is wanted. */
import { createLog, traceOf } from '../../src/http/log';
import { newPerson } from '../../testkit/people';
import { jsonAsk, type Service, startService, useService } from '../../testkit/service';
import { send } from '../../testkit/ways';

const lineOf = (service: Service, requestId: string): Record<string, unknown> =>
  JSON.parse(service.lines.find((line) => line.includes(requestId) && line.includes('"endpoint"')) ?? '{}');

describe('a line', () => {
  const service = useService('sqlite');

  test('says which parameter or which rule it was', async () => {
    const alice = await newPerson(service());
    const reasons = async (endpoint: string, params: object) => {
      const { requestId } = await alice.call(endpoint, { ...params });
      return lineOf(service(), requestId);
    };
    expect(await reasons('auth_users/user_update', { name: 'x'.repeat(126) })).toMatchObject({
      method: 'POST',
      status: 200,
      errorCode: 98,
      reason: 'name must be at most 125 characters',
    });
    expect(await reasons('rooms/destroy_room', { roomId: 'nowhere' })).toMatchObject({
      errorCode: 2004,
      reason: 'the room does not exist or has ended',
    });
    expect(await reasons('auth_users/user_query', {})).not.toHaveProperty('reason');
  });

  test('of a path that is not there has its status and error too', async () => {
    const answer = await send(service(), 'http', { path: '/nothing/here' });
    const { requestId } = JSON.parse(answer.text);
    expect(lineOf(service(), requestId)).toMatchObject({ endpoint: 'unknown', status: 404, errorCode: 98 });
  });

  test('has its fields in one order, written as JSON writes them', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const ask = jsonAsk('auth_users/user_login_code');
    const { requestId } = await service().ask('http', {
      ...ask,
      headers: { ...ask.headers, traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    const written = service().lines.find((line) => line.includes(requestId) && line.includes('"endpoint"')) ?? '';
    const line = lineOf(service(), requestId);
    expect(written).toBe(`${JSON.stringify(line)}\n`);
    expect(Object.keys(line)).toEqual(
      'time requestId traceId method endpoint tenant userId status errorCode reason queries ms dbMs'.split(' '),
    );
    expect(line['traceId']).toBe(trace);
  });

  test('of an event ends as those of requests do', () => {
    const lines: string[] = [];
    createLog((line) => lines.push(line))('job_failed', { job: 'rooms' });
    expect(lines).toEqual([expect.stringMatching(/^\{"time":"[^"]+","event":"job_failed","job":"rooms"\}\n$/)]);
  });

  test('a failure is logged with its place, without its text', () => {
    const trace = traceOf(new TypeError('words\n    at a secret'));
    expect(trace).toMatch(/^TypeError \| at [^|]*log-lines\.test\.ts:\d+:\d+/);
    expect(trace).not.toMatch(/words|secret/);
    expect(trace.split(' | ').length).toBeLessThanOrEqual(9);
    expect(traceOf('a text')).toBe('string');
  });

  test('has no address of the client', async () => {
    expect(service().lines.join('')).not.toContain('127.0.0.1');
  });
});

test('/ answered 503 is logged with that status', async () => {
  const service = await startService('sqlite', { env: { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1', MYSQL_DB: 'x' } });
  try {
    const answer = await send(service, 'http', { path: '/' });
    expect(answer.status).toBe(503);
    const { requestId } = JSON.parse(answer.text);
    const line = lineOf(service, requestId);
    expect(line).toMatchObject({ endpoint: '/', status: 503, errorCode: 103 });
    expect(service.lines).toContain(`${JSON.stringify(line)}\n`);
  } finally {
    await service.close();
  }
});

test('LOG_CLIENT_ADDRESS puts the address into the lines, if it comes from a trusted source', async () => {
  const service = await startService('sqlite', { env: { LOG_CLIENT_ADDRESS: 'true' } });
  try {
    const ask = { ...jsonAsk('auth_users/user_logout'), headers: { 'x-forwarded-for': '203.0.113.77' } };
    const addressOf = async (way: 'http' | 'api-gateway' | 'function-url') =>
      lineOf(service, (await service.ask(way, ask)).requestId)['clientAddress'];
    expect(await addressOf('http')).toBe('127.0.0.1');
    expect(await addressOf('api-gateway')).toBe('203.0.113.9');
    expect(await addressOf('function-url')).toBe('unknown');
    expect(service.lines.join('')).not.toContain('203.0.113.77');
  } finally {
    await service.close();
  }
});
