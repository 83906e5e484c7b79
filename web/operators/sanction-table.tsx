/** Sanctions, wherever they are shown, with lifting them. */
import { translator } from '../shared/language';
import { Time, UserText } from '../shared/parts';
import { may } from './api';
import { kindText, Until, UserLink, Where } from './links';
import { askReason } from './measure-form';
import { type Column, Table } from './table';
import type { Sanction } from './types';

const t = translator({
  sanctions: ['Sanctions', '处罚'],
  kind: ['Kind', '类型'],
  whom: ['Whom', '对象'],
  where: ['Where', '范围'],
  reason: ['Reason', '原因'],
  by: ['By', '操作者'],
  since: ['Since', '开始时间'],
  until: ['Until', '结束时间'],
  action: ['Measures', '处理'],
  lift: ['Lift', '解除'],
  liftWhom: ['Lift: {1}', '解除：{1}'],
  liftEffect: ['{1} is no longer {2}, from now on.', '立即解除 {1} 的处罚（{2}）。'],
  none: ['No sanctions.', '没有处罚。'],
});

function askLift(sanction: Sanction, after: () => void): void {
  const whom = sanction.userId || sanction.address;
  askReason({
    title: t('liftWhom', whom),
    word: t('lift'),
    effect: t('liftEffect', whom, kindText(sanction.kind)),
    call: 'lift_sanction',
    params: { sanctionId: sanction.sanctionId },
    after,
  });
}

export function sanctionColumns(refresh: () => void): readonly Column<Sanction>[] {
  const all: readonly Column<Sanction>[] = [
    { head: t('kind'), cell: ({ kind }) => kindText(kind) },
    { head: t('whom'), cell: ({ userId, address }) => (userId ? <UserLink userId={userId} /> : address) },
    { head: t('where'), cell: (sanction) => <Where sanction={sanction} /> },
    { head: t('reason'), cell: ({ reason }) => <UserText text={reason || '–'} /> },
    { head: t('by'), cell: ({ by }) => <UserText text={by} /> },
    { head: t('since'), cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('until'), cell: (sanction) => <Until sanction={sanction} /> },
  ];
  if (!may('moderate')) return all;
  const lift: Column<Sanction> = {
    head: t('action'),
    cell: (sanction) =>
      sanction.liftedUtc ? null : (
        <button
          type="button"
          class="small"
          data-test="lift"
          aria-label={t('liftWhom', sanction.userId || sanction.address)}
          onClick={() => askLift(sanction, refresh)}
        >
          {t('lift')}
        </button>
      ),
  };
  return [...all, lift];
}

export function SanctionTable({ items, refresh }: { items: readonly Sanction[]; refresh: () => void }) {
  return (
    <Table
      label={t('sanctions')}
      items={items}
      columns={sanctionColumns(refresh)}
      keyOf={({ sanctionId }) => sanctionId}
      empty={t('none')}
    />
  );
}
