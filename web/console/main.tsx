/** Puts the console together: two people, the rooms, the calls and the state of the service they talk to. */
import { effect } from '@preact/signals';
import { start } from '../shared/start';
import { CallsPanel } from './calls-panel';
import { host, viewer } from './person';
import { PersonPanel } from './person-panel';
import { HostRoom, WatchedRoom } from './room-panels';
import { keepRefreshing, refresh } from './rooms';
import { RoomsPanel } from './rooms-panel';
import { keepStatus, Status } from './status';

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
            <WatchedRoom />
          </PersonPanel>
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
void Promise.all([host.resume(), viewer.resume()]);
// Whoever signs in or out sees the list at once.
effect(() => {
  void [host.session.value, viewer.session.value];
  void refresh();
});
keepRefreshing();
keepStatus();
