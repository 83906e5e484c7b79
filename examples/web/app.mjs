/** All of a small live app: sign in (or up), list, go live, watch, leave. */
import { LiveRoomClient, LiveRoomError } from './live-room-client.mjs';
import { startMedia } from './media.mjs';

/** The category that shipped apps use: the list shows their rooms, and they show the rooms that are opened here. */
const CATEGORY = 'mlvb-show-live';
const baseUrl = new URLSearchParams(location.search).get('service') ?? location.origin;
const element = (id) => document.getElementById(id);

/** Where a session is between two visits. Whoever has it is that user: a real app has a safer place for it. */
const saved = {
  load: () => JSON.parse(sessionStorage.getItem('session') ?? 'null'),
  save: ({ userId, token }) => sessionStorage.setItem('session', JSON.stringify({ userId, token })),
  forget: () => sessionStorage.removeItem('session'),
};

const client = new LiveRoomClient({
  baseUrl,
  onSignedIn: (session) => {
    saved.save(session);
    show();
  },
  onSignedOut: () => {
    saved.forget();
    show();
  },
});

let media;
let room;

function show() {
  const { session } = client;
  element('sign-in').hidden = session !== undefined;
  element('signed-in').hidden = session === undefined;
  element('room').hidden = room === undefined;
  element('who').textContent = session?.name || session?.userId || '';
}

/** Does it, and says in words what went wrong. */
async function attempt(work) {
  element('message').textContent = '';
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LiveRoomError)) throw error;
    element('message').textContent = error.message;
  }
}

async function refresh() {
  const rooms = await client.api.queryRoom({ category: CATEGORY, limit: 50 });
  const items = rooms.map(({ roomId, title, nnUsers }) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.textContent = `${title} (${nnUsers})`;
    button.onclick = () => attempt(() => enter({ roomId, role: 'audience', title }));
    item.append(button);
    return item;
  });
  element('rooms').replaceChildren(...items);
}

async function enter({ roomId, role, title }) {
  await client.api.enterRoom({ roomId, role, category: CATEGORY, title });
  const { sdkAppId, userId, userSig } = client.session;
  media = await startMedia({ sdkAppId, userId, userSig, roomId, role });
  room = { roomId, role };
  element('room-title').textContent = title;
  element('media').textContent = media.state;
  show();
  await refresh();
}

async function leave() {
  const { roomId, role } = room;
  await media.stop();
  // Whoever is live ends it; everybody else only leaves.
  await (role === 'anchor' ? client.api.destroyRoom({ roomId }) : client.api.leaveRoom({ roomId }));
  room = undefined;
  show();
  await refresh();
}

/** A name that nobody has is signed up. */
async function signIn({ username, password }) {
  await client.register(username, password).catch((error) => {
    if (error.code !== 98) throw error;
  });
  await client.signIn({ username, password, nickname: username });
  await refresh();
}

const fieldsOf = (form) => Object.fromEntries(new FormData(form));
const on = (id, event, work) =>
  element(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    void attempt(() => work(happened.target));
  });

on('sign-in', 'submit', (form) => signIn(fieldsOf(form)));
on('go-live', 'submit', (form) =>
  enter({ roomId: client.session.userId, role: 'anchor', title: String(fieldsOf(form).title) }),
);
on('refresh', 'click', refresh);
on('leave', 'click', leave);
on('sign-out', 'click', () => client.signOut());

const before = saved.load();
if (before) {
  await attempt(async () => {
    await client.resume(before);
    await refresh();
  });
}
show();
