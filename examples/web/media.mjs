/**
 * Where the vendor's SDK comes in. A sign-in gives what it wants: sdkAppId, userId and userSig. The names below are those of
 * trtc-sdk-v5 (https://web.sdk.qcloud.com/trtc/webrtc/v5/doc/en/TRTC.html); without its script the page works without pictures.
 */
export async function startMedia({ sdkAppId, userId, userSig, roomId, role }) {
  const { TRTC } = window;
  if (!TRTC) return { state: 'Without the vendor’s SDK there are no pictures.', stop: async () => {} };
  const trtc = TRTC.create();
  // The service's room ids are numbers where the apps need them to be, and texts elsewhere.
  const room = /^\d+$/.test(roomId) ? { roomId: Number(roomId) } : { strRoomId: roomId };
  await trtc.enterRoom({ ...room, scene: 'live', sdkAppId, userId, userSig, role });
  if (role === 'anchor') await trtc.startLocalAudio();
  return { state: 'Connected.', stop: () => trtc.exitRoom() };
}
