import { integer } from '../setting';

const DAYS = { min: 0, max: 36_500 };

export const statistics = {
  title: { en: 'Statistics', zh: '统计' },
  settings: {
    statisticsMinuteDays: integer('STATISTICS_MINUTE_DAYS', 14, {
      en: 'For how many days the samples of every minute are kept; 0 = for ever. Hours and days are made from them.',
      zh: '每分钟样本保留的天数；0 表示永久保留。小时和天由它们汇总而成。',
      ...DAYS,
    }),
    statisticsHourDays: integer('STATISTICS_HOUR_DAYS', 400, {
      en: 'For how many days the hours are kept; 0 = for ever.',
      zh: '小时汇总保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
    statisticsDayDays: integer('STATISTICS_DAY_DAYS', 0, {
      en: 'For how many days the days are kept; 0 = for ever.',
      zh: '天汇总保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
    broadcastDays: integer('BROADCAST_DAYS', 400, {
      en: 'For how many days finished broadcasts stay in the list; 0 = for ever.',
      zh: '已结束的直播在列表中保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
  },
};
