/** What operators do in the collection's story, every call of theirs once. Data only. */
import type { ErrorName } from '../../src/base/errors';
import type { AdminCall } from '../../src/contract/admin';
import type { Step } from './collection-steps';

export interface OperatorStep {
  name: string;
  operator: AdminCall;
  /** Reading calls may be asked with a query. Default: JSON. */
  as?: 'json' | 'query';
  input: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** The HTTP status of a refusal. Default: success. */
  status?: 400 | 404;
  /** The error of a refusal. Default: SystemVerifyError. */
  error?: ErrorName;
  checks?: readonly string[];
  before?: readonly string[];
}

const HOST = '{{hostId}}';
const VIEWER = '{{viewerId}}';
const remember = (variable: string, of = variable) => `pm.collectionVariables.set('${variable}', data.${of});`;

/** Variables of the collection besides adminKey, which you set. */
export const OPERATOR_VARIABLES = ['noteId', 'sanctionId', 'reportId', 'webhookId', 'operatorName', 'wordId'];

export const OPERATORS: readonly (OperatorStep | Step)[] = [
  {
    name: 'Go live again',
    call: 'enterRoom',
    as: 'json',
    input: { userId: HOST, token: '{{hostToken}}', roomId: HOST, role: 'anchor', title: 'For the operators' },
  },
  {
    name: 'List live rooms',
    operator: 'rooms',
    as: 'query',
    input: { orderBy: 'newest', ownBy: HOST },
    checks: ["pm.expect(data.items.map((room) => room.title)).to.eql(['For the operators']);"],
  },
  {
    name: 'Get the operator of this key',
    operator: 'me',
    as: 'query',
    input: {},
    checks: ["pm.expect(data.scope).to.equal('manage');"],
  },
  {
    name: 'Get the overview',
    operator: 'overview',
    as: 'query',
    input: {},
    checks: ["pm.expect(data.health.database.state).to.equal('ok');"],
  },
  { name: 'List the settings in force', operator: 'settings', as: 'query', input: {} },
  { name: 'Set the often used reasons', operator: 'setReasons', input: { reasons: ['spam', 'fraud'] } },
  {
    name: 'List the often used reasons',
    operator: 'reasons',
    as: 'query',
    input: {},
    checks: ["pm.expect(data.reasons).to.eql(['spam', 'fraud']);"],
  },
  {
    name: 'Watch an unknown room',
    operator: 'watchRoom',
    input: { roomId: 'nowhere' },
    status: 404,
    error: 'RoomNotExists',
  },
  { name: 'Look into a room', operator: 'room', as: 'query', input: { roomId: HOST } },
  { name: 'Warn a room', operator: 'warnRoom', input: { roomId: HOST, text: 'please mind the rules' } },
  {
    name: 'Search a user',
    operator: 'users',
    as: 'query',
    input: { search: VIEWER },
    checks: ["pm.expect(data.items[0].userId).to.equal(pm.collectionVariables.get('viewerId'));"],
  },
  {
    name: 'Read what may be written in a room',
    operator: 'chatRules',
    as: 'query',
    input: { roomId: HOST },
    checks: ['pm.expect(data.slowSeconds).to.equal(10);'],
  },
  {
    name: 'Let only the host and the admins write',
    operator: 'changeChatRules',
    input: { roomId: HOST, speak: 'admins' },
    checks: ["pm.expect(data.speak).to.equal('admins');"],
  },
  {
    name: 'List the admins of a room',
    operator: 'roomAdmins',
    as: 'query',
    input: { roomId: HOST },
    checks: ['pm.expect(data).to.eql([]);'],
  },
  {
    name: 'Switch review of texts on',
    operator: 'changeReviewSettings',
    input: { enabled: true, language: 'en' },
    checks: ['pm.expect(data.enabled).to.equal(true);'],
  },
  { name: 'What happens to texts', operator: 'reviewSettings', as: 'query', input: {} },
  {
    name: 'Add a word',
    operator: 'addWords',
    input: { words: ['collectionword'], action: 'mask' },
    checks: ['pm.expect(data.added + data.changed).to.be.at.most(1);'],
  },
  {
    name: 'Find the word',
    operator: 'words',
    as: 'query',
    input: { search: 'collectionword' },
    checks: [remember('wordId', 'items[0].wordId')],
  },
  {
    name: 'Try a text',
    operator: 'checkText',
    input: { text: 'a C o l l e c t i o n word' },
    checks: ["pm.expect(data.verdict).to.equal('mask');"],
  },
  {
    name: 'Remove the word',
    operator: 'removeWords',
    input: { wordIds: ['{{wordId}}'] },
    checks: ['pm.expect(data.removed).to.equal(1);'],
  },
  { name: 'Appeals', operator: 'appeals', as: 'query', input: {} },
  {
    name: 'Decide about an appeal that is not there',
    operator: 'resolveAppeal',
    input: { appealId: '999999999', verdict: 'upheld', reason: 'x' },
    status: 404,
  },
  {
    name: 'Texts that wait for a verdict',
    operator: 'held',
    as: 'query',
    input: {},
    checks: ['pm.expect(data.items).to.eql([]);'],
  },
  {
    name: 'Decide about a text that is not there',
    operator: 'decideHeld',
    input: { heldIds: ['999999999'], verdict: 'pass' },
    checks: ['pm.expect(data.failed).to.have.lengthOf(1);'],
  },
  {
    name: 'What was written in a room',
    operator: 'messages',
    as: 'query',
    input: { roomId: HOST },
    checks: ['pm.expect(data.items).to.eql([]);'],
  },
  {
    name: 'Take back a message that is not there',
    operator: 'recallMessage',
    input: { messageId: '999999999', reason: 'x' },
    status: 404,
  },
  {
    name: 'What viewers complain of',
    operator: 'reports',
    as: 'query',
    input: { roomId: HOST, state: 'open' },
    checks: ['pm.expect(data.items).to.have.lengthOf(1);', remember('reportId', 'items[0].reportId')],
  },
  {
    name: 'Resolve a report',
    operator: 'resolveReport',
    input: { reportId: '{{reportId}}', verdict: 'dismissed', reason: 'nothing there' },
  },
  { name: 'Kick without a reason', operator: 'kickUser', input: { roomId: HOST, userId: VIEWER }, status: 400 },
  {
    name: 'Kick a user from a room',
    operator: 'kickUser',
    input: { roomId: HOST, userId: VIEWER, reason: 'spam' },
    checks: [remember('sanctionId')],
  },
  { name: 'Let them in again', operator: 'liftSanction', input: { sanctionId: '{{sanctionId}}', reason: 'a mistake' } },
  { name: 'Mute a user', operator: 'muteUser', input: { userId: VIEWER, reason: 'spam', seconds: 60 } },
  {
    name: 'Ban a user',
    operator: 'banUser',
    input: { userId: VIEWER, reason: 'spam', seconds: 60 },
    checks: [remember('sanctionId')],
  },
  {
    name: 'List active sanctions',
    operator: 'sanctions',
    as: 'query',
    input: { userId: VIEWER },
    checks: ["pm.expect(data.items.map(({ kind }) => kind).sort()).to.eql(['ban', 'mute']);"],
  },
  { name: 'Lift the ban', operator: 'liftSanction', input: { sanctionId: '{{sanctionId}}', reason: 'a mistake' } },
  {
    name: 'Get a user',
    operator: 'user',
    as: 'query',
    input: { userId: VIEWER },
    checks: ['pm.expect(data.banned).to.equal(false);', 'pm.expect(data.sanctions).to.have.lengthOf(5);'],
  },
  {
    name: 'Add a note on a user',
    operator: 'addNote',
    input: { userId: VIEWER, text: 'asked for a second chance' },
    checks: [remember('noteId')],
  },
  { name: 'Delete the note', operator: 'removeNote', input: { noteId: '{{noteId}}' } },
  { name: 'Sign a user out everywhere', operator: 'signOutUser', input: { userId: VIEWER, reason: 'a lost phone' } },
  { name: 'End a room', operator: 'endRoom', input: { roomId: HOST, reason: 'spam' } },
  {
    name: 'Broadcasts that have ended',
    operator: 'broadcasts',
    as: 'query',
    input: { roomId: HOST },
    checks: ["pm.expect(data.items.map(({ endedBy }) => endedBy)).to.eql(['operator', 'owner']);"],
  },
  {
    name: 'Get statistics',
    operator: 'statistics',
    as: 'query',
    input: { fromUtc: '2026-11-23 00:00:00', toUtc: '2026-11-24 00:00:00', step: '1h' },
    checks: ['pm.expect(data.atUtc).to.have.lengthOf(24);'],
  },
  {
    name: 'Add a webhook that is not sent to yet',
    operator: 'addWebhook',
    input: { url: 'https://example.com/hooks/live-room', enabled: false },
    checks: ['pm.expect(data.secret).to.match(/^whsec_/);', remember('webhookId')],
  },
  { name: 'List webhooks', operator: 'webhooks', as: 'query', input: {} },
  {
    name: 'Describe a webhook',
    operator: 'changeWebhook',
    input: { webhookId: '{{webhookId}}', description: 'of the collection' },
  },
  {
    name: 'List deliveries of a webhook',
    operator: 'deliveries',
    as: 'query',
    input: { webhookId: '{{webhookId}}' },
    checks: ['pm.expect(data.items).to.eql([]);'],
  },
  { name: 'Get an unknown delivery', operator: 'delivery', input: { deliveryId: '999999999' }, status: 404 },
  { name: 'Send a test event', operator: 'testWebhook', input: { webhookId: '{{webhookId}}' } },
  { name: 'Replay an unknown delivery', operator: 'replayDelivery', input: { deliveryId: '999999999' }, status: 404 },
  { name: 'Remove the webhook', operator: 'removeWebhook', input: { webhookId: '{{webhookId}}' } },
  {
    name: 'Add an operator',
    operator: 'addOperator',
    input: { name: '{{operatorName}}', scope: 'read', tenant: '*' },
    before: ["pm.collectionVariables.set('operatorName', 'collection-' + Date.now());"],
    checks: ['pm.expect(data.key).to.match(/^lrk_/);'],
  },
  { name: 'List operators', operator: 'operators', as: 'query', input: {} },
  { name: 'Give an operator another key', operator: 'rotateOperator', input: { name: '{{operatorName}}' } },
  { name: 'Remove the operator', operator: 'removeOperator', input: { name: '{{operatorName}}' } },
  {
    name: 'Sign a user in from your own service',
    operator: 'issueToken',
    input: { username: 'collection-guest', nickname: 'Guest' },
    checks: ["pm.expect(data.token).to.be.a('string');", "pm.collectionVariables.set('guestId', data.userId);"],
  },
  { name: 'Change that user', operator: 'updateUser', input: { userId: '{{guestId}}', name: 'A guest' } },
  { name: 'Open a room for that user', operator: 'openRoom', input: { ownerId: '{{guestId}}', title: 'Opened' } },
  { name: 'Change that room', operator: 'updateRoomOf', input: { roomId: '{{guestId}}', subject: 'Songs' } },
  { name: 'End that room', operator: 'closeRoom', input: { roomId: '{{guestId}}', reason: 'over' } },
  { name: 'Import users without NDJSON', operator: 'importUsers', input: {}, status: 400 },
  {
    name: 'Export that user',
    operator: 'exportUser',
    input: { userId: '{{guestId}}' },
    checks: ["pm.expect(data.users[0].username).to.equal('collection-guest');"],
  },
  { name: 'Delete that user', operator: 'deleteUser', input: { userId: '{{guestId}}', reason: 'over' } },
  {
    name: 'Who did what to the room',
    operator: 'audit',
    as: 'query',
    input: { roomId: HOST },
    checks: [
      "pm.expect(data.items.map(({ action }) => action)).to.include.members(['warn_room', 'kick_user', 'end_room']);",
    ],
  },
];
