/** What entering means, case by case: the owner of the id, the state of its room, and the role of the user. */
import { ROOM_STATUS, type RoomState } from '../../src/data/rooms/room-states';
import type { Room } from '../../src/data/rooms/rooms';
import { decideEntry, type EntryDecision, roleOf } from '../../src/rules/rooms/entry-decision';

const NOW = 1_000_000;
const ME = { id: 7, ownId: false, now: NOW, holder: 'mine' };
const OTHER = 8;

function room(state: RoomState, changes: Partial<Room> = {}): Room {
  const texts = { category: '', title: '', cover: '', subject: '', description: '' };
  const numbers = { star: 0, created_at: 0, updated_at: 0, nn_users: 0, total_joined: 0, counted_at: 0, im_group: 0 };
  const lease = { lease_holder: 'another', lease_until: NOW + 1 };
  const leased = state === 'opening' || state === 'dismissing' ? lease : { lease_holder: '', lease_until: 0 };
  const owner = { owner_id: ME.id, updated_by: ME.id, session_id: '', open_slot: null, host_pending: 0 };
  const key = { id: 1, tenant: '', room_id: 'r', broadcast_no: 1, status: ROOM_STATUS[state] };
  // Columns that other rules have added say nothing here.
  return { ...key, ...owner, ...texts, ...numbers, ...leased, ...changes } as Room;
}

const hers = { owner_id: OTHER };
const expired = { lease_until: NOW };

const CASES: readonly [string, Room | undefined, number | undefined, string | undefined, EntryDecision][] = [
  ['a free id, as anchor', undefined, undefined, 'anchor', 'open'],
  ['a free id, with no role', undefined, undefined, undefined, 'open'],
  ['a free id, as audience', undefined, undefined, 'audience', 'open'],
  ['my id without a room, as anchor', undefined, ME.id, 'anchor', 'open'],
  ["another's id without a room, as anchor", undefined, OTHER, 'anchor', 'not_yours'],
  ["another's id without a room, with no role", undefined, OTHER, undefined, 'not_yours'],
  ["another's id without a room, as audience", undefined, OTHER, 'audience', 'no_such_room'],
  ['my live room', room('live'), ME.id, 'anchor', 'join'],
  ["another's live room", room('live', hers), OTHER, 'anchor', 'join'],
  [
    'a live room that waits for its host, as anchor',
    room('live', { ...hers, host_pending: 1 }),
    OTHER,
    'ANCHOR',
    'take_over',
  ],
  ['the same with no role', room('live', { ...hers, host_pending: 1 }), OTHER, undefined, 'join'],
  ['my ended room, as anchor', room('closed'), ME.id, 'anchor', 'open'],
  ['my ended room, as audience', room('closed'), ME.id, 'audience', 'no_such_room'],
  ["another's ended room, as anchor", room('closed', hers), OTHER, 'anchor', 'no_such_room'],
  ["another's room that was never live", room('closed', { ...hers, broadcast_no: 0 }), OTHER, 'anchor', 'not_yours'],
  ['an ended room that waits for its host', room('closed', { ...hers, host_pending: 1 }), OTHER, 'anchor', 'open'],
  ['the same, as a guest', room('closed', { ...hers, host_pending: 1 }), OTHER, 'guest', 'no_such_room'],
  ['my room that I open elsewhere', room('opening'), ME.id, 'anchor', 'wait'],
  ["another's room that is being opened", room('opening', hers), OTHER, 'audience', 'wait'],
  ['my own attempt, repeated', room('opening', { lease_holder: 'mine' }), ME.id, 'anchor', 'open'],
  ['an attempt of mine that died', room('opening', expired), ME.id, 'anchor', 'open'],
  ['my room that is being dismissed', room('dismissing'), ME.id, 'anchor', 'wait'],
  ['the same after its worker died', room('dismissing', expired), ME.id, 'anchor', 'open'],
  ["another's room that is being dismissed", room('dismissing', hers), OTHER, 'audience', 'no_such_room'],
];

test.each(CASES)('%s', (_what, found, idOwner, role, expected) => {
  const lookup = { idOwner, room: found };
  const request = { roomId: 'r', role, category: undefined, title: undefined };
  expect(decideEntry(lookup, request, ME)).toBe(expected);
});

test('an audience opens nothing under its own id', () => {
  const lookup = { idOwner: ME.id, room: undefined };
  const request = { roomId: '7', role: 'audience', category: undefined, title: undefined };
  expect(decideEntry(lookup, request, { ...ME, ownId: true })).toBe('no_such_room');
});

test.each([
  ['anchor', true, 'anchor'],
  [undefined, true, 'anchor'],
  ['host', true, 'host'],
  ['anchor', false, 'audience'],
  ['Anchor', false, 'audience'],
  [undefined, false, 'audience'],
  ['guest', false, 'guest'],
])('the role of %p, owner: %p, is %p', (role, isOwner, expected) => {
  const request = { roomId: 'r', role, category: undefined, title: undefined };
  expect(roleOf(request, isOwner)).toBe(expected);
});

test.each([
  'anchor',
  'ANCHOR',
  'anchor ',
  ' anchor',
  'ａｎｃｈｏｒ',
  'an\u200bchor',
  'anchor\ufeff',
  'an\u00adchor',
  '\u2060anchor',
])('%j is the role of the anchor, which no viewer gets', (role) => {
  const request = { roomId: 'r', role, category: undefined, title: undefined };
  expect(roleOf(request, false)).toBe('audience');
});
