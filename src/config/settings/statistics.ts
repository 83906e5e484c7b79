import { integer } from '../setting';

const DAYS = { min: 0, max: 36_500 };

export const statistics = {
  title: { en: 'Statistics', zh: '统计' },
  settings: {
    statisticsMinuteDays: integer('STATISTICS_MINUTE_DAYS', 14, {
      en: 'Days to keep the samples of each minute; 0 = no limit. Hours and days are rolled up from them.',
      zh: '每分钟样本保留的天数；0 表示永久保留。小时和天由它们汇总而成。',
      ...DAYS,
    }),
    statisticsHourDays: integer('STATISTICS_HOUR_DAYS', 400, {
      en: 'Days to keep hourly samples; 0 = no limit.',
      zh: '小时汇总保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
    statisticsDayDays: integer('STATISTICS_DAY_DAYS', 3_650, {
      en: 'Days to keep daily samples; 0 = no limit.',
      zh: '天汇总保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
    broadcastDays: integer('BROADCAST_DAYS', 400, {
      en: 'Days to keep ended broadcasts in the list; 0 = no limit.',
      zh: '已结束的直播在列表中保留的天数；0 表示永久保留。',
      ...DAYS,
    }),
  },
};
