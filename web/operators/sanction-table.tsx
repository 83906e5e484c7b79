/** Sanctions, on every screen that shows them, with lifting them. */
import { translator } from '../shared/language';
import { CopyId, Empty, Time, UserText } from '../shared/parts';
import { may } from './api';
import { KindPill, kindText, Until, UserName, Where } from './links';
import { askReason } from './measure-form';
import { type Column, Table } from './table';
import type { Sanction } from './types';

const t = translator({
  sanctions: ['Sanctions', '处罚'],
  kind: ['Kind', '类型'],
  whom: ['User', '对象'],
  where: ['Scope', '范围'],
  reason: ['Reason', '原因'],
  by: ['By', '操作者'],
  since: ['Since', '开始时间'],
  until: ['Until', '结束时间'],
  action: ['Actions', '操作'],
  lift: ['Lift', '解除'],
  liftWhom: ['Lift: {1}', '解除：{1}'],
  liftEffect: ['Lifts it now: {1} is no longer {2}.', '立即解除 {1} 的处罚（{2}）。'],
  none: ['No sanctions.', '暂无处罚'],
});

export const whomOf = ({ userName, userId, address }: Sanction) => userName || userId || address;

function askLift(sanction: Sanction, after: () => void): void {
  const whom = whomOf(sanction);
  askReason({
    title: t('liftWhom', whom),
    word: t('lift'),
    effect: t('liftEffect', whom, kindText(sanction.kind)),
    call: 'lift_sanction',
    params: { sanctionId: sanction.sanctionId },
    after,
  });
}

export function sanctionColumns(refresh: () => void, acting = may('moderate')): readonly Column<Sanction>[] {
  const all: readonly Column<Sanction>[] = [
    { head: t('kind'), cell: (sanction) => <KindPill sanction={sanction} /> },
    {
      head: t('whom'),
      cell: ({ userId, userName, address }) =>
        userId ? <UserName userId={userId} name={userName} opens /> : <CopyId id={address} />,
    },
    { head: t('where'), wide: true, cell: (sanction) => <Where sanction={sanction} /> },
    { head: t('reason'), grow: true, cell: ({ reason }) => <UserText text={reason || '–'} /> },
    { head: t('by'), wide: true, cell: ({ by }) => <UserText text={by} /> },
    { head: t('since'), wide: true, cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('until'), cell: (sanction) => <Until sanction={sanction} /> },
  ];
  if (!acting) return all;
  const lift: Column<Sanction> = {
    head: t('action'),
    cell: (sanction) =>
      sanction.liftedUtc ? null : (
        <button
          type="button"
          class="quiet small"
          data-test="lift"
          aria-label={t('liftWhom', whomOf(sanction))}
          onClick={() => askLift(sanction, refresh)}
        >
          {t('lift')}
        </button>
      ),
  };
  return [...all, lift];
}

interface SanctionTableProps {
  items: readonly Sanction[];
  refresh: () => void;
  /** What all of them are about, which is not repeated in each. */
  about: 'user' | 'room';
}

export function SanctionTable({ items, refresh, about }: SanctionTableProps) {
  const left = about === 'user' ? [t('whom')] : [t('where')];
  return (
    <Table
      label={t('sanctions')}
      items={items}
      columns={sanctionColumns(refresh).filter(({ head }) => !left.includes(head))}
      keyOf={({ sanctionId }) => sanctionId}
      empty={<Empty title={t('none')} />}
    />
  );
}
