/** The vendor's SDK for review of texts. Built as dist/review-client.js, outside of the bundle, and loaded when first used. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tms/v20201229/tms_client';
import type { TextModerationRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tms/v20201229/tms_models';
import type { CloudCall } from './cloud-error';

// Given an agent, the SDK ignores http_proxy, which would send even local calls away.
const agents = { 'http://': new HttpAgent({ keepAlive: true }), 'https://': new HttpsAgent({ keepAlive: true }) };

/** Throws the SDK's error, whose `code` is the vendor's. */
export async function moderateText(call: CloudCall, request: TextModerationRequest) {
  const { endpoint, protocol, region, credentials, timeoutMs } = call;
  const reqTimeout = Math.max(1, Math.ceil(timeoutMs / 1000));
  const client = new Client({
    credential: credentials,
    region,
    profile: { httpProfile: { endpoint, protocol, reqTimeout, agent: agents[protocol] } },
  });
  return client.TextModeration(request);
}
