/** What serverless.yml may say under `provider:`. The framework checks it and names the path of every mistake. */
import type { JsonSchema } from './framework';
import { regions } from './regions';

/** Short enough for every name it becomes part of. */
export const stagePattern = '^[a-z][a-z0-9-]{0,19}$';

const object = (properties: Record<string, unknown>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const integer = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });

export const providerSchema: JsonSchema = object({
  stage: { type: 'string', pattern: stagePattern },
  region: { enum: regions },
  zone: { type: 'string', pattern: '^[a-z]+(-[a-z]+)+-[0-9]+$' },
  functionType: { enum: ['web', 'event'] },
  runtime: { type: 'string', pattern: '^Nodejs[0-9]+\\.[0-9]+$' },
  // Which numbers is said by settings.ts: the framework would not name them.
  memorySize: { type: 'integer' },
  timeout: integer(10, 900),
  // One request per instance is what functionType event is for; 1 here is a special case that the vendor's pages disagree on.
  concurrency: integer(2, 100),
  role: { type: 'string', pattern: '^[A-Za-z0-9_+=,.@-]{1,128}$' },
  database: { enum: ['serverless', 'existing'] },
  cluster: object({
    version: { enum: ['5.7', '8.0'] },
    minCpu: { type: 'number', minimum: 0.25 },
    maxCpu: { type: 'number', minimum: 0.25 },
    pauseAfterSeconds: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    storageLimitGb: integer(10, 100_000),
    securityGroups: { type: 'array', items: { type: 'string', pattern: '^sg-[a-z0-9]+$' } },
  }),
  domain: object(
    {
      name: { type: 'string', pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$' },
      certificate: { type: 'string', pattern: '^[A-Za-z0-9]{4,40}$' },
      http: { type: 'boolean' },
    },
    ['name', 'certificate'],
  ),
  vpc: object(
    {
      vpcId: { type: 'string', pattern: '^vpc-[a-z0-9]+$' },
      subnetId: { type: 'string', pattern: '^subnet-[a-z0-9]+$' },
    },
    ['vpcId', 'subnetId'],
  ),
  logs: object({ retentionDays: integer(1, 3600) }),
  timer: { type: 'string', pattern: '^\\S+( \\S+){6}$' },
});

/** Functions follow from `functionType`; none are listed in serverless.yml. */
export const functionSchema: JsonSchema = object({});
