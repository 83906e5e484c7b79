/** One signed-in user of the console: two clients with one session (one for clicks, one for what runs by itself). */
import { type CallRecord, LiveRoomClient, LiveRoomError, type Room } from '../../client/src/client';
import { keepSession, keptSession } from './session-store';
import { type TextName, t } from './texts';

export type Role = 'host' | 'viewer';

export interface World {
  /** The service's address, with its final slash. */
  base: string;
  onCall(role: Role, background: boolean, record: CallRecord): void;
  /** Something that is shown may be different now. */
  changed(): void;
  /** A person has done something: the rooms may be different now. */
  acted(): void;
  tell(message: string, good: boolean): void;
}

export class Person {
  readonly role: Role;
  readonly client: LiveRoomClient;
  readonly background: LiveRoomClient;
  username: string;
  password: string;
  /** The room that the host has opened or the viewer watches, as last seen. */
  room: Room | undefined;
  busy = false;
  readonly #world: World;

  constructor(role: Role, world: World) {
    this.role = role;
    this.#world = world;
    this.username = `${role}-${Math.random().toString(36).slice(2, 6)}`;
    this.password = Math.random().toString(36).slice(2, 10);
    const open = (background: boolean, keepaliveMs: number) =>
      new LiveRoomClient({
        baseUrl: world.base,
        keepaliveMs,
        onCall: (record) => world.onCall(role, background || record.name === 'userKeepalive', record),
        ...(!background && {
          onSignedIn: ({ userId, token }) => keepSession(role, { userId, token, username: this.username }),
          onSignedOut: (reason) => {
            this.#forget();
            if (reason === 'refused') world.tell(t('refused'), false);
          },
        }),
      });
    this.client = open(false, 10_000);
    this.background = open(true, 0);
  }

  get signedIn(): boolean {
    return this.client.session !== undefined;
  }

  get userId(): string {
    return this.client.session?.userId ?? '';
  }

  /** Does something with the service; tells what went wrong, or `done`. */
  async act(action: () => Promise<unknown>, done: TextName = 'done'): Promise<boolean> {
    this.busy = true;
    this.#world.changed();
    try {
      await action();
      this.#world.tell(t(done), true);
      return true;
    } catch (error) {
      this.#world.tell(error instanceof LiveRoomError ? error.message : String(error), false);
      return false;
    } finally {
      this.busy = false;
      this.#world.changed();
      this.#world.acted();
    }
  }

  async signUp(): Promise<void> {
    await this.client.register(this.username, this.password);
    await this.signIn();
  }

  async signIn(): Promise<void> {
    const { username, password } = this;
    this.background.adopt(await this.client.signIn({ username, password, nickname: username }));
    this.#world.changed();
  }

  /** After a reload; silent where there is nothing to go on with. */
  async resume(): Promise<void> {
    const kept = keptSession(this.role);
    if (!kept) return;
    this.username = kept.username;
    try {
      this.background.adopt(await this.client.resume(kept));
    } catch {
      keepSession(this.role, undefined);
    }
    this.#world.changed();
  }

  async signOut(): Promise<void> {
    await this.client.signOut();
  }

  async deleteAccount(): Promise<void> {
    await this.client.deleteAccount();
  }

  #forget(): void {
    keepSession(this.role, undefined);
    this.background.close();
    this.room = undefined;
    this.#world.changed();
  }
}
