/** One user of the console: two clients with one session, one for clicks and one for background calls. */
import { signal } from '@preact/signals';
import { type CallRecord, LiveRoomClient, LiveRoomError, type Room, type SignIn } from '../../client/src/index';
import type { Message } from '../shared/parts';
import { base } from '../shared/service';
import { addCall, type Role } from './calls';
import { keep, readKept } from './kept';
import { toMessage } from './problem';
import { t } from './texts';

/** The place of an action on the page, and of its outcome; `card:` and the room is one of the list. */
export type Place = 'account' | 'room' | 'running' | `card:${string}`;

export interface Told {
  place: Place;
  message: Message;
}

const RETRY_MS = 3_000;
const REFUSED = new Set([203, 204]);

const random = (length: number) =>
  Math.random()
    .toString(36)
    .slice(2, 2 + length);

export class Person {
  readonly role: Role;
  readonly client: LiveRoomClient;
  readonly background: LiveRoomClient;
  readonly username = signal('');
  readonly password = signal('');
  readonly phone = signal('');
  /** The digits of the message. */
  readonly code = signal('');
  /** sessionId of the last code that was sent; undefined: none yet. */
  readonly codeSession = signal<string | undefined>(undefined);
  /** The generated password, while it is in the field. */
  readonly generated: string;
  readonly session = signal<SignIn | undefined>(undefined);
  /** A sign-in of before the reload is kept, and the service has not renewed it yet. */
  readonly waiting = signal(false);
  /** The room that the host has opened or the viewer watches, as last seen. */
  readonly room = signal<Room | undefined>(undefined);
  readonly busy = signal(false);
  readonly told = signal<Told | undefined>(undefined);
  /** A room that may be this person's, until the service has answered about it. */
  #wanted: string | undefined;
  /** Places with unfinished actions, and the promise of the last one. */
  readonly #asked = new Set<Place>();
  #turn = Promise.resolve();

  constructor(role: Role) {
    this.role = role;
    const kept = readKept(role);
    this.generated = random(8);
    this.username.value = kept?.username ?? `${role}-${random(4)}`;
    this.password.value = kept?.password ?? this.generated;
    this.client = this.#open(false);
    this.background = this.#open(true);
  }

