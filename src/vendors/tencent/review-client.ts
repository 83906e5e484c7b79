/** The vendor's SDK for review of texts and pictures. Built as dist/review-client.js, outside of the bundle, and loaded when first used. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client as ImsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ims/v20201229/ims_client';
import type { ImageModerationRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ims/v20201229/ims_models';
import { Client as TmsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tms/v20201229/tms_client';
import type { TextModerationRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tms/v20201229/tms_models';
import type { CloudCall } from './cloud-error';

// Given an agent, the SDK ignores http_proxy, which would send even local calls away.
const agents = { 'http://': new HttpAgent({ keepAlive: true }), 'https://': new HttpsAgent({ keepAlive: true }) };

function configOf({ endpoint, protocol, region, credentials, timeoutMs }: CloudCall) {
  const reqTimeout = Math.max(1, Math.ceil(timeoutMs / 1000));
  return {
    credential: credentials,
    region,
    profile: { httpProfile: { endpoint, protocol, reqTimeout, agent: agents[protocol] } },
  };
}

/** Throws the SDK's error, whose `code` is the vendor's. */
export async function moderateText(call: CloudCall, request: TextModerationRequest) {
  return new TmsClient(configOf(call)).TextModeration(request);
}

/** Throws the SDK's error, whose `code` is the vendor's. */
export async function moderateImage(call: CloudCall, request: ImageModerationRequest) {
  return new ImsClient(configOf(call)).ImageModeration(request);
}
