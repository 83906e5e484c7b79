/** `provider.domain` from the first deploy to the removal: absent, unseen by SCF, made, changed, kept, of others. */
import { domainProblem } from '../../deploy/domain';
import { info } from '../../deploy/info';
import { showPlan } from '../../deploy/plan';
import { preflight } from '../../deploy/preflight';
import { remove } from '../../deploy/remove';
import { describeWithMysql } from '../../testkit/mysql-server';
import { event, useScene } from './scene';

const target = '1300000001.ap-guangzhou.tencentscf.com';
const name = 'live.example.com';
const domain = { name, certificate: 'cert0001' };

describeWithMysql('a domain', () => {
  const scene = useScene();
  const domains = () => scene.cloud.scf.domains;

  beforeEach(() => {
    scene.context = scene.harness.context({ ...event, domain });
  });

  it('is made by the first deploy, corrected by the next, kept by a third, and removed', async () => {
    domains().record(name, target);
    await scene.go();
    expect(scene.said()).toContain(`domain: https://${name}/`);
    scene.context = scene.harness.context({ ...event, domain: { ...domain, certificate: 'cert0002' } });
    await scene.go();
    expect(domains().made.get(name)).toMatchObject({ CertConfig: { CertificateId: 'cert0002' }, Protocol: 'HTTPS' });
    const start = scene.cloud.calls.length;
    await scene.go();
    expect(scene.changesSince(start)).toEqual([]);
    await remove(scene.context, { deleteData: true });
    expect(scene.cloud.resources()).toEqual([]);
  });

  it('that does not exist is planned, and shown by info as missing', async () => {
    await showPlan(scene.context, scene.harness.code('1'));
    expect(scene.said()).toContain(`+ Domain ${name}`);
    domains().record(name, target);
    await scene.go();
    domains().made.delete(name);
    await info(scene.context);
    expect(scene.said()).toContain(`domain: ${name} is not deployed`);
    await remove(scene.context, { deleteData: false });
  });

  it('whose record SCF sees late is waited for', async () => {
    scene.cloud.world.dnsTakes = 300;
    domains().record(name, target);
    await scene.go();
    expect(
      scene.callsOf('scf:CreateCustomDomain').filter(({ refused }) => refused === 'FailedOperation.CNAME').length,
    ).toBeGreaterThan(1);
    expect(domains().made.has(name)).toBe(true);
  });

  it('without a record leaves everything else deployed, and the error says which record to add', async () => {
    const began = scene.clock.now();
    await expect(scene.go()).rejects.toThrow(
      /^Everything but the domain is deployed[\s\S]*live\.example\.com CNAME 1300000001\.ap-guangzhou\.tencentscf\.com[\s\S]*run the same command again/,
    );
    expect(scene.said()).toContain('answer: HTTP 200');
    expect(scene.clock.now() - began).toBeLessThan(15 * 60_000);
    domains().record(name, target);
    await scene.go();
    expect(domains().made.has(name)).toBe(true);
  });

  it('without a record is a warning of the preflight, through a chain of records too', async () => {
    await preflight({ ...scene.context, openLogs: false, shell: [] });
    expect(scene.said()).toContain(`${name} has no CNAME record that leads to ${target}`);
    const { resolve, record } = domains();
    expect(await domainProblem(scene.context, resolve)).toContain(`${name} CNAME ${target}`);
    record(name, 'cdn.example.net.');
    record('cdn.example.net', `${target}.`);
    expect(await domainProblem(scene.context, resolve)).toBeUndefined();
  });

  it('made by a request whose response was lost is taken as made', async () => {
    domains().record(name, target);
    scene.cloud.doubt('scf:CreateCustomDomain', 'InternalError');
    await scene.go();
    expect(scene.callsOf('scf:CreateCustomDomain')).toHaveLength(2);
  });

  it('of another service is not taken and not removed', async () => {
    domains().record(name, target);
    const route = { Namespace: 'default', FunctionName: 'shop', Qualifier: '$DEFAULT', PathMatch: '/*' };
    domains().made.set(name, { Domain: name, Protocol: 'HTTP', EndpointsConfig: [route] });
    await expect(scene.go()).rejects.toThrow('leads to the function shop, which is not one of demo-dev');
    await remove(scene.context, { deleteData: true });
    expect(domains().made.has(name)).toBe(true);
  });

  it('with a certificate that does not fit says where certificates are', async () => {
    domains().record(name, target);
    await scene.go();
    scene.cloud.fail('scf:UpdateCustomDomain', 'FailedOperation.Ssl');
    scene.context = scene.harness.context({ ...event, domain: { ...domain, certificate: 'cert0002' } });
    await expect(scene.go()).rejects.toThrow('https://console.cloud.tencent.com/ssl');
  });
});
