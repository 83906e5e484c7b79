/** The console: a host and up to two viewers, the rooms, the calls and the state of the service they talk to. */
import { effect, signal } from '@preact/signals';
import { useFocusThatStays } from '../shared/focus';
import { start } from '../shared/start';
import { CallsPanel } from './calls-panel';
import { host, people, second, viewer } from './person';
import { PersonPanel } from './person-panel';
import { HostRoom, WatchedRoom } from './room-panels';
import { keepRefreshing, refresh } from './rooms';
import { RoomsPanel } from './rooms-panel';
import { keepStatus, Status } from './status';
import { t } from './texts';

const wanted = signal(false);

/** A second viewer is there when asked for, and after a reload if they are signed in. */
function SecondViewer() {
  const place = useFocusThatStays<HTMLDivElement>((part) => part.querySelector('input'));
  const shown = wanted.value || second.waiting.value || second.session.value !== undefined;
  return (
    <div ref={place}>
      {shown ? (
        <PersonPanel person={second}>
          <WatchedRoom person={second} />
        </PersonPanel>
      ) : (
        <button
          type="button"
          class="plain"
          data-test="add-viewer"
          onClick={() => {
            wanted.value = true;
          }}
        >
          {t('addViewer')}
        </button>
      )}
    </div>
  );
}

// An entry without an export would be taken for CommonJS, since that is the type of the package, and wrapped.
export function Console() {
  return (
    <>
      <Status />
      <div class="columns">
        <div class="left">
          <PersonPanel person={host}>
            <HostRoom />
          </PersonPanel>
          <PersonPanel person={viewer}>
            <WatchedRoom person={viewer} />
          </PersonPanel>
          <SecondViewer />
        </div>
        <div class="right">
          <RoomsPanel />
          <CallsPanel />
        </div>
      </div>
    </>
  );
}

start(<Console />);
void Promise.all(people.map((person) => person.resume()));
// Signing in or out refreshes the list immediately.
effect(() => {
  void people.map((person) => person.session.value);
  void refresh();
});
keepRefreshing();
keepStatus();
