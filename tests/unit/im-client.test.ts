/** The client of the IM REST API: the account it signs in with. */
import { createImClient } from '../../src/vendors/tencent/im';
import { createUserSigSigner } from '../../src/vendors/tencent/usersig';
import { startFakeIm } from '../../testkit/fake-im';

const APP = { sdkAppId: 1_400_000_001, secret: 'a-secret-of-the-application-0001' };

test('two administrators of one application sign in with a UserSig each', async () => {
  const im = await startFakeIm(APP);
  const client = createImClient({ endpoint: im.url, signer: createUserSigSigner(), clock: Date.now });
  try {
    await client.check({ ...APP, imAdmin: 'administrator' });
    // Refused only because this IM has another administrator.
    await expect(client.check({ ...APP, imAdmin: 'second' })).rejects.toMatchObject({ code: 60010 });
    await client.check({ ...APP, imAdmin: 'administrator' });
    expect(im.calls).toHaveLength(3);
  } finally {
    await im.stop();
  }
});
