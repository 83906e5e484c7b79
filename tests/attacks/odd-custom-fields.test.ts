/** Attack 45: `custom` with values that JSON allows and that cannot be stored, or come back as other values. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { envelopeOf, overHttp } from '../../testkit/ways';

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

onBothDatabases((kind) => {
  const service = useService(kind, { env: { ADMIN_KEY, CUSTOM_BY_APPS: 'true' } });

  async function code(endpoint: string, params: object, custom: string): Promise<number> {
    const body = `${JSON.stringify(params).slice(0, -1)},"custom":${custom}}`;
    const headers = { 'content-type': 'application/json' };
    return envelopeOf(await overHttp(service(), { method: 'POST', path: `/base/v1/${endpoint}`, headers, body }))
      .errorCode;
  }

  test.each([
    ['half a character', '{"a":"\\ud83d"}'],
    ['half a character in a name', '{"\\udc51":1}'],
    ['half a character in a list', '{"a":[{"b":"x\\ud83dx"}]}'],
    ['a number beyond all numbers', '{"a":1e999}'],
    ['and below', '{"a":[-1e999]}'],
    ['a NUL', '{"a":"\\u0000"}'],
    ['ten thousand levels', deep(10_000)],
  ])('%s is refused by name, as an object and as a text', async (_title, custom) => {
    const person = await newPerson(service());
    const roomId = await goLive(person);
    const caller = { userId: person.userId, token: person.token };
    for (const given of [custom, JSON.stringify(custom)]) {
      expect(await code('auth_users/user_update', caller, given)).toBe(98);
      expect(await code('rooms/update_room', { ...caller, roomId }, given)).toBe(2000);
      expect(await code('rooms/enter_room', { ...caller, roomId, role: 'anchor' }, given)).toBe(2000);
    }
    const { status } = await operatorOf(service()).call('update_user', {
      userId: person.userId,
      custom: custom,
    });
    expect(status).toBe(400);
    expect(await person.must('auth_users/user_query')).not.toHaveProperty('custom');
  });

  test('whole characters and every number come back as they were', async () => {
    const person = await newPerson(service());
    const custom = { '👑': '👑', list: [1e308, -0.5, null, true, { deep: { '': '' } }] };
    await person.must('auth_users/user_update', { custom });
    expect(await person.must('auth_users/user_query')).toMatchObject({ custom });
  });
});
