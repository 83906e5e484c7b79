/** Callbacks as no vendor would send them: any command, fields between good and absurd, signed and not. */
import fc from 'fast-check';

/** Values of a valid callback. */
export interface Ingredients {
  userIds: readonly string[];
  roomIds: readonly string[];
  now: number;
}

export interface Fuzzed {
  vendor: 'im' | 'trtc';
  signed: boolean;
  /** The body as sent. */
  text: string;
}

/** Part of every text that a person could have written: no log line may have it. */
export const NEEDLE = 'n33dle';

const COMMANDS = [
  'Group.CallbackBeforeSendMsg',
  'C2C.CallbackBeforeSendMsg',
  'Group.CallbackAfterSendMsg',
  'ContentCallback.ResultNotify',
  'State.StateChange',
  'Group.CallbackAfterNewMemberJoin',
  'Group.CallbackAfterMemberExit',
  'Group.CallbackOnMemberStateChange',
  'Something.New',
  '__proto__',
];

const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\u202e',
  '\ud83d',
  '😀'.repeat(300),
  '__proto__',
  '-1',
  '2147483648',
  '%00',
  '#',
];

const text = fc.oneof(
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((written) => `${NEEDLE} ${written}`),
);
const odd = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.constantFrom(null, true, 2 ** 53, -1, 1e308),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Mostly a good value; now and then an absurd one, or none. */
function mostly<T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: good },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const CONTENTS = ['Text', 'Data', 'Desc', 'Ext', 'FileName', 'Sound', 'Title', 'AbstractText', 'MsgList', 'URL'];

const inner = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify({ text: value, msg: [value], businessID: 'gift' })),
);

const element = fc.record({
  MsgType: mostly(
    fc.constantFrom('TIMTextElem', 'TIMCustomElem', 'TIMFileElem', 'TIMLocationElem', 'TIMRelayElem', 'TIMFaceElem'),
  ),
  MsgContent: mostly(fc.dictionary(fc.constantFrom(...CONTENTS), mostly(inner), { maxKeys: 4 })),
});

function imBody({ userIds, roomIds, now }: Ingredients): fc.Arbitrary<object> {
  const user = mostly(fc.constantFrom(...userIds));
  const room = mostly(fc.constantFrom(...roomIds));
  const people = mostly(fc.array(mostly(fc.record({ Member_Account: user })), { maxLength: 30 }));
  return fc.record({
    CallbackCommand: mostly(fc.constantFrom(...COMMANDS)),
    GroupId: room,
    From_Account: user,
    To_Account: user,
    Operator_Account: user,
    Random: mostly(fc.nat()),
    MsgId: mostly(fc.string({ maxLength: 40 })),
    MsgSeq: mostly(fc.nat()),
    MsgTime: mostly(fc.constant(Math.floor(now / 1000))),
    MsgBody: mostly(fc.array(mostly(element), { maxLength: 5 })),
    CloudCustomData: mostly(inner),
    Info: mostly(
      fc.record({ Action: mostly(fc.constantFrom('Login', 'Logout', 'Disconnect')), To_Account: user, Reason: text }),
    ),
    NewMemberList: people,
    ExitMemberList: people,
    MemberList: people,
    EventType: mostly(fc.constantFrom('Online', 'Offline')),
    EventCause: mostly(fc.constantFrom('Quit', 'Join', 'HeartbeatInterrupt')),
    EventTime: mostly(fc.integer({ min: now - 60_000, max: now + 60_000 })),
    CtxcbSuggestion: mostly(fc.constantFrom('Block', 'Review', 'Pass')),
    CtxcbLabel: mostly(text),
    CtxcbKeywords: mostly(fc.array(odd, { maxLength: 30 })),
    TextContent: mostly(fc.array(odd, { maxLength: 30 })),
    ContactItem: mostly(fc.record({ ContactType: mostly(fc.constant(2)), ToGroupId: room })),
  });
}

function trtcBody({ userIds, roomIds, now }: Ingredients): fc.Arbitrary<object> {
  const time = mostly(fc.integer({ min: now - 60_000, max: now + 60_000 }));
  const room = fc.oneof(fc.constantFrom(...roomIds), fc.constantFrom(...roomIds.map(Number)));
  const info = fc.record({
    RoomId: mostly(room),
    UserId: mostly(fc.constantFrom(...userIds)),
    EventTs: time.map((at) => (typeof at === 'number' ? Math.floor(at / 1000) : at)),
    EventMsTs: time,
    Role: mostly(fc.constantFrom(20, 21)),
    Reason: mostly(fc.nat({ max: 10 })),
  });
  // 102, an empty room, ends a broadcast: a good one would leave nothing to send the others to.
  const type = mostly(fc.constantFrom(101, 103, 104, 105, 201));
  return fc.record({
    EventGroupId: mostly(fc.constant(1)),
    EventType: type,
    CallbackTs: time,
    EventInfo: mostly(info),
  });
}

/** A JSON text, sometimes broken or a list. */
function written(body: fc.Arbitrary<object>): fc.Arbitrary<string> {
  const whole = body.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: whole.map((json) => json.slice(0, -2)) },
    { weight: 1, arbitrary: whole.map((json) => `[${json}]`) },
    { weight: 1, arbitrary: text },
  );
}

export function callbacks(from: Ingredients): fc.Arbitrary<Fuzzed> {
  const signed = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
  const of = (vendor: Fuzzed['vendor'], body: fc.Arbitrary<object>) =>
    fc.record({ vendor: fc.constant(vendor), signed, text: written(body) });
  return fc.oneof(
    { weight: 3, arbitrary: of('im', imBody(from)) },
    { weight: 1, arbitrary: of('trtc', trtcBody(from)) },
  );
}
