/**
 * A backend with users of its own. It signs them in by a secret that only it and the service know, so that they need no
 * password there; and it hears of what happens in the rooms by webhooks.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
// In a project of your own: import { verifyWebhook } from 'live-room-client/webhooks';
import { verifyWebhook } from '../../client/dist/webhooks.mjs';

const { SERVICE, TAG, TAG_SECRET, WEBHOOK_SECRET, PORT = '8081' } = process.env;
const MAX_BODY = 1_048_576;

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the app of this user needs: token, userId, sdkAppId and userSig. */
async function signIn(username, nickname) {
  const ts = String(Date.now());
  // Neither the tag nor the nonce may hold a "-", so that what is signed can be read in one way only.
  const nonce = randomBytes(8).toString('hex');
  const signature = createHash('sha256').update(`${username}-${TAG}-${ts}-${nonce}-${TAG_SECRET}`).digest('hex');
  const response = await fetch(`${SERVICE}/base/v1/oauth/signature`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, tag: TAG, ts, nonce, hash: 'sha256', signature, nickname }),
  });
  const { errorCode, errorMessage, data } = await response.json();
  if (errorCode !== 0) throw new Error(errorMessage);
  return data;
}

/** Events seen so far: the same one may be delivered twice. A real backend keeps them where they outlive the process. */
const seen = new Set();

async function hear(request) {
  const event = verifyWebhook(WEBHOOK_SECRET, request.headers, await bodyOf(request));
  if (seen.has(event.id)) return;
  seen.add(event.id);
  console.log(`${event.createdUtc} ${event.type} ${JSON.stringify(event.data)}`);
}

const routes = {
  'POST /login': async (request) => {
    // Here is where your own session says who is asking. The example believes the body.
    const { user } = JSON.parse(await bodyOf(request));
    return signIn(String(user), String(user));
  },
  'POST /hooks': async (request) => {
    await hear(request);
    return {};
  },
};

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return answer(404, {});
  try {
    answer(200, await route(request));
  } catch (error) {
    answer(400, { error: error.message });
  }
});

server.listen(Number(PORT), () => console.log(`listening at ${server.address().port}`));
