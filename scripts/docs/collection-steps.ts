/** The steps of the collection: two users, one room, every endpoint, valid and invalid. Data only. */

import type { ErrorName } from '../../src/base/errors';
import type { EndpointName } from '../../src/contract';

export interface Step {
  name: string;
  call: EndpointName;
  as: 'json' | 'form' | 'query';
  input: Readonly<Record<string, string>>;
  /** Default: success. */
  error?: ErrorName;
  /** Lines of the test; `data` is the answer's data. */
  checks?: readonly string[];
  /** Lines that run before the request. */
  before?: readonly string[];
}

const HOST = { userId: '{{hostId}}', token: '{{hostToken}}' };
const VIEWER = { userId: '{{viewerId}}', token: '{{viewerToken}}' };
const ROOM = { roomId: '{{hostId}}' };

/** Postman, newman and Bruno all have this module. */
const MD5 = "const md5 = (text) => require('crypto-js').MD5(text).toString();";

const newUser = (who: string) => [
  MD5,
  `pm.collectionVariables.set('${who}Name', '${who}-' + Date.now() + '-' + Math.floor(Math.random() * 1e6));`,
  `pm.collectionVariables.set('${who}Salt', md5(pm.collectionVariables.get('${who}Name') + '-secret'));`,
];

const signed = (who: string) => [
  MD5,
  "pm.collectionVariables.set('ts', String(Date.now()));",
  `const text = [pm.collectionVariables.get('${who}Name'), '', pm.collectionVariables.get('ts'), 'n1', pm.collectionVariables.get('${who}Salt')].join('-');`,
  "pm.collectionVariables.set('signature', md5(text));",
];

const signIn = (who: string, as: Step['as']): Step => ({
  name: `Sign in the ${who}`,
  call: 'signature',
  as,
  input: { username: `{{${who}Name}}`, ts: '{{ts}}', nonce: 'n1', signature: '{{signature}}', nickname: who },
  before: signed(who),
  checks: [
    'pm.expect(data.userId).to.match(/^[1-9][0-9]*$/);',
    'pm.expect(data.userSig).to.equal(data.sdkUserSig);',
    "pm.expect(data.sdkAppId).to.be.a('number');",
    `pm.collectionVariables.set('${who}Id', data.userId);`,
    `pm.collectionVariables.set('${who}Token', data.token);`,
  ],
});

const register = (who: string, as: Step['as']): Step => ({
  name: `Register the ${who}`,
  call: 'register',
  as,
  input: { username: `{{${who}Name}}`, salt: `{{${who}Salt}}` },
  before: newUser(who),
});