  #open(background: boolean): LiveRoomClient {
    return new LiveRoomClient({
      baseUrl: base,
      keepaliveMs: background ? 0 : 10_000,
      onCall: (record: CallRecord) => addCall(this.role, background || record.name === 'userKeepalive', record),
      ...(!background && {
        onSignedIn: (session) => {
          // The page asks for the list once it sees a session, and asks with this client: it needs the token by then.
          this.background.adopt(session);
          this.session.value = session;
          this.remember();
        },
        onSignedOut: (reason) => {
          this.#forget();
          if (reason === 'refused') this.tell({ good: false, text: () => t('refused') });
        },
      }),
    });
  }

  get userId(): string {
    return this.session.value?.userId ?? '';
  }

  /** The message at this place of the page. */
  toldAt(place: Place): Message | undefined {
    const told = this.told.value;
    return told?.place === place ? told.message : undefined;
  }

  tell(message: Message, place: Place = 'account'): void {
    this.told.value = { place, message };
  }

  /** State for a reload: the session, and the watched room. */
  remember(): void {
    const session = this.session.peek();
    const roomId = this.room.peek()?.roomId ?? this.#wanted;
    keep(this.role, {
      username: this.username.peek(),
      password: this.password.peek(),
      ...(session && { userId: session.userId, token: session.token }),
      ...(session && roomId !== undefined && { roomId }),
    });
  }

  /**
   * Runs one action after the other, and shows the outcome in its place; the action returns the message of success.
   * A second press in the same place has no effect; presses elsewhere are queued.
   */
  async act(action: () => Promise<string>, place: Place): Promise<void> {
    if (this.#asked.has(place)) return;
    this.#asked.add(place);
    this.busy.value = true;
    const turn = this.#turn.then(() => this.#do(action, place));
    this.#turn = turn;
    await turn;
    this.#asked.delete(place);
    this.busy.value = this.#asked.size > 0;
  }

  async #do(action: () => Promise<string>, place: Place): Promise<void> {
    this.told.value = undefined;
    try {
      const text = await action();
      this.tell({ good: true, text: () => text }, place);
    } catch (error) {
      this.tell(toMessage(error), place);
    }
  }

  async signUp(): Promise<string> {
    const username = this.username.peek();
    await this.client.register(username, this.password.peek());
    const said = await this.signIn();
    await this.#nameNew();
    return said;
  }

  /** The calls of an app after a first sign-in. An account with a name keeps it. */
  async #nameNew(): Promise<void> {
    if (this.session.peek()?.name === '') await this.client.api.userUpdate({ name: this.username.peek() });
  }

  async sendCode(): Promise<string> {
    const { sessionId } = await this.client.api.userVerifyByPicture({ phone: this.phone.peek() });
    this.codeSession.value = sessionId;
    return t('codeSent');
  }

  /** The account is made by the first sign-in; it has no password. */
  async signInByCode(): Promise<string> {
    const input = { phone: this.phone.peek(), code: this.code.peek(), sessionId: this.codeSession.peek() ?? '' };
    const session = await this.client.api.userLoginCode(input);
    this.password.value = '';
    this.code.value = '';
    this.codeSession.value = undefined;
    this.client.adopt(session);
    await this.#nameNew();
    if (this.role === 'host') await this.#findRoom(this.userId);
    return t('signedIn', session.name || this.username.peek());
  }

  async signIn(): Promise<string> {
    const username = this.username.peek();
    await this.client.signIn({ username, password: this.password.peek() });
    if (this.role === 'host') await this.#findRoom(this.userId);
    return t('signedIn', username);
  }

  /** Runs after a reload, until the service has accepted or refused; silent if there is nothing to continue. */
  async resume(): Promise<void> {
    const { userId, token, roomId } = readKept(this.role) ?? {};
    if (userId === undefined || token === undefined) return;
    this.#wanted = this.role === 'host' ? userId : roomId;
    try {
      await this.client.resume({ userId, token });
      this.waiting.value = false;
      const wanted = this.#wanted;
      // Presses wait until the existing state is known.
      if (wanted !== undefined) this.#turn = this.#turn.then(() => this.#findRoom(wanted));
      await this.#turn;
    } catch (error) {
      if (error instanceof LiveRoomError && REFUSED.has(error.code)) {
        this.#forget();
        this.tell({ good: false, text: () => t('refused') });
        return;
      }
      // Other errors have not ended the session.
      this.waiting.value = true;
      setTimeout(() => {
        if (this.waiting.peek()) void this.resume();
      }, RETRY_MS);
    }
  }

  async signOut(): Promise<string> {
    await this.client.signOut();
    return t('signedOut');
  }

  async deleteAccount(): Promise<string> {
    await this.client.deleteAccount();
    return t('deleted');
  }

  /** Gives up a sign-in that the service could not renew. */
  giveUp(): void {
    this.#forget();
  }

  /** The list is newer than the remembered room; a room that is missing in it is read separately. */
  async follow(rooms: readonly Room[]): Promise<void> {
    const own = this.role === 'host' ? rooms.find(({ ownBy }) => ownBy === this.userId) : undefined;
    const known = this.room.peek();
    const listed = own ?? rooms.find(({ roomId }) => roomId === known?.roomId);
    if (listed) this.room.value = listed;
    const wanted = listed ? undefined : (known?.roomId ?? this.#wanted);
    if (wanted !== undefined) await this.#findRoom(wanted);
  }

  /** The current room, undefined if it has ended. Rejects if the service does not answer. */
  async #ask(roomId: string): Promise<Room | undefined> {
    try {
      const room = await this.background.api.roomDetail({ roomId });
      return room.status === 1 ? room : undefined;
    } catch (error) {
      if (error instanceof LiveRoomError && error.code === 2004) return undefined;
      throw error;
    }
  }

  async #findRoom(roomId: string): Promise<void> {
    this.#wanted = roomId;
    const before = this.room.peek();
    const found = await this.#ask(roomId).catch(() => null);
    // No answer: asked again with the next list. Or the person has left it, or entered another one.
    if (found === null || this.room.peek()?.roomId !== before?.roomId) return;
    this.#wanted = undefined;
    this.room.value = found;
    if (before && !this.room.peek())
      this.tell({ good: true, text: () => t('endedElsewhere', before.title || roomId) }, 'room');
    this.remember();
  }

  #forget(): void {
    this.background.close();
    this.waiting.value = false;
    this.session.value = undefined;
    // An account that was signed in by code has none; the form starts with one again.
    if (this.password.peek() === '') this.password.value = this.generated;
    this.room.value = undefined;
    this.#wanted = undefined;
    this.remember();
  }
}

export const host = new Person('host');
export const viewer = new Person('viewer');
export const second = new Person('viewer2');
/** In the order of their panels. */
export const people: readonly Person[] = [host, viewer, second];
