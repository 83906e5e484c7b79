/** The cover of a room: the host's picture, or a colour of the room's own with its first letter. */
import { useState } from 'preact/hooks';

/** Accepts http and https only: other texts of users are no pictures. */
export function pictureUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

/** Steps of the golden angle: neighbouring ids get very different colours. */
function hue(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 100_000;
  return Math.round(sum * 137.5) % 360;
}

interface CoverProps {
  room: { roomId: string; title: string; cover: string };
  /** Only pictures whose address begins with one of these are loaded. Left out: from anywhere. */
  from?: readonly string[];
}

export function Cover({ room: { roomId, title, cover }, from }: CoverProps) {
  const [broken, setBroken] = useState('');
  const url = pictureUrl(cover);
  const allowed = url !== undefined && (from === undefined || from.some((one) => url.startsWith(one)));
  return (
    <div class="cover" style={{ '--hue': hue(roomId) }} aria-hidden="true">
      <span class="initial">{[...(title || roomId)][0]}</span>
      {allowed && url !== broken && (
        <img
          key={url}
          alt=""
          loading="lazy"
          referrerpolicy="no-referrer"
          src={url}
          // If the picture is missing, the coloured background stays.
          onError={() => setBroken(url)}
        />
      )}
    </div>
  );
}
