/** The panels of the signed-in host and viewer: the host's room, and the watched room. */
import { useEffect } from 'preact/hooks';
import { useFocusThatStays } from '../shared/focus';
import { Field, Notice, UserText } from '../shared/parts';
import { host, type Person } from './person';
import { headOfPanel } from './person-panel';
import { draft, end, goLive, leave, takeOver, update } from './room-actions';
import { stale } from './rooms';
import { Running } from './running-panel';
import { t } from './texts';

function HostForm() {
  const room = host.room.value;
  const place = useFocusThatStays<HTMLFormElement>(headOfPanel);
  const broadcast = room && `${room.roomId} ${room.createUtc}`;
  // Once for each broadcast: later input stays.
  useEffect(() => {
    if (room) takeOver(room);
  }, [broadcast]);
  return (
    <form
      class="form work"
      ref={place}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void host.act(room ? () => update(room) : goLive, 'room');
      }}
    >
      {room && (
        <p class="now" data-test="own-room">
          <span class={stale.value ? 'badge gone' : 'badge'}>{t(stale.value ? 'lastSeen' : 'live')}</span>
          <b>
            <UserText text={room.title || room.roomId} />
          </b>
        </p>
      )}
      <Field label={t('title')} name="title" value={draft.title} />
      <div class="two">
        <Field label={t('category')} name="category" value={draft.category} />
        <Field label={t('cover')} name="cover" value={draft.cover} type="url" />
      </div>
      <div class="actions">
        {room ? (
          <>
            <button type="submit" data-test="update-room">
              {t('update')}
            </button>
            <button
              type="button"
              class="danger"
              data-test="end-room"
              onClick={() => void host.act(() => end(room), 'room')}
            >
              {t('end')}
            </button>
          </>
        ) : (
          <button type="submit" class="primary" data-test="go-live">
            {t('goLive')}
          </button>
        )}
      </div>
      <Notice message={host.toldAt('room')} />
    </form>
  );
}

export function HostRoom() {
  const room = host.room.value;
  return (
    <>
      <HostForm />
      {room && <Running key={room.roomId} room={room} />}
    </>
  );
}

export function WatchedRoom({ person }: { person: Person }) {
  const room = person.room.value;
  const place = useFocusThatStays<HTMLDivElement>(headOfPanel);
  const notice = <Notice message={person.toldAt('room')} />;
  if (!room) {
    return (
      <div class="form work" ref={place}>
        <p class="empty">{t('pickRoom')}</p>
        {notice}
      </div>
    );
  }
  return (
    <div class="form work" ref={place}>
      <p class="now" data-test="watched-room">
        <span class={stale.value ? 'badge gone' : 'badge quiet'}>{t(stale.value ? 'lastSeen' : 'watching')}</span>
        <b>
          <UserText text={room.title || room.roomId} />
        </b>
      </p>
      <div class="actions">
        <button type="button" data-test="leave-room" onClick={() => void person.act(() => leave(person, room), 'room')}>
          {t('leave')}
        </button>
      </div>
      {notice}
    </div>
  );
}
