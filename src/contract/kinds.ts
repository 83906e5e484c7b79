/** Values that events and the answers of operators' calls have in common. */

export const SANCTION_KINDS = ['ban', 'mute', 'kick'] as const;
export type SanctionKind = (typeof SANCTION_KINDS)[number];

/** Why a broadcast ended. */
export const ENDED_BY = ['owner', 'operator', 'absence', 'account', 'im', 'service'] as const;
