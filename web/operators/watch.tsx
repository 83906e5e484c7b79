/** Watching a room: TRTC's web SDK as a separate viewer, muted at first; or a player behind an address of the tenant. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { OutIcon, WatchIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { type Message, Notice } from '../shared/parts';
import { call, me, toMessage } from './api';
import { loadPlayer } from './lazy/load';
import type { WatchData } from './types';

const t = translator({
  watch: ['Watch', '观看'],
  stop: ['Stop watching', '停止观看'],
  loading: ['Connecting …', '正在连接…'],
  waiting: ['Connected. No video from the host yet.', '已连接，主播还没有画面。'],
  unmute: ['Unmute', '打开声音'],
  mute: ['Mute', '静音'],
  picture: ['Video of the room', '直播画面'],
  open: ['Open the player', '打开播放器'],
  failed: ['Could not watch the room.', '无法观看该直播间。'],
  demo: [
    'No video in demo mode: there is no TRTC application. Set TRTC_TIM_APPID and TRTC_TIM_SECRET.',
    '演示模式没有 TRTC 应用，无法观看画面。请设置 TRTC_TIM_APPID 和 TRTC_TIM_SECRET。',
  ],
});

/** Stops watching: leaves the room, and frees the picture. */
interface Playing {
  mute(muted: boolean): void;
  stop(): void;
}

/** Enters as a viewer and shows the newest video. */
async function play(data: WatchData, view: HTMLElement, seen: () => void): Promise<Playing> {
  const library = await loadPlayer();
  const player = library.create();
  player.on(library.EVENT.REMOTE_VIDEO_AVAILABLE, ({ userId, streamType }) => {
    seen();
    player.startRemoteVideo({ userId, streamType, view }).catch(() => {});
  });
  const { sdkAppId, userId, userSig, roomId } = data;
  // The apps enter rooms whose id is a number by it, all others by their text (docs/connect-your-app.md).
  const isNumber = /^[1-9]\d{0,9}$/.test(roomId) && Number(roomId) < 2 ** 32;
  const room = isNumber ? { roomId: Number(roomId) } : { strRoomId: roomId };
  const { TYPE } = library;
  const as = { scene: TYPE.SCENE_LIVE, role: TYPE.ROLE_AUDIENCE };
  await player.enterRoom({ ...room, ...as, sdkAppId, userId, userSig });
  await player.muteRemoteAudio('*', true);
  return {
    mute: (muted) => void player.muteRemoteAudio('*', muted),
    stop: () => {
      player
        .exitRoom()
        .then(() => player.destroy())
        .catch(() => {});
    },
  };
}

function Screen({ roomId, stop }: { roomId: string; stop: () => void }) {
  const view = useRef<HTMLDivElement>(null);
  const state = useSignal<'loading' | 'waiting' | 'seen'>('loading');
  const muted = useSignal(true);
  const message = useSignal<Message | undefined>(undefined);
  const link = useSignal('');
  const playing = useRef<Playing | undefined>(undefined);
  useEffect(() => {
    let over = false;
    const begin = async () => {
      const data = await call<WatchData>('watch_room', { roomId });
      if (over || !view.current) return;
      if (data.url) {
        link.value = data.url;
        return;
      }
      const made = await play(data, view.current, () => {
        state.value = 'seen';
      });
      if (over) made.stop();
      else playing.current = made;
      if (state.peek() === 'loading') state.value = 'waiting';
    };
    begin().catch((error: unknown) => {
      const told = toMessage(error);
      message.value = told.detail === undefined ? { good: false, text: () => t('failed'), detail: told.text() } : told;
    });
    return () => {
      over = true;
      playing.current?.stop();
    };
  }, [roomId]);
  return (
    <div class="watch" data-test="watching">
      <Notice message={message.value} />
      {link.value ? (
        <a class="button primary" href={link.value} target="_blank" rel="noreferrer noopener" data-test="player-link">
          {t('open')} <OutIcon />
        </a>
      ) : (
        <div ref={view} class="picture" role="img" aria-label={t('picture')}>
          {!message.value && state.value !== 'seen' && (
            <span>{t(state.value === 'loading' ? 'loading' : 'waiting')}</span>
          )}
        </div>
      )}
      <div class="actions">
        {!link.value && (
          <button
            type="button"
            class="small"
            data-test="sound"
            onClick={() => {
              muted.value = !muted.value;
              playing.current?.mute(muted.value);
            }}
          >
            {t(muted.value ? 'unmute' : 'mute')}
          </button>
        )}
        <button type="button" class="small" data-test="stop-watching" onClick={stop}>
          {t('stop')}
        </button>
      </div>
    </div>
  );
}

export function Watch({ roomId }: { roomId: string }) {
  const watching = useSignal(false);
  if (watching.value) {
    return (
      <Screen
        roomId={roomId}
        stop={() => {
          watching.value = false;
        }}
      />
    );
  }
  const off = me.value?.watch === 'off';
  return (
    <button
      type="button"
      class="small primary"
      data-test="watch_room"
      disabled={off}
      title={off ? t('demo') : undefined}
      onClick={() => {
        watching.value = true;
      }}
    >
      <WatchIcon /> {t('watch')}
    </button>
  );
}
