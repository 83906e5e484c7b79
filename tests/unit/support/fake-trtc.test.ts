/** The fake TRTC against the vendor's own SDK, and against requests that the real gateway refuses. */
import { Agent } from 'node:http';
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/trtc/v20190722/trtc_client';
import { type FakeTrtc, startFakeTrtc } from '../../../testkit/fake-trtc';

const key = { secretId: 'AKIDexample', secretKey: 'example-secret-key' };
const sdkAppId = 1_400_000_001;

let trtc: FakeTrtc;

beforeEach(async () => {
  trtc = await startFakeTrtc({ ...key, sdkAppIds: [sdkAppId] });
});

afterEach(async () => {
  await trtc.stop();
});

function client({ secretKey = key.secretKey, secretId = key.secretId, region = 'ap-guangzhou' } = {}): Client {
  // A separate agent keeps the SDK from using a proxy of the environment.
  const httpProfile = { endpoint: trtc.endpoint, protocol: 'http://', reqTimeout: 2, agent: new Agent() };
  return new Client({ credential: { secretId, secretKey }, region, profile: { httpProfile } });
}

describe('the rooms of the fake TRTC', () => {
  test('are dismissed once by the SDK, numbers and texts separately', async () => {
    trtc
      .rooms(sdkAppId)
      .set(123, new Set(['7']))
      .set('123', new Set(['8']));
    expect(await client().DismissRoom({ SdkAppId: sdkAppId, RoomId: 123 })).toEqual({ RequestId: expect.any(String) });
    expect([...trtc.rooms(sdkAppId).keys()]).toEqual(['123']);
    await expect(client().DismissRoom({ SdkAppId: sdkAppId, RoomId: 123 })).rejects.toMatchObject({
      code: 'FailedOperation.RoomNotExist',
    });
    await client().DismissRoomByStrRoomId({ SdkAppId: sdkAppId, RoomId: '123' });
    expect(trtc.rooms(sdkAppId).size).toBe(0);
    expect(trtc.calls.map(({ command }) => command)).toEqual(['DismissRoom', 'DismissRoom', 'DismissRoomByStrRoomId']);
  });

  test('lose the users that are removed', async () => {
    trtc.rooms(sdkAppId).set(5, new Set(['7', '8']));
    await client().RemoveUser({ SdkAppId: sdkAppId, RoomId: 5, UserIds: ['7'] });
    expect([...(trtc.rooms(sdkAppId).get(5) ?? [])]).toEqual(['8']);
    await expect(client().RemoveUser({ SdkAppId: sdkAppId, RoomId: 5, UserIds: ['7'] })).rejects.toMatchObject({
      code: 'FailedOperation.UserNotExist',
    });
  });

  test('refuse requests of the wrong form', async () => {
    const wrong = (code: string) => expect.objectContaining({ code });
    const textAsNumber = '5' as unknown as number;
    const calls = [
      client().DismissRoom({ SdkAppId: sdkAppId, RoomId: textAsNumber }),
      client().DismissRoom({ SdkAppId: sdkAppId, RoomId: 0 }),
      client().DismissRoom({ SdkAppId: 9, RoomId: 5 }),
      client().RemoveUser({ SdkAppId: sdkAppId, RoomId: 5, UserIds: [] }),
    ];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : 'accepted'))).toEqual([
      wrong('InvalidParameter.RoomId'),
      wrong('InvalidParameter.RoomId'),
      wrong('UnauthorizedOperation.SdkAppId'),
      wrong('InvalidParameter.UserIds'),
    ]);
  });
});

describe('the gateway of the fake TRTC', () => {
  test.each([
    ['another secret key', { secretKey: 'wrong' }, 'AuthFailure.SignatureFailure'],
    ['an unknown secret id', { secretId: 'AKIDother' }, 'AuthFailure.SecretIdNotFound'],
    ['a region without TRTC', { region: 'eu-moscow' }, 'UnsupportedRegion'],
  ])('refuses %s and changes nothing', async (_what, options, code) => {
    trtc.rooms(sdkAppId).set(123, new Set());
    await expect(client(options).DismissRoom({ SdkAppId: sdkAppId, RoomId: 123 })).rejects.toMatchObject({ code });
    expect(trtc.rooms(sdkAppId).size).toBe(1);
  });

  test('refuses a request without a signature', async () => {
    const response = await fetch(trtc.url, { method: 'POST', headers: { 'X-TC-Action': 'DismissRoom' }, body: '{}' });
    expect(await response.json()).toMatchObject({ Response: { Error: { Code: 'AuthFailure.InvalidAuthorization' } } });
  });
});

describe('the failures of the fake TRTC', () => {
  test('answer an error code as often as asked', async () => {
    trtc.rooms(sdkAppId).set(123, new Set());
    trtc.fail({ command: 'DismissRoom', errorCode: 'InternalError', times: 1 });
    const dismiss = () => client().DismissRoom({ SdkAppId: sdkAppId, RoomId: 123 });
    await expect(dismiss()).rejects.toMatchObject({ code: 'InternalError' });
    expect(trtc.rooms(sdkAppId).size).toBe(1);
    await dismiss();
    expect(trtc.rooms(sdkAppId).size).toBe(0);
  });

  test.each([{ httpStatus: 502 }, { garbage: true }, { reset: true }] as const)(
    'break the transport: %j',
    async (failure) => {
      trtc.rooms(sdkAppId).set(123, new Set());
      trtc.fail({ ...failure, applied: true });
      await expect(client().DismissRoom({ SdkAppId: sdkAppId, RoomId: 123 })).rejects.toThrow();
      expect(trtc.rooms(sdkAppId).size).toBe(0);
    },
  );
});
