/**
 * The vendor's SDK for what sign-in by code and uploads call: captcha, SMS, SES and STS, in one file since they share the
 * SDK's core. Built as a separate file, dist/codes-client.js, and loaded on first use.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client as CaptchaClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/captcha/v20190722/captcha_client';
import type {
  DescribeCaptchaMiniResultRequest,
  DescribeCaptchaResultRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/captcha/v20190722/captcha_models';
import { Client as SesClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ses/v20201002/ses_client';
import type { SendEmailRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ses/v20201002/ses_models';
import { Client as SmsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sms/v20210111/sms_client';
import type { SendSmsRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sms/v20210111/sms_models';
import { Client as StsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_client';
import type { GetFederationTokenRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_models';
import type { CloudCall } from './cloud-error';

// Passing an agent keeps the SDK from using http_proxy, even for local calls.
const agents = { 'http://': new HttpAgent({ keepAlive: true }), 'https://': new HttpsAgent({ keepAlive: true }) };

function settings({ endpoint, protocol, region, credentials, timeoutMs }: CloudCall) {
  const reqTimeout = Math.max(1, Math.ceil(timeoutMs / 1000));
  return {
    credential: credentials,
    region,
    profile: { httpProfile: { endpoint, protocol, reqTimeout, agent: agents[protocol] } },
  };
}

// Each throws the SDK's error, whose `code` is the vendor's.

export async function askCaptcha(call: CloudCall, request: DescribeCaptchaResultRequest) {
  return (await new CaptchaClient(settings(call)).DescribeCaptchaResult(request)).CaptchaCode;
}

export async function askMiniCaptcha(call: CloudCall, request: DescribeCaptchaMiniResultRequest) {
  return (await new CaptchaClient(settings(call)).DescribeCaptchaMiniResult(request)).CaptchaCode;
}

/** What became of the one message: `Ok`, or the vendor's code. */
export async function sendSms(call: CloudCall, request: SendSmsRequest) {
  return (await new SmsClient(settings(call)).SendSms(request)).SendStatusSet?.[0]?.Code;
}

export async function sendMail(call: CloudCall, request: SendEmailRequest): Promise<void> {
  await new SesClient(settings(call)).SendEmail(request);
}

export async function federationToken(call: CloudCall, request: GetFederationTokenRequest) {
  return new StsClient(settings(call)).GetFederationToken(request);
}
