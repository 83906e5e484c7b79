/** Secrets that deploy makes: once, shown once, kept, and replaced only on request. */
import { remove } from '../../deploy/remove';
import { rollback } from '../../deploy/rollback';
import { describeWithMysql } from '../../testkit/mysql-server';
import { event, useScene } from './scene';

const dataKey = /^k[0-9a-f]{8}:[0-9a-f]{64}$/;

describeWithMysql('a secret', () => {
  const scene = useScene();
  const printed = (name: string) => {
    const start = `${name}: `;
    return scene.harness.lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  };
  const deployed = (name: string) => {
    const { Variables = [] } = scene.cloud.scf.function('demo-dev')?.latest.configuration.Environment ?? {};
    return Variables.find(({ Key }) => Key === name)?.Value;
  };
  const forget = () => {
    scene.harness.lines.length = 0;
    scene.context.state.write({});
  };

  it.each([
    ['ADMIN_KEY', 'admin key', 'admin-key', `lrk_${'x'.repeat(43)}`],
    ['DATA_KEYS', 'data keys', 'data-keys', `mine:${'a'.repeat(64)}`],
  ] as const)(
    '%s is made and shown by the first deploy, kept by the next, replaced by --rotate, set by .env',
    async (name, shown, rotate, mine) => {
      await scene.go();
      await scene.go('2');
      expect(printed(shown)).toEqual([deployed(name)]);
      await scene.go('2', { rotate });
      expect(printed(shown)).toEqual([expect.anything(), deployed(name)]);
      expect(new Set(printed(shown)).size).toBe(2);
      scene.context = scene.harness.context(event, { [name]: mine });
      await expect(scene.go('2', { rotate })).rejects.toThrow(`${name} is set in .env`);
      await scene.go('2');
      expect([printed(shown).length, deployed(name)]).toEqual([2, mine]);
    },
  );

  it('DATA_KEYS: a new key goes in front, and the older ones stay', async () => {
    await scene.go();
    const first = deployed('DATA_KEYS') ?? '';
    expect(first).toMatch(dataKey);
    await scene.go('1', { rotate: 'data-keys' });
    const [newest = '', ...older] = (deployed('DATA_KEYS') ?? '').split(',');
    expect([dataKey.test(newest), older]).toEqual([true, [first]]);
  });

  it('DATA_KEYS of a database that stays are printed by remove, and the next deploy wants them', async () => {
    await scene.go();
    const keys = deployed('DATA_KEYS') ?? '';
    forget();
    await remove(scene.context, { deleteData: false });
    expect(printed('data keys')).toEqual([keys]);
    await expect(scene.go()).rejects.toThrow(/earlier deployment is still there[\s\S]*\.env[\s\S]*--rotate data-keys/);
    expect(scene.callsOf('scf:CreateFunction')).toHaveLength(1);
    scene.context = scene.harness.context(event, { DATA_KEYS: keys });
    await scene.go();
    expect(deployed('DATA_KEYS')).toBe(keys);
    forget();
    await remove(scene.context, { deleteData: false });
    expect(printed('data keys')).toEqual([]);
    scene.context = scene.harness.context(event);
    await scene.go('1', { rotate: 'data-keys' });
    expect(printed('data keys')).toEqual([deployed('DATA_KEYS')]);
  });

  it('DATA_KEYS are not printed by a removal that deletes the data, and never those of a function of others', async () => {
    await scene.go();
    forget();
    await remove(scene.context, { deleteData: true });
    const Environment = { Variables: [{ Key: 'DATA_KEYS', Value: 'theirs' }] };
    const Code = { ZipFile: scene.harness.code('x').zip.toString('base64') };
    const request = { FunctionName: 'demo-dev', Runtime: 'Nodejs18.15', Description: 'Mine', Environment, Code };
    await scene.context.cloud.scf('CreateFunction', request);
    await remove(scene.context, { deleteData: false });
    expect(printed('data keys')).toEqual([]);
  });

  it('DATA_KEYS are not asked for by a first deploy that was interrupted before the functions were made', async () => {
    scene.cloud.fail('scf:CreateFunction', 'UnauthorizedOperation');
    await expect(scene.go()).rejects.toThrow('lacks this permission');
    await scene.go();
    expect(printed('data keys').at(-1)).toBe(deployed('DATA_KEYS'));
  });

  it('a rollback to a version without the newest of DATA_KEYS is refused', async () => {
    await scene.go();
    await scene.go('2', { rotate: 'data-keys' });
    await expect(rollback(scene.context, 1)).rejects.toThrow('Version 1 has another DATA_KEYS than now');
    await scene.go('3');
    await rollback(scene.context, 2);
    expect(scene.said()).toContain('version 2 is live');
  });
});
