/** Operators' API: statistics and ended broadcasts. */
import { required, textList } from '../fields';
import { ENDED_BY } from '../kinds';
import { type AdminEndpoint, countedPageOf, int, v } from './endpoint';
import { COUNT, FROM_UTC, oneOf, PAGE, ROOM_ID, TO_UTC, USER_ID } from './fields';

export const STEP_WORDS = ['1m', '1h', '1d'] as const;
export const SERIES_NAMES = ['rooms', 'viewers', 'online', 'signIns', 'signUps', 'entries'] as const;
/** A week of minutes. */
export const MAX_STEPS = 10_080;

const ofEachSeries = <T extends v.GenericSchema>(value: T) =>
  v.partial(v.strictObject(v.entriesFromList(SERIES_NAMES, value)));

export const BROADCAST = v.strictObject({
  roomId: v.string(),
  broadcastNo: int,
  ownBy: v.string(),
  ownerName: v.string(),
  title: v.string(),
  category: v.string(),
  startUtc: v.string(),
  endUtc: v.string(),
  endedBy: v.picklist(ENDED_BY),
  reason: v.string(),
  peak: int,
  joined: int,
});
export type BroadcastData = v.InferOutput<typeof BROADCAST>;

export const adminStatistics = {
  statistics: {
    path: 'admin/statistics',
    summary: { en: 'Get statistics', zh: '统计' },
    notes: {
      en: `Steps from fromUtc (inclusive) to toUtc (exclusive), at most ${MAX_STEPS}. rooms, viewers and online are the highest minute of a step; signIns, signUps and entries are its sum. null: no sample. Without step, the finest one that gives at most 1,500 steps.`,
      zh: `从 fromUtc 起、到 toUtc 之前，最多 ${MAX_STEPS} 个点。rooms、viewers、online 为该时段内最高的一分钟，signIns、signUps、entries 为合计。null 表示该时段没有样本。不传 step 时选择不超过 1500 个点的最细粒度。`,
    },
    scope: 'read',
    changes: false,
    fields: {
      fromUtc: required(FROM_UTC),
      toUtc: required(TO_UTC),
      step: oneOf(STEP_WORDS, { en: 'How long a step is.', zh: '粒度。', example: '1h' }),
      series: textList(
        {
          max: 16,
          maxEntries: SERIES_NAMES.length,
          pattern: new RegExp(`^(${SERIES_NAMES.join('|')})$`),
          patternText: `must be of ${SERIES_NAMES.join(', ')}`,
        },
        { en: 'Which of them; all by default.', zh: '需要的序列，默认全部。', example: ['rooms', 'viewers'] },
      ),
    },
    data: v.strictObject({
      step: v.picklist(STEP_WORDS),
      atUtc: v.array(v.string()),
      series: ofEachSeries(v.array(v.nullable(int))),
      peaks: ofEachSeries(v.strictObject({ value: int, atUtc: v.string() })),
    }),
    exampleData: {
      step: '1h',
      atUtc: ['2026-11-23 11:00:00', '2026-11-23 12:00:00'],
      series: { rooms: [3, null], viewers: [40, null] },
      peaks: {
        rooms: { value: 3, atUtc: '2026-11-23 11:20:00' },
        viewers: { value: 40, atUtc: '2026-11-23 11:21:00' },
      },
    },
    errors: [],
  },
  broadcasts: {
    path: 'admin/broadcasts',
    summary: { en: 'Finished broadcasts', zh: '已结束的直播' },
    notes: {
      en: 'The last ended first; fromUtc and toUtc are about the end. With format the answer is no envelope but a file with all of it: CSV, or one JSON object a line.',
      zh: '按结束时间降序；fromUtc、toUtc 指结束时间。指定 format 时返回全部记录的文件：CSV，或每行一个 JSON 对象。',
    },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      ownBy: USER_ID,
      roomId: ROOM_ID,
      fromUtc: FROM_UTC,
      toUtc: TO_UTC,
      format: oneOf(['json', 'csv'], { en: 'A file instead of a page.', zh: '导出为文件。' }),
    },
    data: countedPageOf(BROADCAST),
    exampleData: {
      items: [
        {
          roomId: '1',
          broadcastNo: 4,
          ownBy: '1',
          ownerName: 'Alice',
          title: 'A live room',
          category: 'mlvb-show-live',
          startUtc: '2026-11-23 11:00:00',
          endUtc: '2026-11-23 12:00:00',
          endedBy: 'owner',
          reason: '',
          peak: 40,
          joined: 120,
        },
      ],
      cursor: '',
    },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
