/**
 * The table of screens and panels: name in the address, words, icon, group in the rail, its scope, and its
 * drawn. A screen is added by its line here (and, with an id in its address, its name in places.ts). Screens that few open
 * come from setup.tsx, those about texts from review.tsx, which are separate scripts.
 */
import type { ComponentType, VNode } from 'preact';
import {
  AppealsIcon,
  AuditIcon,
  BroadcastsIcon,
  ChatIcon,
  HeldIcon,
  OperatorsIcon,
  OverviewIcon,
  ReportsIcon,
  ReviewIcon,
  RoomsIcon,
  SanctionsIcon,
  SettingsIcon,
  StatisticsIcon,
  UsersIcon,
  WebhooksIcon,
  WordsIcon,
} from '../shared/icons';
import type { Text } from '../shared/language';
import { Board } from './board';
import { FromReview, FromSetup } from './lazy/screens';
import { Overview } from './overview';
import { Reports } from './reports';
import { RoomPanel } from './room';
import { Sanctions } from './sanctions';
import type { Scope } from './types';
import { UserPanel } from './user';
import { Users } from './users';

export type Group = 'now' | 'moderation' | 'records' | 'setup';

export const GROUPS: readonly (readonly [group: Group, words: Text])[] = [
  ['now', ['Now', '实时']],
  ['moderation', ['Moderation', '处置']],
  ['records', ['Records', '记录']],
  ['setup', ['Setup', '设置']],
];

export interface ScreenEntry {
  name: string;
  words: Text;
  icon: ComponentType;
  group: Group;
  scope: Scope;
  show: (id: string) => VNode;
  /** Reached from another screen, whose entry of the rail is marked. */
  below?: string;
  /** How many wait, at its entry of the rail. */
  badge?: 'openReports' | 'held' | 'appeals';
}

export const SCREENS: readonly ScreenEntry[] = [
  {
    name: 'overview',
    words: ['Overview', '概览'],
    icon: OverviewIcon,
    group: 'now',
    scope: 'read',
    show: () => <Overview />,
  },
  { name: 'rooms', words: ['Live', '正在直播'], icon: RoomsIcon, group: 'now', scope: 'read', show: () => <Board /> },
  { name: 'users', words: ['Users', '用户'], icon: UsersIcon, group: 'now', scope: 'read', show: () => <Users /> },
  {
    name: 'reports',
    words: ['Reports', '举报'],
    icon: ReportsIcon,
    group: 'moderation',
    scope: 'read',
    show: () => <Reports />,
    badge: 'openReports',
  },
  {
    name: 'held',
    words: ['Held texts', '待审核'],
    icon: HeldIcon,
    group: 'moderation',
    scope: 'read',
    show: () => <FromReview show={({ HeldTexts }) => <HeldTexts />} />,
    badge: 'held',
  },
  {
    name: 'chat',
    words: ['Chat', '聊天记录'],
    icon: ChatIcon,
    group: 'moderation',
    scope: 'read',
    show: () => <FromReview show={({ Chat }) => <Chat />} />,
  },
  {
    name: 'appeals',
    words: ['Appeals', '申诉'],
    icon: AppealsIcon,
    group: 'moderation',
    scope: 'read',
    show: () => <FromReview show={({ Appeals }) => <Appeals />} />,
    badge: 'appeals',
  },
  {
    name: 'sanctions',
    words: ['Sanctions', '处罚'],
    icon: SanctionsIcon,
    group: 'moderation',
    scope: 'read',
    show: () => <Sanctions />,
  },
  {
    name: 'statistics',
    words: ['Statistics', '统计'],
    icon: StatisticsIcon,
    group: 'records',
    scope: 'read',
    show: () => <FromSetup show={({ StatisticsScreen }) => <StatisticsScreen />} />,
  },
  {
    name: 'broadcasts',
    words: ['Broadcasts', '直播场次'],
    icon: BroadcastsIcon,
    group: 'records',
    scope: 'read',
    show: () => <FromSetup show={({ Broadcasts }) => <Broadcasts />} />,
  },
  {
    name: 'audit',
    words: ['Audit log', '操作日志'],
    icon: AuditIcon,
    group: 'records',
    scope: 'manage',
    show: () => <FromSetup show={({ Audit }) => <Audit />} />,
  },
  {
    name: 'words',
    words: ['Words', '词库'],
    icon: WordsIcon,
    group: 'setup',
    scope: 'read',
    show: () => <FromReview show={({ Words }) => <Words />} />,
  },
  {
    name: 'review',
    words: ['Review', '审核设置'],
    icon: ReviewIcon,
    group: 'setup',
    scope: 'read',
    show: () => <FromReview show={({ Review }) => <Review />} />,
  },
  {
    name: 'webhooks',
    words: ['Webhooks', '事件推送'],
    icon: WebhooksIcon,
    group: 'setup',
    scope: 'manage',
    show: () => <FromSetup show={({ Webhooks }) => <Webhooks />} />,
  },
  {
    name: 'deliveries',
    words: ['Deliveries', '推送记录'],
    icon: WebhooksIcon,
    group: 'setup',
    scope: 'manage',
    show: (id) => <FromSetup show={({ Deliveries }) => <Deliveries key={id} id={id} />} />,
    below: 'webhooks',
  },
  {
    name: 'operators',
    words: ['Operators', '运营账号'],
    icon: OperatorsIcon,
    group: 'setup',
    scope: 'manage',
    show: () => <FromSetup show={({ Operators }) => <Operators />} />,
  },
  {
    name: 'settings',
    words: ['Settings', '设置'],
    icon: SettingsIcon,
    group: 'setup',
    scope: 'manage',
    show: () => <FromSetup show={({ Settings }) => <Settings />} />,
  },
];

export const PANEL_VIEWS: Readonly<Record<string, (id: string) => VNode>> = {
  room: (id) => <RoomPanel key={id} id={id} />,
  user: (id) => <UserPanel key={id} id={id} />,
  delivery: (id) => <FromSetup show={({ DeliveryPanel }) => <DeliveryPanel key={id} id={id} />} />,
};

export function screenNamed(name: string): ScreenEntry | undefined {
  return SCREENS.find((one) => one.name === name);
}
