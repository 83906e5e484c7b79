/**
 * The cloud API, typed by the vendor's SDK: one caller per product, with retries for throttling, busy resources and
 * lost connections, and errors worded for people. Independent of the deployed service.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface';
import { Client as CamClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_client';
import { Client as ClsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client';
import { Client as CynosdbClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cynosdb/v20190107/cynosdb_client';
import { Client as ScfClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client';
import { Client as StsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_client';
import { Client as VpcClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client';
import { type Clock, systemClock } from './clock';
import { CloudError, isAbsent, isPassing, isUntouched, UnreachableError } from './cloud-errors';
import type { Credential } from './credentials';

type Method = (request: never, callback?: never) => Promise<unknown>;
type ActionOf<C> = { [K in keyof C]: C[K] extends Method ? K : never }[keyof C] & string;
type RequestOf<C, A extends keyof C> = C[A] extends (request: infer R, ...rest: never[]) => unknown ? R : never;
type ResponseOf<C, A extends keyof C> = C[A] extends (...all: never[]) => Promise<infer R> ? R : never;

/** Calls an action of one product by name: `scf('GetFunction', {…})`. Throws CloudError. */
export type Caller<C> = <A extends ActionOf<C>>(action: A, request: RequestOf<C, A>) => Promise<ResponseOf<C, A>>;

export interface Cloud {
  readonly region: string;
  readonly scf: Caller<ScfClient>;
  readonly cynosdb: Caller<CynosdbClient>;
  readonly vpc: Caller<VpcClient>;
  readonly cls: Caller<ClsClient>;
  readonly cam: Caller<CamClient>;
  readonly sts: Caller<StsClient>;
}

export interface CloudOptions {
  readonly credential: Credential;
  readonly region: string;
  /** `http://127.0.0.1:8000` instead of each product's own address. */
  readonly endpoint?: string | undefined;
  /** How long an unreachable cloud is tried, in milliseconds. Default 10,000. */
  readonly unreachableFor?: number;
  readonly clock?: Clock;
}

/** A refusal that can pass is repeated for this long, in milliseconds; a function that is being updated stays busy for seconds. */
const retryFor = 60_000;
const requestSeconds = 60;

function clientConfig({ credential, region, endpoint }: CloudOptions): ClientConfig {
  const httpProfile: NonNullable<NonNullable<ClientConfig['profile']>['httpProfile']> = { reqTimeout: requestSeconds };
  if (endpoint !== undefined) {
    const url = new URL(endpoint);
    httpProfile.endpoint = url.host;
    httpProfile.protocol = `${url.protocol}//`;
    // The agent keeps loopback traffic out of http_proxy.
    httpProfile.agent = url.protocol === 'https:' ? new HttpsAgent() : new HttpAgent();
  }
  return { credential, region, profile: { httpProfile, language: 'en-US' } };
}

interface SdkError {
  message: string;
  code: string;
  requestId: string;
  httpCode: number;
}

function sdkError(error: unknown): SdkError {
  const fields = new Map<string, unknown>(Object.entries(error instanceof Error ? error : {}));
  return {
    message: error instanceof Error ? error.message : String(error),
    code: String(fields.get('code') ?? ''),
    requestId: String(fields.get('requestId') ?? ''),
    httpCode: Number(fields.get('httpCode') ?? 0),
  };
}

/** Sent again after it was done, each of these would make, and sell, a second one; the next deploy finds the first by name. */
const unrepeatable = new Set(['cynosdb:CreateClusters', 'vpc:CreateVpc', 'vpc:CreateSubnet', 'scf:PublishVersion']);

/** `name`: `scf:GetFunction`. */
function mayRepeat(name: string, { code, httpCode }: SdkError): boolean {
  if (code !== '') return unrepeatable.has(name) ? isUntouched(code) : isPassing(name, code);
  return !unrepeatable.has(name) && (httpCode === 0 || httpCode >= 500);
}

function refusal(name: string, failure: SdkError, repeatedFor: number): Error {
  if (failure.code !== '') return new CloudError({ ...failure, action: name, repeatedFor });
  const status = failure.httpCode === 0 ? failure.message : `HTTP ${failure.httpCode} ${failure.message}`;
  return new UnreachableError(
    `${name}: the cloud API could not be reached (${status}). Check the network and any proxy.`,
  );
}

function caller<C extends object>(product: string, create: () => C, options: CloudOptions): Caller<C> {
  const { unreachableFor = 10_000, clock = systemClock } = options;
  let client: C | undefined;
  return async (action, request) => {
    client ??= create();
    const target = client;
    // The mapped types above guarantee that this property is a method that takes this request.
    const method = target[action] as unknown as (this: C, body: unknown) => Promise<never>;
    const name = `${product}:${action}`;
    const began = clock.now();
    for (let [pause, sent] = [300, 1]; ; pause = Math.min(pause * 2, 5000), sent += 1) {
      try {
        return await method.call(target, request);
      } catch (error) {
        const failure = sdkError(error);
        const patience = failure.code === '' ? unreachableFor : retryFor;
        const passed = clock.now() - began;
        if (!mayRepeat(name, failure) || passed + pause > patience)
          throw refusal(name, failure, sent === 1 ? 0 : passed);
      }
      await clock.sleep(pause * (0.75 + Math.random() / 2));
    }
  };
}

export function createCloud(options: CloudOptions): Cloud {
  const config = clientConfig(options);
  return {
    region: options.region,
    scf: caller('scf', () => new ScfClient(config), options),
    cynosdb: caller('cynosdb', () => new CynosdbClient(config), options),
    vpc: caller('vpc', () => new VpcClient(config), options),
    cls: caller('cls', () => new ClsClient(config), options),
    cam: caller('cam', () => new CamClient(config), options),
    sts: caller('sts', () => new StsClient(config), options),
  };
}

/** The response, or undefined if the resource does not exist. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
