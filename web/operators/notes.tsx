/** What operators wrote about a user, for each other. */
import { useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, type Message, Notice, Time, UserText } from '../shared/parts';
import { call, may, me, toMessage } from './api';
import { question } from './dialog';
import { Part } from './screen';
import type { Note, UserDetail } from './types';

const t = translator({
  notes: ['Notes by operators', '运营备注'],
  note: ['New note', '新备注'],
  add: ['Add note', '添加备注'],
  none: ['No notes. The user never sees them.', '暂无备注。用户看不到备注。'],
  remove: ['Delete', '删除'],
  removeOne: ['Delete the note by {1}', '删除 {1} 的备注'],
  removed: ['The note is deleted.', '备注已删除。'],
  removeEffect: ['Deletes this note for all operators: {1}', '所有运营人员都不再看到该备注：{1}'],
});

function askRemove(note: Note, refresh: () => void): void {
  question.value = {
    title: t('removeOne', note.by),
    word: t('remove'),
    danger: true,
    body: () => <p class="effect">{t('removeEffect', note.text)}</p>,
    run: async () => {
      await call('remove_note', { noteId: note.noteId });
      return t('removed');
    },
    after: refresh,
  };
}

function One({ note, refresh }: { note: Note; refresh: () => void }) {
  // An operator deletes own notes; operators of scope manage may delete all of them: the service checks it too.
  const mine = may('manage') || note.by === me.value?.name;
  return (
    <li>
      <UserText text={note.text} />
      <span class="soft">
        <UserText text={note.by} /> · <Time text={note.createUtc} />
      </span>
      {may('moderate') && mine && (
        <button type="button" class="quiet small" data-test="remove-note" onClick={() => askRemove(note, refresh)}>
          {t('remove')}
        </button>
      )}
    </li>
  );
}

export function Notes({ user, refresh }: { user: UserDetail; refresh: () => void }) {
  const text = useSignal('');
  const message = useSignal<Message | undefined>(undefined);
  const add = async () => {
    try {
      await call('add_note', { userId: user.userId, text: text.value.trim() });
      text.value = '';
      message.value = undefined;
      refresh();
    } catch (error) {
      message.value = toMessage(error);
    }
  };
  return (
    <Part title={t('notes')}>
      {user.notes.length === 0 && <p class="soft">{t('none')}</p>}
      {user.notes.length > 0 && (
        <ul class="notes" data-test="notes">
          {user.notes.map((note) => (
            <One key={note.noteId} note={note} refresh={refresh} />
          ))}
        </ul>
      )}
      {may('moderate') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <Field label={t('note')} name="note" value={text} required>
            <button type="submit" data-test="add-note">
              {t('add')}
            </button>
          </Field>
        </form>
      )}
      <Notice message={message.value} />
    </Part>
  );
}
