/** Puts the console together: two people, the rooms, the calls and the state of the service they talk to. */
import { createCalls } from './calls';
import { byId, h } from './dom';
import { Person, type World } from './person';
import { createPersonPanel, tick } from './person-panel';
import { hostActions, viewerActions } from './room-actions';
import { createRooms, REFRESH_MS } from './rooms';
import { createStatus } from './status';

/** The page is <service>/console, with or without a stage and a final slash. */
const base = new URL(location.href.split(/[?#]/)[0]?.replace(/\/*console\/*$/, '/') ?? '/').href;

function tell(message: string, good: boolean): void {
  const notice = h('div', { class: good ? 'notice good' : 'notice bad', attributes: { role: 'status' } }, message);
  // One piece of good news at a time; what went wrong stays to be read.
  for (const old of byId('notices').querySelectorAll('.good')) old.remove();
  byId('notices').append(notice);
  setTimeout(() => notice.remove(), good ? 2_000 : 6_000);
}

const calls = createCalls(byId('calls'));
const world: World = {
  base,
  onCall: (role, background, record) => calls.add(role, background, record),
  changed: () => render(),
  acted: () => void rooms.refresh(),
  tell,
};
const host = new Person('host', world);
const viewer = new Person('viewer', world);
const panels = [
  createPersonPanel(byId('host'), host, hostActions),
  createPersonPanel(byId('viewer'), viewer, viewerActions),
];
const rooms = createRooms(byId('rooms'), { host, viewer }, () => render());
const status = createStatus(byId('status'), base);

function render(): void {
  for (const panel of panels) panel.render();
  rooms.render();
  tick();
}

function renderAll(): void {
  render();
  calls.render();
  status.render();
}

byId('docs').setAttribute('href', `${base}docs`);
byId('base').textContent = base;
document.addEventListener('live-room:preferences', renderAll);
renderAll();
void Promise.all([host.resume(), viewer.resume()]).then(() => rooms.refresh());
setInterval(tick, 1_000);
setInterval(() => {
  if (!document.hidden) void rooms.refresh();
}, REFRESH_MS);
