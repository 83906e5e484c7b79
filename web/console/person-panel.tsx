/** One person: the sign-in form, then the account, its token and UserSig, and its actions. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SignIn } from '../../client/src/index';
import { useFocusThatStays } from '../shared/focus';
import { clockTime, duration, now, utc } from '../shared/format';
import { masked } from '../shared/mask';
import { CopyButton, Field, Notice, ShowButton, UserText } from '../shared/parts';
import type { Person } from './person';
import { refreshStatus } from './status';
import { t } from './texts';
import { decodeUserSig, type UserSigContent } from './usersig';

function CodeForm({ person, back }: { person: Person; back: () => void }) {
  const sent = person.codeSession.value !== undefined;
  const send = async () => {
    await person.act(() => person.sendCode(), 'account');
    // The status has a card with the code in demo mode.
    await refreshStatus();
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void (sent ? person.act(() => person.signInByCode(), 'account') : send());
      }}
    >
      <Field
        label={t('phone')}
        name="phone"
        value={person.phone}
        placeholder="+8613800000001"
        hint={sent ? undefined : t('codeHint')}
      />
      {sent && <Field label={t('code')} name="code" value={person.code} hint={t('codeHint')} />}
      <div class="actions">
        {sent && (
          <button type="submit" class="primary" data-test="code-sign-in">
            {t('signIn')}
          </button>
        )}
        <button type="button" class={sent ? undefined : 'primary'} data-test="send-code" onClick={() => void send()}>
          {t('sendCode')}
        </button>
        <button type="button" class="plain" data-test="by-password" onClick={back}>
          {t('byPassword')}
        </button>
      </div>
      <Notice message={person.toldAt('account')} />
    </form>
  );
}

function SignInForms({ person }: { person: Person }) {
  const byCode = useSignal(false);
  const change = (wanted: boolean) => {
    person.told.value = undefined;
    byCode.value = wanted;
  };
  if (byCode.value) return <CodeForm person={person} back={() => change(false)} />;
  return <SignInForm person={person} byCode={() => change(true)} />;
}

function SignInForm({ person, byCode }: { person: Person; byCode: () => void }) {
  const made = person.password.value === person.generated;
  const shown = useSignal(made);
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void person.act(() => person.signUp(), 'account');
      }}
    >
      <Field label={t('username')} name="username" value={person.username} />
      <Field
        label={t('password')}
        name="password"
        value={person.password}
        type={shown.value ? 'text' : 'password'}
        hint={made ? t('generated') : undefined}
      >
        <ShowButton shown={shown} what={t('password')} />
      </Field>
      <div class="actions">
        <button type="submit" class="primary" data-test="sign-up">
          {t('signUp')}
        </button>
        <button type="button" data-test="sign-in" onClick={() => void person.act(() => person.signIn(), 'account')}>
          {t('signIn')}
        </button>
        <button type="button" class="plain" data-test="by-code" onClick={byCode}>
          {t('byCode')}
        </button>
      </div>
      <Notice message={person.toldAt('account')} />
    </form>
  );
}

/** A secret of the user's own: hidden until asked for, and in one line. */
function Secret({ label, text, test }: { label: string; text: string; test: string }) {
  const shown = useSignal(false);
  return (
    <div class="secret-row">
      <span class="label">{label}</span>
      <input class="secret" data-test={test} aria-label={label} readOnly value={shown.value ? text : masked(text)} />
      <ShowButton shown={shown} what={label} test={`show-${test}`} />
      <CopyButton text={() => text} />
    </div>
  );
}

function TimeLeft({ until }: { until: number }) {
  const left = until - now.value;
  return (
    <b data-test="time-left" class={left > 0 ? 'number' : 'bad-text'}>
      {left > 0 ? t('left', duration(left)) : t('expired')}
    </b>
  );
}

/** The content of the UserSig. */
function UserSigFacts({ session }: { session: SignIn }) {
  const content = useSignal<UserSigContent | undefined>(undefined);
  useEffect(() => {
    void decodeUserSig(session.userSig)
      .catch(() => undefined)
      .then((read) => {
        content.value = read;
      });
  }, [session.userSig]);
  const read = content.value;
  return (
    <dl class="facts" data-test="usersig">
      <dt>UserSig</dt>
      <dd>{read ? <TimeLeft until={read.expiresAt} /> : '–'}</dd>
      <dt>sdkAppId</dt>
      <dd>{read?.sdkAppId}</dd>
      <dt>userId</dt>
      <dd>{read?.userId}</dd>
      <dt>{t('issued')}</dt>
      <dd>{read && clockTime(read.issuedAt)}</dd>
    </dl>
  );
}

function Identity({ person, line }: { person: Person; line: string }) {
  const name = person.session.value?.name || person.username.value;
  return (
    <div class="identity">
      <span class="avatar" aria-hidden="true">
        {[...name][0]?.toUpperCase() ?? '?'}
      </span>
      <div>
        <b>
          <UserText text={name} test="who" />
        </b>
        <div class="soft">{line}</div>
      </div>
    </div>
  );
}

function Waiting({ person }: { person: Person }) {
  return (
    <div class="form" data-test="waiting">
      <Identity person={person} line={t('waiting')} />
      <div class="actions">
        <button type="button" onClick={() => void person.resume()}>
          {t('tryNow')}
        </button>
        <button type="button" class="plain" data-test="give-up" onClick={() => person.giveUp()}>
          {t('signOut')}
        </button>
      </div>
    </div>
  );
}

function SignedIn({ person, session, children }: { person: Person; session: SignIn; children: ComponentChildren }) {
  const remove = () => {
    if (window.confirm(t('deleteSure'))) void person.act(() => person.deleteAccount(), 'account');
  };
  return (
    <>
      <Identity
        person={person}
        line={`userId ${session.userId} · ${t('tokenUntil')} ${clockTime(utc(session.expire))}`}
      />
      {children}
      <details class="more">
        <summary>Token · UserSig · {t('password')}</summary>
        <UserSigFacts session={session} />
        <Secret label={t('token')} text={session.token} test="token" />
        <Secret label="UserSig" text={session.userSig} test="usersig-text" />
        {person.password.value !== '' && <Secret label={t('password')} text={person.password.value} test="password" />}
      </details>
      <div class="actions end">
        <button
          type="button"
          class="plain"
          data-test="sign-out"
          onClick={() => void person.act(() => person.signOut(), 'account')}
        >
          {t('signOut')}
        </button>
        <button type="button" class="plain danger" data-test="delete-account" onClick={remove}>
          {t('deleteAccount')}
        </button>
      </div>
      <Notice message={person.toldAt('account')} />
    </>
  );
}

/** If the pressed button is gone, the focus moves to the heading of the panel. */
export const headOfPanel = (place: HTMLElement): HTMLElement | null | undefined =>
  place.closest('section')?.querySelector('h2');

export function PersonPanel({ person, children }: { person: Person; children: ComponentChildren }) {
  const place = useFocusThatStays<HTMLElement>(headOfPanel);
  const session = person.session.value;
  return (
    <section
      class="panel"
      id={person.role}
      ref={place}
      aria-busy={person.busy.value}
      aria-labelledby={`${person.role}-head`}
    >
      <div class="panel-head">
        <h2 id={`${person.role}-head`} tabIndex={-1}>
          {t(person.role)}
        </h2>
        <span class="soft">{t(person.role === 'host' ? 'hostHint' : 'viewerHint')}</span>
      </div>
      {session && <SignedIn person={person} session={session} children={children} />}
      {!session && (person.waiting.value ? <Waiting person={person} /> : <SignInForms person={person} />)}
    </section>
  );
}
