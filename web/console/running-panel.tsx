/** Running the host's room: its people, who is blocked, the admins, and the chat rules. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Room } from '../../client/src/index';
import { useFocusThatStays } from '../shared/focus';
import { Check, Field, Notice, Select, UserText } from '../shared/parts';
import { host } from './person';
import { members, shownRoom } from './rooms';
import {
  type Act,
  admins,
  type Blocked,
  blocked,
  changeRules,
  type Rules,
  readRunning,
  rules,
  run,
  type Target,
} from './running';
import { t } from './texts';

function ActButton({ act, room, target }: { act: Act; room: Room; target: Target }) {
  return (
    <button
      type="button"
      class="plain"
      data-test={act}
      aria-label={`${t(act)}: ${target.name || target.userId}`}
      onClick={() => void host.act(() => run(act, room, target), 'running')}
    >
      {t(act)}
    </button>
  );
}

function PersonRow({ target, acts, room, note }: { target: Target; acts: readonly Act[]; room: Room; note?: string }) {
  return (
    <li>
      <span class="clip">
        <UserText text={target.name || target.userId} /> {note && <span class="soft">{note}</span>}
      </span>
      <span class="actions">
        {acts.map((act) => (
          <ActButton key={act} act={act} room={room} target={target} />
        ))}
      </span>
    </li>
  );
}

const untilOf = ({ untilUtc, kind }: Blocked) => `${t(kind === 'kick' ? 'isKicked' : 'isMuted')} ${untilUtc}`;

function People({ room }: { room: Room }) {
  const isAdmin = (userId: string) => admins.value.some((one) => one.userId === userId);
  // The people that are shown may be those of another room.
  const here =
    shownRoom.value?.roomId === room.roomId ? members.value.filter(({ userId }) => userId !== room.ownBy) : [];
  return (
    <>
      <h3>{t('viewers')}</h3>
      {here.length === 0 && <p class="soft">{t('nobody')}</p>}
      <ul class="run-list" data-test="run-viewers">
        {here.map((one) => (
          <PersonRow
            key={one.userId}
            room={room}
            target={one}
            acts={isAdmin(one.userId) ? ['kick', 'mute', 'removeAdmin'] : ['kick', 'mute', 'addAdmin']}
            {...(isAdmin(one.userId) && { note: t('isAdmin') })}
          />
        ))}
      </ul>
      {blocked.value.length > 0 && (
        <>
          <h3>{t('blocked')}</h3>
          <ul class="run-list" data-test="run-blocked">
            {blocked.value.map((one) => (
              <PersonRow
                key={`${one.kind} ${one.userId}`}
                room={room}
                target={one}
                acts={[one.kind === 'kick' ? 'unblock' : 'unmute']}
                note={untilOf(one)}
              />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function RulesForm({ room, now }: { room: Room; now: Rules }) {
  const speak: Signal<Rules['speak']> = useSignal(now.speak);
  const slow = useSignal(String(now.slowSeconds));
  const wait = useSignal(String(now.minSecondsInRoom));
  const links = useSignal(now.links);
  const unique = useSignal(now.unique);
  const change = (value: Signal<boolean>) => (checked: boolean) => {
    value.value = checked;
  };
  const save = () =>
    changeRules(room, {
      speak: speak.peek(),
      slowSeconds: Number(slow.peek()),
      minSecondsInRoom: Number(wait.peek()),
      links: links.peek(),
      unique: unique.peek(),
    });
  return (
    <form
      class="form"
      noValidate
      data-test="rules"
      onSubmit={(event) => {
        event.preventDefault();
        void host.act(save, 'running');
      }}
    >
      <h3>{t('chatRules')}</h3>
      <Select
        label={t('speak')}
        name="speak"
        value={speak}
        options={(['all', 'admins', 'nobody'] as const).map((one) => [one, t(`${one}Speak`)] as const)}
      />
      <div class="two">
        <Field label={t('slowSeconds')} name="slowSeconds" type="number" value={slow} />
        <Field label={t('minSecondsInRoom')} name="minSecondsInRoom" type="number" value={wait} />
      </div>
      <Check name="links" label={t('links')} checked={links.value} change={change(links)} />
      <Check name="unique" label={t('unique')} checked={unique.value} change={change(unique)} />
      <div class="actions">
        <button type="submit" data-test="save-rules">
          {t('saveRules')}
        </button>
      </div>
    </form>
  );
}

export function Running({ room }: { room: Room }) {
  const open = useSignal(false);
  // The row of a kicked user goes with the button that was pressed.
  const place = useFocusThatStays<HTMLDetailsElement>((details) => details.querySelector('summary'));
  useEffect(() => {
    if (open.value) void readRunning(room);
  }, [open.value, room.roomId]);
  return (
    <details
      class="run"
      data-test="run-room"
      ref={place}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{t('runRoom')}</summary>
      {open.value && (
        <div class="form">
          <People room={room} />
          {rules.value && <RulesForm key={JSON.stringify(rules.value)} room={room} now={rules.value} />}
          <Notice message={host.toldAt('running')} />
        </div>
      )}
    </details>
  );
}
