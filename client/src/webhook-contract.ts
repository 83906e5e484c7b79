/** Made from src/contract/events.ts by `npm run docs`; a test fails when it differs. Not to be edited. */

/** Every event by its type: what its `data` is. */
export interface WebhookEvents {
  /** A broadcast began. */
  'room.opened': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    ownBy: string;
    title: string;
    category: string;
  };
  /** A broadcast ended. */
  'room.ended': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    endedBy: 'owner' | 'operator' | 'absence' | 'account' | 'im' | 'service';
    reason: string;
  };
  /** A user joined the room; sent again if the app enters again. */
  'member.joined': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    userId: string;
    role: string;
  };
  /** A user left the room by leave_room. */
  'member.left': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    userId: string;
  };
  /** An account was made. */
  'user.created': {
    userId: string;
  };
  /** An account was deleted. */
  'user.deleted': {
    userId: string;
  };
  /** An operator banned, muted or kicked a user; has a place if it concerns one room. */
  'sanction.created': {
    roomId?: string;
    broadcastNo?: number;
    sequence?: number;
    sanctionId: string;
    kind: 'ban' | 'mute' | 'kick';
    userId: string;
    reason: string;
    untilUtc: string;
    by: string;
    byUserId: string;
  };
  /** An operator took a sanction back. */
  'sanction.lifted': {
    roomId?: string;
    broadcastNo?: number;
    sequence?: number;
    sanctionId: string;
    kind: 'ban' | 'mute' | 'kick';
    userId: string;
    reason: string;
    untilUtc: string;
    by: string;
    byUserId: string;
  };
  /** The owner of a room named an admin. */
  'admin.added': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    userId: string;
    byUserId: string;
  };
  /** The owner of a room took an admin back. */
  'admin.removed': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    userId: string;
    byUserId: string;
  };
  /** The chat rules of a room changed. */
  'chat_rules.changed': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    speak: 'all' | 'admins' | 'nobody';
    slowSeconds: number;
    unique: boolean;
    links: boolean;
    minSecondsInRoom: number;
    by: string;
    byUserId: string;
  };
  /** A message waits for a verdict. */
  'message.held': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    heldId: string;
    userId: string;
    source: 'word' | 'vendor';
    label: string;
    expiresUtc: string;
  };
  /** An operator decided a message in the review queue. */
  'message.decided': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    heldId: string;
    userId: string;
    verdict: 'pass' | 'refuse';
    reason: string;
    by: string;
  };
  /** An operator took a message back. */
  'message.recalled': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    messageId: string;
    userId: string;
    reason: string;
    by: string;
  };
  /** A cover or an avatar was removed after review; by is vendor or the operator. */
  'picture.removed': {
    roomId?: string;
    broadcastNo?: number;
    sequence?: number;
    userId: string;
    picture: 'cover' | 'avatar';
    url: string;
    label: string;
    by: string;
  };
  /** A viewer reported a room or one of its users. */
  'report.created': {
    roomId: string;
    broadcastNo: number;
    sequence: number;
    reportId: string;
    byUserId: string;
    targetUserId: string;
    reason: string;
    description: string;
  };
}
