/** Bans, mutes and kicks: active and ended ones. */
import { SanctionsIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Field, Select } from '../shared/parts';
import { call, may } from './api';
import { BulkReason } from './bulk';
import { kindText } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { useParam } from './params';
import { route } from './route';
import { sanctionColumns, whomOf } from './sanction-table';
import { Filters } from './screen';
import { useChosen } from './table';
import type { Sanction } from './types';

const t = translator({
  title: ['Sanctions', '处罚'],
  kind: ['Kind', '类型'],
  all: ['All', '全部'],
  user: ['User ID', '用户 ID'],
  room: ['Room ID', '房间 ID'],
  state: ['State', '状态'],
  active: ['Active', '生效中'],
  over: ['Ended', '已结束'],
  none: ['No active sanctions.', '暂无生效中的处罚'],
  noneHint: ['Ban, mute or kick a user from their page or from a room.', '可在用户页或直播间内封禁、禁言、踢出用户。'],
  lift: ['Lift', '解除'],
  liftEffect: ['Lifts all of the selected sanctions now.', '立即解除所选的全部处罚。'],
});

const KINDS = ['ban', 'mute', 'kick'] as const;
const keyOf = ({ sanctionId }: Sanction) => sanctionId;

export function Sanctions() {
  const kind = useParam<'' | (typeof KINDS)[number]>('kind', '', ['', ...KINDS]);
  const active = useParam<'true' | 'false'>('active', 'true', ['true', 'false']);
  const userId = useParam('userId', '');
  const roomId = useParam('roomId', '');
  const list = useList<Sanction>('sanctions', {
    kind: kind.value,
    active: active.value === 'true',
    userId: userId.value.trim(),
    roomId: roomId.value.trim(),
    count: true,
  });
  const chosen = useChosen(list.items, keyOf);
  const acting = may('moderate') && !route.value.panel;
  const used = [kind.value, userId.value, roomId.value].filter((one) => one !== '').length;
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={sanctionColumns(list.refresh, acting)}
      keyOf={keyOf}
      bySelf
      empty={
        used > 0 || active.value !== 'true' ? undefined : (
          <Empty icon={<SanctionsIcon />} title={t('none')} hint={t('noneHint')} />
        )
      }
      choosing={acting ? { chosen, nameOf: whomOf, may: ({ liftedUtc }) => liftedUtc === '' } : undefined}
    >
      <Filters used={used + Number(active.value !== 'true')}>
        <Select
          label={t('kind')}
          name="kind"
          value={kind}
          options={[['', t('all')], ...KINDS.map((one) => [one, kindText(one)] as const)]}
        />
        <Select
          label={t('state')}
          name="active"
          value={active}
          options={[
            ['true', t('active')],
            ['false', t('over')],
          ]}
        />
        <Field label={t('user')} name="userId" value={userId} />
        <Field label={t('room')} name="roomId" value={roomId} />
      </Filters>
      {acting && (
        <BulkReason
          word={t('lift')}
          test="bulk-lift"
          effect={t('liftEffect')}
          chosen={chosen}
          items={[...chosen.value].map((id) => ({ id, item: id }))}
          run={(sanctionId, reason) => call('lift_sanction', { sanctionId, reason })}
          after={list.refresh}
        />
      )}
    </ListScreen>
  );
}
