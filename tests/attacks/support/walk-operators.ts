/** The calls of operators and services that cost the most: of a few people and rooms, with other values each time. */
import { keysOf } from '../../../src/base/fields';
import { type AdminCall, adminContract, type ChangingCall, type SteppedCall } from '../../../src/contract/admin';
import type { TestOperator } from '../../../testkit/operator';
import type { Params } from '../../../testkit/service';
import { type EveryChange, everyChange } from '../../operators/support/every-change';
import type { Hostile } from './walk-calls';

/** People, rooms and so on that the calls are about. */
const SUBJECTS = 3;
let runs = 0;

/** Parameters that differ from call to call; other calls repeat the same. */
const VARIED: { readonly [N in ChangingCall | SteppedCall]?: (n: string) => Params } = {
  addWords: (n) => ({ words: [`one${n}`, `two${n}`] }),
  addOperator: (n) => ({ name: `operator ${n}` }),
  addWebhook: (n) => ({ url: `https://example.com/${n}`, enabled: false }),
  changeWebhook: (n) => ({ description: n, enabled: true }),
  addNote: (n) => ({ text: n }),
  setReasons: (n) => ({ reasons: [n, `${n} too`] }),
  issueToken: (n) => ({ username: `user ${n}`, nickname: n }),
  updateUser: (n) => ({ name: n, avatar: `https://example.com/${n}.png` }),
  openRoom: (n) => ({ title: n }),
  updateRoomOf: (n) => ({ title: n }),
  endRoom: () => ({ banOwnerSeconds: 60 }),
};

/** Made before the call. */
const PREPARED: { readonly [N in keyof EveryChange]?: (operator: TestOperator, given: Params) => Promise<unknown> } = {
  rotateOperator: (operator, { name }) => operator.must('add_operator', { name, scope: 'read' }),
  removeOperator: (operator, { name }) => operator.must('add_operator', { name, scope: 'read' }),
};

/** Webhooks besides the first one, which events are for. */
async function removeWebhooks(operator: TestOperator): Promise<void> {
  const { items } = await operator.must<{ items: { webhookId: string }[] }>('webhooks', { limit: 100 });
  for (const { webhookId } of items.slice(1)) await operator.must('remove_webhook', { webhookId });
}

const addWebhook: Hostile = async (scene, calls) => {
  await removeWebhooks(scene.operator);
  return repeated('addWebhook')(scene, calls);
};

const removeWebhook: Hostile = async ({ operator }) => {
  await removeWebhooks(operator);
  const webhook = { url: 'https://example.com/', enabled: false };
  const { webhookId } = await operator.must<{ webhookId: string }>('add_webhook', webhook);
  return () => ({ webhookId });
};

function repeated(call: keyof EveryChange): Hostile {
  return async ({ maker, operator }) => {
    runs += 1;
    const run = runs;
    const subjects: Params[] = [];
    for (let n = 0; n < SUBJECTS; n += 1) {
      const given = await everyChange(maker, `${run}-${n}`)[call]();
      await PREPARED[call]?.(operator, given);
      subjects.push(given);
    }
    return (n) => ({ ...subjects[n % SUBJECTS], ...VARIED[call]?.(`${run}-${n}`) });
  };
}

/** Each call makes other people. */
const importUsers: Hostile = async () => {
  runs += 1;
  const run = runs;
  return (n) => ({ lines: ['a', 'b'].map((name) => JSON.stringify({ username: `${name} ${run}-${n}` })).join('\n') });
};

/** Reading calls change nothing but the audit. */
const messages: Hostile = async (scene) => {
  const { roomId } = await scene.room();
  return () => ({ roomId });
};

type Writing = ChangingCall | SteppedCall;
const WRITING = keysOf(adminContract).filter((call): call is Writing => adminContract[call].changes);

const OTHERS: { readonly [N in keyof EveryChange]?: Hostile } = { addWebhook, removeWebhook };

/** Keyed by call. */
export const HOSTILE_OPERATOR: readonly (readonly [AdminCall, Hostile])[] = [
  ...WRITING.map((call) => [call, call === 'importUsers' ? importUsers : (OTHERS[call] ?? repeated(call))] as const),
  ['messages', messages],
];
