/** The queue of viewers' reports. */
import { DoneIcon, SoundOffIcon, SoundOnIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Field, Select } from '../shared/parts';
import { call, may } from './api';
import { BulkReason } from './bulk';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { countReports, setSound, sound } from './open-reports';
import { useParam } from './params';
import { reportColumns } from './report-table';
import { route } from './route';
import { Filters } from './screen';
import { useChosen } from './table';
import type { Report } from './types';

const t = translator({
  title: ['Reports', '举报'],
  user: ['User ID', '用户 ID'],
  room: ['Room ID', '房间 ID'],
  state: ['State', '状态'],
  open: ['Open', '待处理'],
  done: ['Resolved', '已处理'],
  none: ['No open reports.', '暂无待处理的举报'],
  noneHint: ['New reports from viewers appear here within seconds.', '观众的新举报会在几秒内显示在这里。'],
  report: ['Report {1}', '举报 {1}'],
  dismiss: ['Resolve: no violation', '处理为“不属实”'],
  dismissEffect: [
    'Resolves all of the selected reports as no violation. No other action.',
    '所选举报将全部标记为“不属实”，不做其他处置。',
  ],
  soundOn: ['Sound on', '提示音已开启'],
  soundOff: ['Sound off', '提示音已关闭'],
});

const keyOf = ({ reportId }: Report) => reportId;

function SoundButton() {
  return (
    <button
      type="button"
      class="quiet"
      data-test="sound"
      aria-pressed={sound.value}
      aria-label={t(sound.value ? 'soundOn' : 'soundOff')}
      onClick={() => setSound(!sound.value)}
    >
      {sound.value ? <SoundOnIcon /> : <SoundOffIcon />} <span>{t(sound.value ? 'soundOn' : 'soundOff')}</span>
    </button>
  );
}

export function Reports() {
  const state = useParam<'open' | 'done'>('state', 'open', ['open', 'done']);
  const userId = useParam('userId', '');
  const roomId = useParam('roomId', '');
  const list = useList<Report>('reports', {
    state: state.value,
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
    count: true,
  });
  const chosen = useChosen(list.items, keyOf);
  const acting = may('moderate') && !route.value.panel;
  const refresh = () => {
    list.refresh();
    void countReports();
  };
  const narrowed = state.value !== 'open' || userId.value !== '' || roomId.value !== '';
  const used = [userId.value, roomId.value].filter((one) => one !== '').length + Number(state.value !== 'open');
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={reportColumns(refresh, acting)}
      keyOf={keyOf}
      bySelf
      empty={narrowed ? undefined : <Empty icon={<DoneIcon />} title={t('none')} hint={t('noneHint')} />}
      choosing={
        acting
          ? { chosen, nameOf: ({ reportId }) => t('report', reportId), may: (report) => report.state === 'open' }
          : undefined
      }
      tools={<SoundButton />}
    >
      <Filters used={used}>
        <Select
          label={t('state')}
          name="state"
          value={state}
          options={[
            ['open', t('open')],
            ['done', t('done')],
          ]}
        />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('room')} name="roomId" value={roomId} />
      </Filters>
      {acting && (
        <BulkReason
          word={t('dismiss')}
          test="bulk-dismiss"
          effect={t('dismissEffect')}
          chosen={chosen}
          items={[...chosen.value].map((id) => ({ id, item: id }))}
          run={(reportId, reason) => call('resolve_report', { reportId, verdict: 'dismissed', reason })}
          after={refresh}
        />
      )}
    </ListScreen>
  );
}
