/** Costs of operators' decisions, besides their row of the audit. Some calls are made of others. */
import type { Costs } from '../costs';

/** The calls to IM for a mute: in the room, or in each room that the user is in. */
const TOLD_OF_MUTE = {
  rows: { im_said: [[1, 'keyCalls'], ['memberships']] },
  calls: { im: [[2, 'keyCalls'], ['memberships']] },
} as const satisfies Costs;

export const KICK = {
  rows: { sanctions: [1, 'keyCalls'], im_said: [1, 'keyCalls'] },
  calls: { im: [2, 'keyCalls'], trtc: [1, 'keyCalls'] },
  events: { 'sanction.created': [1, 'keyCalls'] },
} as const satisfies Costs;

export const MUTE = {
  rows: { ...TOLD_OF_MUTE.rows, sanctions: [1, 'keyCalls'] },
  calls: TOLD_OF_MUTE.calls,
  events: { 'sanction.created': [1, 'keyCalls'] },
} as const satisfies Costs;

export const LIFT = { ...TOLD_OF_MUTE, events: { 'sanction.lifted': [1, 'keyCalls'] } } as const satisfies Costs;

/** Sessions, memberships and rooms of the user end. */
export const BAN = {
  rows: { sanctions: [1, 'keyCalls'], activity: ['swept'], broadcasts: ['memberships'] },
  calls: { im: [[1, 'keyCalls'], ['memberships']], trtc: ['memberships'] },
  events: { 'sanction.created': [1, 'keyCalls'], 'room.ended': ['memberships'] },
} as const satisfies Costs;

export const DELETE = {
  rows: { activity: ['swept'], broadcasts: ['memberships'] },
  calls: BAN.calls,
  events: { 'user.deleted': [1, 'keyCalls'], 'room.ended': ['memberships'] },
} as const satisfies Costs;

export const CLOSE = {
  rows: { broadcasts: [1, 'keyCalls'] },
  calls: { im: [1, 'keyCalls'], trtc: [1, 'keyCalls'] },
  events: { 'room.ended': [1, 'keyCalls'] },
} as const satisfies Costs;

/** The host may be banned with it. */
export const END = {
  rows: { ...BAN.rows, audit: [2, 'keyCalls'], broadcasts: [[1, 'keyCalls'], ['memberships']] },
  calls: { im: [[3, 'keyCalls'], ['memberships']], trtc: [[1, 'keyCalls'], ['memberships']] },
  events: BAN.events,
} as const satisfies Costs;
