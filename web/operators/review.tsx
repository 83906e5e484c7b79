/** Screens about texts of users: a separate script, loaded when one of them is opened. */

export * as common from './common';
export { Appeals } from './review/appeals';
export { Chat } from './review/chat';
export { HeldTexts } from './review/held';
export { RoomChat } from './review/room-chat';
export { Review } from './review/settings';
export { Words } from './review/words';
