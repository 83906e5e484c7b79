/** Which messages of IM are the same one. */
import { messageKey } from '../../src/rules/review/message';

const message = { GroupId: 'r1', From_Account: '7', Random: 5 };
const key = (fields: object, tenant = '') => messageKey(tenant, { ...message, ...fields });

test('a message keeps its key, by its MsgId if it has one', () => {
  expect(key({})).toBe(key({}));
  expect(key({ MsgId: 'm1', Random: 6 })).toBe(key({ MsgId: 'm1' }));
  expect(key({ Random: '5' })).toBe(key({}));
});

test('without a MsgId, another group, author or Random is another message; so is another tenant', () => {
  const keys = [
    key({}),
    key({ GroupId: 'r2' }),
    key({ From_Account: '8' }),
    key({ Random: 6 }),
    key({ MsgId: 'm1' }),
    key({ MsgId: 'm2' }),
    key({}, 'other'),
    key({ MsgId: 'm1' }, 'other'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a field that is no text is as if it was missing', () => {
  for (const none of [undefined, null, {}, []]) expect(key({ MsgId: none })).toBe(key({}));
});
