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
    const { run } = await runNewman(service.base.replace(/\/$/, ''));
    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    expect(run.stats['requests']).toMatchObject({ failed: 0 });
    expect(run.stats['requests']?.total).toBeGreaterThan(30);
    expect(run.stats['assertions']?.total).toBe(run.stats['requests']?.total);
  });

  it('fails against something else', async () => {
    const { run } = await runNewman(`${service.base}no/such/stage`);
    expect(run.failures.length).toBeGreaterThan(30);
  });
});