export const FOLDERS: Readonly<Record<string, readonly Step[]>> = {
  'Registering and signing in': [
    register('host', 'json'),
    { ...register('host', 'form'), name: 'Register again after a lost answer', before: [] },
    {
      name: 'Register without a salt',
      call: 'register',
      as: 'query',
      input: { username: 'x' },
      error: 'UserOAuthParams',
    },
    signIn('host', 'json'),
    {
      name: 'Sign in with a wrong signature',
      call: 'signature',
      as: 'form',
      input: { username: '{{hostName}}', signature: '00000000000000000000000000000000' },
      error: 'SystemVerifyError',
    },
    register('viewer', 'query'),
    signIn('viewer', 'query'),
    {
      name: 'Sign in with a token that no identity provider has signed',
      call: 'exchange',
      as: 'json',
      input: { idToken: 'a.b.c' },
      error: 'UserOAuthParams',
    },
  ],
  // Steps that answer the same whether or not codes are set up: nothing is sent.
  'Signing in by code': [
    {
      name: 'Get the service address and the captcha app id',
      call: 'gslb',
      as: 'query',
      input: {},
      checks: ["pm.expect(data.captcha_web_appid).to.be.a('number');"],
    },
    {
      name: 'Request a code for an invalid phone number',
      call: 'userVerifyByPicture',
      as: 'query',
      input: { phone: 'call me', ticket: 't', randstr: 'r' },
      error: 'SystemVerifyError',
    },
    {
      name: 'Sign in with a code that was never sent',
      call: 'userLoginCode',
      as: 'json',
      input: { phone: '13800000001', sessionId: 'nobody', code: '123456' },
      error: 'UserCodeInvalid',
    },
  ],
  'The signed-in user': [
    {
      name: 'Start the app again with the token',
      call: 'userLoginToken',
      as: 'query',
      input: HOST,
      checks: [
        "pm.expect(data.token).to.not.equal(pm.collectionVariables.get('hostToken'));",
        "pm.collectionVariables.set('hostToken', data.token);",
      ],
    },
    { name: 'Change the name', call: 'userUpdate', as: 'form', input: { ...HOST, name: 'Alice 爱丽丝' } },
    { name: 'Change nothing', call: 'userUpdate', as: 'json', input: HOST, error: 'UseInfoEmpty' },
    {
      name: 'Get your own profile',
      call: 'userQuery',
      as: 'json',
      input: HOST,
      checks: ["pm.expect(data.name).to.equal('Alice 爱丽丝');", "pm.expect(data).to.not.have.property('phone');"],
    },
    {
      name: 'Get another profile',
      call: 'userQuery',
      as: 'query',
      input: { ...VIEWER, searchUserId: '{{hostId}}' },
      checks: ["pm.expect(data.userId).to.equal(pm.collectionVariables.get('hostId'));"],
    },
    {
      name: 'Get a profile that does not exist',
      call: 'userQuery',
      as: 'query',
      input: { ...VIEWER, searchUserId: '99999999' },
      error: 'UserNotExists',
    },
    {
      name: 'Read several profiles',
      call: 'getUserInfoBatch',
      as: 'form',
      input: { token: '{{viewerToken}}', userId: '{{hostId}}|99999999' },
      checks: ["pm.expect(data.map((user) => user.userId)).to.eql([pm.collectionVariables.get('hostId')]);"],
    },
    { name: 'List disabled modules', call: 'moduleBlacklist', as: 'json', input: {} },
    {
      name: 'Say that the app is alive',
      call: 'userKeepalive',
      as: 'form',
      input: HOST,
      checks: ['pm.expect(data.updateUtc).to.match(/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}$/);'],
    },
  ],
  'Live rooms': [
    {
      name: 'Ask for a new room id',
      call: 'generateRoomid',
      as: 'json',
      input: { ...HOST, category: 'mlvb-show-live' },
      checks: ['pm.expect(data.roomId).to.match(/^[0-9]{9,10}$/);'],
    },
    {
      name: 'Go live',
      call: 'enterRoom',
      as: 'query',
      input: { ...HOST, ...ROOM, role: 'anchor', category: 'mlvb-show-live', title: 'A live room' },
      checks: ["pm.expect(data.role).to.equal('anchor');"],
    },
    {
      name: 'Change title and cover',
      call: 'updateRoom',
      as: 'json',
      input: { ...HOST, ...ROOM, title: '直播间 🎉', cover: 'https://example.com/cover.png' },
    },
    {
      name: 'Change another room',
      call: 'updateRoom',
      as: 'form',
      input: { ...VIEWER, ...ROOM, title: 'mine' },
      error: 'SystemVerifyError',
    },
    {
      name: 'Enter as a viewer',
      call: 'enterRoom',
      as: 'form',
      input: { ...VIEWER, ...ROOM, role: 'audience' },
      checks: ["pm.expect(data.role).to.equal('audience');"],
    },
    {
      name: 'List the live rooms',
      call: 'queryRoom',
      as: 'query',
      input: { ...VIEWER, roomIds: '{{hostId}}', limit: '100', orderBy: 'totalJoined' },
      checks: [
        'pm.expect(data).to.have.lengthOf(1);',
        "pm.expect(data[0].title).to.equal('直播间 🎉');",
        'pm.expect([data[0].nnUsers, data[0].totalJoined, data[0].status]).to.eql([2, 2, 1]);',
      ],
    },
    {
      name: 'List with a limit of nothing',
      call: 'queryRoom',
      as: 'json',
      input: { ...VIEWER, limit: '0' },
      error: 'RoomQueryParams',
    },
    {
      name: 'List who is inside',
      call: 'listUsers',
      as: 'json',
      input: { ...VIEWER, ...ROOM },
      checks: ["pm.expect(data.map((user) => user.role).sort()).to.eql(['anchor', 'audience']);"],
    },
    // If a bucket is set, remove the error.
    { name: 'Ask where to upload a cover', call: 'cosConfig', as: 'query', input: HOST, error: 'SystemVerifyError' },
    {
      name: 'Name an admin of the room',
      call: 'addAdmin',
      as: 'json',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}' },
    },
    {
      name: 'List the admins',
      call: 'listAdmins',
      as: 'query',
      input: { ...VIEWER, ...ROOM },
      checks: ["pm.expect(data.map((user) => user.userId)).to.eql([pm.collectionVariables.get('viewerId')]);"],
    },
    {
      name: 'Switch slow mode on, as an admin',
      call: 'updateChat',
      as: 'form',
      input: { ...VIEWER, ...ROOM, slowSeconds: '10' },
      checks: ['pm.expect(data.slowSeconds).to.equal(10);'],
    },
    {
      name: 'Take the admin back',
      call: 'removeAdmin',
      as: 'json',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}' },
    },
    { name: 'Read what may be written', call: 'chatRules', as: 'query', input: { ...VIEWER, ...ROOM } },
    {
      name: 'Mute a viewer',
      call: 'muteUser',
      as: 'json',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}', seconds: '60', reason: 'spam' },
    },
    {
      name: 'Mute the host as a viewer',
      call: 'muteUser',
      as: 'form',
      input: { ...VIEWER, ...ROOM, targetUserId: '{{hostId}}', seconds: '60' },
      error: 'SystemVerifyError',
    },
    {
      name: 'Who is muted or kept out',
      call: 'listBlocked',
      as: 'query',
      input: { ...HOST, ...ROOM },
      checks: ["pm.expect(data.map(({ kind }) => kind)).to.eql(['mute']);"],
    },
    {
      name: 'Let the viewer write again',
      call: 'unmuteUser',
      as: 'form',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}' },
    },
    {
      name: 'Send the viewer out',
      call: 'kickUser',
      as: 'json',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}' },
    },
    {
      name: 'Let the viewer in again',
      call: 'unblockUser',
      as: 'query',
      input: { ...HOST, ...ROOM, targetUserId: '{{viewerId}}' },
    },
    {
      name: 'Report the room',
      call: 'reportRoom',
      as: 'json',
      input: { ...VIEWER, targetRoomId: '{{hostId}}', targetUserId: '{{hostId}}', reason: 'fraud' },
    },
    {
      name: 'Appeal against a sanction that is not there',
      call: 'appeal',
      as: 'json',
      input: { ...VIEWER, sanctionId: '999999999', text: 'it was not me' },
      error: 'SystemVerifyError',
    },
    { name: 'Leave', call: 'leaveRoom', as: 'query', input: { ...VIEWER, ...ROOM } },
    { name: 'Leave without saying what', call: 'leaveRoom', as: 'json', input: VIEWER, error: 'RoomLeaveParams' },
    {
      name: 'One room, with one person less',
      call: 'roomDetail',
      as: 'form',
      input: { ...VIEWER, ...ROOM },
      checks: ['pm.expect([data.nnUsers, data.totalJoined]).to.eql([1, 2]);'],
    },
    {
      name: 'End another room',
      call: 'destroyRoom',
      as: 'query',
      input: { ...VIEWER, ...ROOM },
      error: 'SystemVerifyError',
    },
    { name: 'End the room', call: 'destroyRoom', as: 'json', input: { ...HOST, ...ROOM } },
    {
      name: 'The room is gone',
      call: 'roomDetail',
      as: 'query',
      input: { ...HOST, ...ROOM },
      error: 'RoomNotExists',
    },
  ],
  Leaving: [
    { name: 'Sign out', call: 'userLogout', as: 'form', input: VIEWER },
    { name: 'Sign out twice', call: 'userLogout', as: 'json', input: VIEWER },
    {
      name: 'The token is no longer valid',
      call: 'userKeepalive',
      as: 'query',
      input: VIEWER,
      error: 'UserTokenInvalid',
    },
    { name: 'Delete the account', call: 'userDelete', as: 'json', input: HOST },
    { name: 'Delete it twice', call: 'userDelete', as: 'query', input: HOST },
  ],
};
