/** Covers and avatars, for their review: what they are now, and taking one away that is still there. */
import type { Executor } from '../engine/database';
import { computed, int, raw, read, sql, text, write } from '../engine/sql';

/** Whose picture: the room's number for a cover, the user's for an avatar. */
export interface PictureOf {
  picture: 'cover' | 'avatar';
  id: number;
}

const PICTURE = computed<{ url: string }>({ url: raw('cover') });
const AVATAR = computed<{ url: string }>({ url: raw('avatar') });
const FIND = {
  cover: read('pictures.cover', PICTURE, sql`SELECT ${PICTURE} FROM rooms WHERE id = ${int('id')}`),
  avatar: read('pictures.avatar', AVATAR, sql`SELECT ${AVATAR} FROM users WHERE id = ${int('id')}`),
};

export async function findPicture(
  db: Pick<Executor, 'query'>,
  { picture, id }: PictureOf,
): Promise<string | undefined> {
  return (await db.query(FIND[picture], { id }))[0]?.url;
}

const REPLACE = {
  cover: write(
    'pictures.replace_cover',
    'safe',
    sql`UPDATE rooms SET cover = ${text('by')} WHERE id = ${int('id')} AND cover = ${text('url')}`,
  ),
  avatar: write(
    'pictures.replace_avatar',
    'safe',
    sql`UPDATE users SET avatar = ${text('by')} WHERE id = ${int('id')} AND avatar = ${text('url')}`,
  ),
};

/** False if it is another picture by now. */
export async function replacePicture(
  tx: Executor,
  of: PictureOf,
  change: { url: string; by: string },
): Promise<boolean> {
  const { affected } = await tx.execute(REPLACE[of.picture], { id: of.id, ...change });
  if (affected > 0 && of.picture === 'cover') tx.changed('rooms');
  return affected > 0;
}
