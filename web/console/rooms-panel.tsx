/** The live rooms as cards, and the people of the room that is chosen. */
import { useEffect } from 'preact/hooks';
import type { Room } from '../../client/src/index';
import { Cover } from '../shared/cover';
import { clockTime } from '../shared/format';
import { RoomsIcon } from '../shared/icons';
import { Age, Empty, Notice, Select, UserText } from '../shared/parts';
import { type Person, second, viewer } from './person';
import { watch } from './room-actions';
import { asker, chosen, listedAt, MAX_SHOWN, members, order, refresh, rooms, shownRoom, stale } from './rooms';
import { t } from './texts';

function WatchButton({ room, person }: { room: Room; person: Person }) {
  const watching = person.room.value?.roomId === room.roomId;
  const mine = room.ownBy === person.userId;
  const isSecond = person === second;
  const why = !person.session.value ? t('signInFirst') : mine ? t('mine') : undefined;
  return (
    <button
      type="button"
      data-test={isSecond ? 'watch-second' : 'watch'}
      disabled={watching || why !== undefined}
      title={why}
      aria-label={watching ? undefined : t(isSecond ? 'watchSecond' : 'watchRoom', room.title || room.roomId)}
      onClick={() => void person.act(() => watch(person, room), `card:${room.roomId}`)}
    >
      {t(watching ? 'watching' : 'watch')}
      {isSecond && ' (2)'}
    </button>
  );
}

function Card({ room }: { room: Room }) {
  const name = room.title || room.roomId;
  return (
    <li class="card" data-room={room.roomId}>
      <div class="card-cover">
        <Cover room={room} />
        <span class={stale.value ? 'badge gone' : 'badge'}>{t(stale.value ? 'lastSeen' : 'live')}</span>
      </div>
      <div class="card-body">
        <h3 class="card-title" title={name}>
          <UserText text={name} />
        </h3>
        <p class="soft clip">
          <UserText text={room.category || '–'} /> · {room.ownBy}
        </p>
        <p class="soft">
          {t('since')} <Age since={room.createUtc} />
        </p>
        <p class="counts">
          <span>
            <b data-test="nn-users">{room.nnUsers}</b> {t('here')}
          </span>
          <span>
            <b data-test="total-joined">{room.totalJoined}</b> {t('joined')}
          </span>
        </p>
        <div class="actions">
          <WatchButton room={room} person={viewer} />
          {second.session.value && <WatchButton room={room} person={second} />}
          <button
            type="button"
            class="plain"
            data-test="people"
            aria-pressed={shownRoom.value?.roomId === room.roomId}
            onClick={() => {
              chosen.value = room.roomId;
              void refresh();
            }}
          >
            {t('people')}
          </button>
        </div>
        <Notice message={viewer.toldAt(`card:${room.roomId}`)} />
        <Notice message={second.toldAt(`card:${room.roomId}`)} />
      </div>
    </li>
  );
}

function People() {
  const room = shownRoom.value;
  if (!room) return null;
  return (
    <div class="people" data-test="people-of">
      <h3>{t('peopleOf', room.title || room.roomId)}</h3>
      <ul>
        {members.value.map(({ userId, name, role }) => (
          <li class="chip" key={userId}>
            <UserText text={name || userId} /> · {role}
          </li>
        ))}
      </ul>
      {members.value.length === 0 && <p class="soft">{t('nobody')}</p>}
    </div>
  );
}

export function RoomsPanel() {
  const list = rooms.value;
  useEffect(() => void refresh(), [order.value]);
  const options = [
    ['createUtc', t('newest')],
    ['totalJoined', t('mostJoined')],
  ] as const;
  return (
    <section class="panel" id="rooms" aria-labelledby="rooms-head">
      <div class="panel-head">
        <h2 id="rooms-head">
          {t('rooms')} ({list.length})
        </h2>
        <Select label={t('order')} name="order" value={order} options={options} />
      </div>
      {stale.value && (
        <p class="notice bad" role="alert" data-test="stale">
          {listedAt.value > 0 ? t('stale', clockTime(listedAt.value)) : t('notListed')}
        </p>
      )}
      {list.length === 0 && !stale.value && (
        <Empty icon={<RoomsIcon />} title={t('noRooms')} hint={t(asker() ? 'noRoomsHint' : 'needSignIn')} />
      )}
      <ul class="cards">
        {list.map((room) => (
          <Card key={room.roomId} room={room} />
        ))}
      </ul>
      {list.length === MAX_SHOWN && <p class="soft">{t('more')}</p>}
      <People />
    </section>
  );
}
