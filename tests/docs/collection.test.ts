/** The collection for Postman and Bruno, run by newman against the built service. */
import { type Running, runBundle } from '../console/support/bundle';
import { runNewman } from './newman';

describe('the collection', () => {
  let service: Running;
  beforeAll(async () => {
    service = await runBundle();
  });
  afterAll(() => service?.stop());

  it('passes against the service, request by request', async () => {
    const [key = ''] = /lrk_[\w-]+/.exec(service.output()) ?? [];
    expect(key).not.toBe('');
    const { run } = await runNewman(service.base.replace(/\/$/, ''), key);
    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    expect(run.stats['requests']).toMatchObject({ failed: 0 });
    expect(run.stats['requests']?.total).toBeGreaterThan(60);
    expect(run.stats['assertions']?.total).toBe(run.stats['requests']?.total);
  });

  it('leaves the operators out if there is no key, and passes', async () => {
    const { run } = await runNewman(service.base.replace(/\/$/, ''));
    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    expect(run.stats['requests']?.total).toBeLessThan(60);
  });

  it('fails against something else', async () => {
    const { run } = await runNewman(`${service.base}no/such/stage`);
    expect(run.failures.length).toBeGreaterThan(30);
  });
});
