/**
 * The wallet: one ledger in SQLite. A balance is the sum of its entries, so nothing is ever overwritten, and the primary key
 * (user, key) makes each entry idempotent: the same key a second time changes nothing.
 */
import Database from 'libsql';

/** Says with which HTTP status a request is refused. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function openWallet(file) {
  const db = new Database(file);
  db.exec(`
    CREATE TABLE IF NOT EXISTS ledger (
      user TEXT NOT NULL, key TEXT NOT NULL, coins INTEGER NOT NULL, gift TEXT NOT NULL, room TEXT NOT NULL,
      broadcast INTEGER NOT NULL, published INTEGER NOT NULL, PRIMARY KEY (user, key)
    );
    CREATE TABLE IF NOT EXISTS rooms (room TEXT PRIMARY KEY, host TEXT NOT NULL, broadcast INTEGER NOT NULL, live INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY);
  `);
  const transaction = (work) => db.transaction(work).immediate();
  const balanceOf = (user) =>
    db.prepare('SELECT COALESCE(SUM(coins), 0) AS coins FROM ledger WHERE user = ?').get(user).coins;
  const find = (user, key) => db.prepare('SELECT * FROM ledger WHERE user = ? AND key = ?').get(user, key);
  const liveRoom = (room) => db.prepare('SELECT * FROM rooms WHERE room = ? AND live = 1').get(room);
  const write = ({ user, key, coins, gift = '', room = '', broadcast = 0 }) =>
    db
      .prepare('INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(user, key, coins, gift, room, broadcast, gift === '' ? 1 : 0);
  const totalOf = (room, broadcast) =>
    db
      .prepare("SELECT COALESCE(-SUM(coins), 0) AS coins FROM ledger WHERE room = ? AND broadcast = ? AND gift <> ''")
      .get(room, broadcast).coins;

  /** Writes an entry unless the key is known; a known key with other contents is refused. Returns the balance. */
  function enter(entry, check = () => ({})) {
    return transaction(() => {
      const known = find(entry.user, entry.key);
      if (!known) write({ ...entry, ...check() });
      else if (known.coins !== entry.coins || known.gift !== (entry.gift ?? '') || known.room !== (entry.room ?? ''))
        throw new Refused(409, 'this Idempotency-Key was used for something else');
      return balanceOf(entry.user);
    });
  }

  /** Effects of the webhooks. Each event counts once, and its mark is written in the transaction of its effect. */
  const effects = {
    'room.opened': ({ roomId, ownBy, broadcastNo }) =>
      db.prepare('INSERT OR REPLACE INTO rooms VALUES (?, ?, ?, 1)').run(roomId, ownBy, broadcastNo),
    'room.ended': ({ roomId, broadcastNo }) => {
      const ended = db
        .prepare('UPDATE rooms SET live = 0 WHERE room = ? AND broadcast = ? AND live = 1 RETURNING host')
        .get(roomId, broadcastNo);
      // The host gets half of the gifts of the broadcast.
      const coins = Math.floor(totalOf(roomId, broadcastNo) / 2);
      if (ended && coins > 0) write({ user: ended.host, key: `share:${roomId}:${broadcastNo}`, coins });
    },
    // The sums stay, without the person.
    'user.deleted': ({ userId }) => {
      const blank = "UPDATE ledger SET user = 'deleted', key = 'deleted:' || rowid, published = 1 WHERE user = ?";
      db.prepare(blank).run(userId);
    },
  };

  return {
    balanceOf,
    topUp: (user, key, coins) => enter({ user, key: `top-up:${key}`, coins }),
    give: ({ user, key, gift, price, room }) =>
      enter({ user, key: `gift:${key}`, coins: -price, gift, room }, () => {
        const { broadcast } = liveRoom(room) ?? {};
        if (broadcast === undefined) throw new Refused(409, 'the room is not live');
        if (balanceOf(user) < price) throw new Refused(402, 'not enough coins');
        return { broadcast };
      }),
    apply: (event) =>
      transaction(() => {
        const isNew = db.prepare('INSERT OR IGNORE INTO events VALUES (?)').run(event.id).changes === 1;
        if (isNew) effects[event.type]?.(event.data);
      }),
    /** Gifts that the room has not seen yet, oldest first. */
    unpublished: () => db.prepare('SELECT * FROM ledger WHERE published = 0 ORDER BY rowid LIMIT 100').all(),
    published: ({ user, key }) =>
      db.prepare('UPDATE ledger SET published = 1 WHERE user = ? AND key = ?').run(user, key),
    isLive: ({ room, broadcast }) => liveRoom(room)?.broadcast === broadcast,
    totalOf,
  };
}
