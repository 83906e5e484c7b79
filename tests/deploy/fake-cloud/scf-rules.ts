/** The rules of SCF's parameters that typings do not state; each refuses with the documented code. */
import type {
  Environment,
  InstanceConcurrencyConfig,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { Refusal } from './refusal';

export interface Checked {
  FunctionName?: string;
  Description?: string;
  MemorySize?: number;
  Timeout?: number;
  Handler?: string;
  Runtime?: string;
  Environment?: Environment;
}

const runtimes = ['Nodejs18.15', 'Nodejs20.19'];
const words = /^[A-Za-z0-9 ,.\n\u4e00-\u9fff]{0,1000}$/;

function checkVariables(variables: readonly { Key?: string; Value?: string }[]): void {
  let size = 0;
  for (const { Key = '', Value = '' } of variables) {
    if (!/^[A-Za-z][A-Za-z0-9_]{1,63}$/.test(Key))
      throw new Refusal('InvalidParameterValue.Environment', `the key ${Key}`);
    if (/^(SCF_|QCLOUD_|TENCENTCLOUD_)/.test(Key))
      throw new Refusal('InvalidParameterValue.EnvironmentSystemProtect', Key);
    size += Buffer.byteLength(Key) + Buffer.byteLength(Value);
  }
  if (size > 4096) throw new Refusal('InvalidParameterValue.EnvironmentExceededLimit', 'more than 4 KB');
}

/** Throws Refusal. */
export function checkFunction(request: Checked): void {
  const { FunctionName, Description, MemorySize, Timeout, Handler, Runtime } = request;
  const refuse = (parameter: string) => new Refusal(`InvalidParameterValue.${parameter}`, `${parameter} is not right`);
  if (FunctionName !== undefined && !/^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$/.test(FunctionName))
    throw refuse('FunctionName');
  if (Description !== undefined && !words.test(Description)) throw refuse('Description');
  if (MemorySize !== undefined && MemorySize !== 64 && (MemorySize % 128 !== 0 || MemorySize > 3072))
    throw refuse('MemorySize');
  if (Timeout !== undefined && (Timeout < 1 || Timeout > 900)) throw new Refusal('LimitExceeded.Timeout', 'Timeout');
  if (Handler !== undefined && !/^[A-Za-z][\w-]{0,58}[A-Za-z]\.[A-Za-z][\w-]{0,58}[A-Za-z]$/.test(Handler))
    throw refuse('Handler');
  if (Runtime !== undefined && !runtimes.includes(Runtime)) throw refuse('Runtime');
  checkVariables(request.Environment?.Variables ?? []);
}

/** Throws Refusal. CloudBase's pages say 2 to 100, the SDK 1 to 100: the narrower of the two. */
export function checkConcurrency(config: InstanceConcurrencyConfig | undefined, type: string | undefined): void {
  if (!config) return;
  const { MaxConcurrency = 0 } = config;
  if (type === 'HTTP' && MaxConcurrency >= 2 && MaxConcurrency <= 100) return;
  throw new Refusal('InvalidParameterValue.InstanceConcurrencyConfig', 'web functions, 2 to 100');
}

/** Throws Refusal unless the description of a trigger is as documented for its type. */
export function checkTrigger(type: string, description: string): void {
  const wrong = new Refusal('InvalidParameterValue.TriggerDesc', `the TriggerDesc of ${type} is not right`);
  if (type === 'timer') {
    if (!/^\S+( \S+){6}$/.test(description)) throw wrong;
    return;
  }
  if (type !== 'http') throw new Refusal('InvalidParameterValue.Type', `no triggers of type ${type}`);
  try {
    const { AuthType, NetConfig, CorsConfig } = JSON.parse(description) as {
      AuthType?: string;
      NetConfig?: { EnableExtranet?: unknown };
      CorsConfig?: { Origins?: unknown };
    };
    // If it is given at all, its lists are required (583/100227).
    if (CorsConfig !== undefined && !Array.isArray(CorsConfig.Origins)) throw wrong;
    if (!['NONE', 'CAM'].includes(AuthType ?? '') || typeof NetConfig?.EnableExtranet !== 'boolean') throw wrong;
  } catch {
    throw wrong;
  }
}
