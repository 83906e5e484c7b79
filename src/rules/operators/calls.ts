/**
 * Which rule answers which of the operators' calls. The types come from the contract: a missing or misshapen rule does not
 * compile. To add a call: its entry in contract/admin, its rule in a file of this folder, its line here.
 */

import * as appealCalls from './appeal-calls';
import { adminAudit } from './audit';
import type { ChangingRules, PreparingRules, ReadingRules, SteppedRules } from './change-context';
import * as chatCalls from './chat-calls';
import * as chat from './chat-rule-calls';
import * as notes from './note-calls';
import * as operators from './operator-calls';
import * as overview from './overview-calls';
import * as reports from './report-calls';
import * as rooms from './room-calls';
import * as sanctions from './sanction-calls';
import * as ofService from './service-calls';
import * as people from './service-people';
import * as statistics from './statistics-calls';
import * as users from './user-calls';
import * as webhooks from './webhook-calls';
import * as wordCalls from './word-calls';

export const readingRules: ReadingRules = {
  me: overview.me,
  overview: overview.overview,
  settings: overview.settings,
  reasons: notes.reasons,
  rooms: rooms.rooms,
  room: rooms.room,
  sanctions: sanctions.sanctions,
  users: users.users,
  user: users.user,
  reports: reports.reports,
  operators: operators.operators,
  audit: adminAudit,
  webhooks: webhooks.webhooks,
  deliveries: webhooks.deliveries,
  delivery: webhooks.delivery,
  statistics: statistics.statistics,
  broadcasts: statistics.broadcasts,
  chatRules: chat.chatRules,
  words: wordCalls.words,
  checkText: wordCalls.checkText,
  reviewSettings: wordCalls.reviewSettings,
  held: chatCalls.held,
  appeals: appealCalls.appeals,
  messages: chatCalls.messages,
  roomAdmins: chat.roomAdmins,
};

export const steppedRules: SteppedRules = {
  issueToken: ofService.issueToken,
  openRoom: ofService.openRoom,
  importUsers: people.importUsers,
};

export const preparingRules: PreparingRules = {
  updateUser: ofService.byWords,
  updateRoomOf: ofService.byWords,
};

export const changingRules: ChangingRules = {
  updateUser: ofService.updateUser,
  updateRoomOf: ofService.updateRoomOf,
  closeRoom: ofService.closeRoom,
  exportUser: people.exportUser,
  deleteUser: people.deleteUser,
  endRoom: rooms.endRoom,
  warnRoom: rooms.warnRoom,
  watchRoom: rooms.watchRoom,
  kickUser: sanctions.kickUser,
  muteUser: sanctions.muteUser,
  banUser: sanctions.banUser,
  liftSanction: sanctions.liftSanction,
  signOutUser: users.signOutUser,
  addNote: notes.addNote,
  removeNote: notes.removeNote,
  setReasons: notes.setReasons,
  resolveReport: reports.resolveReport,
  addOperator: operators.addOperator,
  rotateOperator: operators.rotateOperator,
  removeOperator: operators.removeOperator,
  addWebhook: webhooks.addWebhook,
  changeWebhook: webhooks.changeWebhook,
  removeWebhook: webhooks.removeWebhook,
  replayDelivery: webhooks.replayDelivery,
  changeChatRules: chat.changeChatRules,
  testWebhook: webhooks.testWebhook,
  addWords: wordCalls.addWords,
  removeWords: wordCalls.removeWords,
  changeReviewSettings: wordCalls.changeReviewSettings,
  decideHeld: chatCalls.decideHeld,
  resolveAppeal: appealCalls.resolveAppeal,
  recallMessage: chatCalls.recallMessage,
};
