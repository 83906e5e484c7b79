/** The OpenAPI 3.1 document of the service, made from the contract. docs/openapi.json and /openapi.json are this. */
import { needsToken } from '../../src/contract/endpoint';
import {
  ALL_ERRORS,
  ENDPOINTS,
  type EndpointInfo,
  type ErrorInfo,
  exampleInput,
  type JsonSchema,
  type ParameterInfo,
} from './endpoints';
import { ADMIN_SECURITY, ADMIN_TAG, createAdminPaths } from './openapi-admin';
import { createServicePaths, SERVICE_SCHEMAS } from './openapi-service';
import { createWebhooks, WEBHOOK_SCHEMAS, WEBHOOKS_TAG } from './openapi-webhooks';

type Json = { [key: string]: unknown };

const INTRODUCTION = `The backend of a live-streaming app: accounts, sign-in, UserSig, live rooms and presence.

* Every endpoint takes **GET and POST**. Parameters come in the query, in a form body or in a JSON body; the query wins. Unknown names are ignored, and an empty text counts as absent unless said otherwise.
* Every answer below \`/base/v1\` is **HTTP 200** with one JSON object; \`errorCode\` 0 is success. \`data\` is absent if there is none.
* A call with a token names its caller by \`userId\` (else \`apaasUserId\`) and \`token\`, as parameters.
* A path may have one more segment in front (a stage, for example \`/release/base/v1/…\`).

每个接口都支持 GET 和 POST，参数可以放在 query、form 或 JSON 中。所有响应都是 HTTP 200，errorCode 为 0 表示成功。`;

function parameterSchema({ docs, required, allowEmpty }: ParameterInfo): Json {
  if (docs.type === 'integer') {
    return { type: 'integer', ...range(docs) };
  }
  if (docs.type === 'string[]') return { type: 'array', items: { type: 'string' } };
  if (docs.words && docs.closed) return { type: 'string', enum: docs.words };
  // Words with a meaning; other words are accepted too.
  if (docs.words) return { anyOf: [{ enum: docs.words }, { type: 'string', maxLength: docs.maxLength }] };
  return {
    type: 'string',
    ...(required && !allowEmpty && { minLength: 1 }),
    ...(docs.maxLength !== undefined && { maxLength: docs.maxLength }),
    ...(docs.pattern !== undefined && { pattern: docs.pattern }),
  };
}

function range({ minimum, maximum }: ParameterInfo['docs']): Json {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

function exampleOf({ docs }: ParameterInfo): Json {
  return docs.example === undefined || docs.example === '' ? {} : { example: docs.example };
}

/** The required parameters of a generated client: also the caller, which the service accepts under other names too. */
function isRequired(endpoint: EndpointInfo, { name, required }: ParameterInfo): boolean {
  return required || (name === 'userId' && needsToken(endpoint));
}

function queryParameter(endpoint: EndpointInfo, parameter: ParameterInfo): Json {
  const list = parameter.docs.type === 'string[]';
  return {
    name: parameter.name,
    in: 'query',
    required: isRequired(endpoint, parameter),
    description: `${parameter.docs.en} ${parameter.docs.zh}`,
    schema: parameterSchema(parameter),
    ...(list && { style: 'form', explode: true }),
    ...exampleOf(parameter),
  };
}

function bodySchema(endpoint: EndpointInfo): Json {
  const required = endpoint.parameters.filter((parameter) => isRequired(endpoint, parameter)).map(({ name }) => name);
  const properties = endpoint.parameters.map((parameter): [string, Json] => [
    parameter.name,
    { ...parameterSchema(parameter), description: `${parameter.docs.en} ${parameter.docs.zh}` },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

/** The named schemas, so that a room is one thing in the document. */
const NAMED = new Map<string, JsonSchema>();
for (const [name, endpoint] of [
  ['SignIn', 'signature'],
  ['Room', 'roomDetail'],
] as const) {
  const schema = ENDPOINTS.find((one) => one.name === endpoint)?.data;
  if (schema) NAMED.set(name, schema);
}

function dataSchema(schema: JsonSchema): Json {
  const text = JSON.stringify(schema);
  for (const [name, known] of NAMED) {
    if (text === JSON.stringify(known)) return { $ref: `#/components/schemas/${name}` };
  }
  const { items } = schema;
  if (items && typeof items === 'object' && !Array.isArray(items)) return { ...schema, items: dataSchema(items) };
  return { ...schema };
}

const ANSWER_FIELDS = {
  requestId: { type: 'string', description: 'Names the request in the log. 日志中的请求 ID。' },
  version: { type: 'string', description: 'Version of the service. 服务的版本。' },
};

function successSchema(endpoint: EndpointInfo): Json {
  return {
    title: 'Success',
    type: 'object',
    required: ['errorCode', 'errorMessage', ...(endpoint.data ? ['data'] : []), 'requestId', 'version'],
    properties: {
      errorCode: { const: 0 },
      errorMessage: { const: endpoint.okMessage },
      ...(endpoint.data && { data: dataSchema(endpoint.data) }),
      ...ANSWER_FIELDS,
    },
  };
}

function errorSchema(endpoint: EndpointInfo): Json {
  return {
    title: 'Error',
    allOf: [
      { $ref: '#/components/schemas/Error' },
      {
        type: 'object',
        properties: {
          errorCode: { enum: endpoint.errors.map(({ code }) => code) },
          codeStr: { enum: endpoint.errors.map(({ name }) => name) },
        },
      },
    ],
  };
}

const EXAMPLE_META = { requestId: '3f6c2f0e-6a5d-4c0e-9f0e-0d4b1b7f8a11', version: '1.0.0' };

function answerExamples(endpoint: EndpointInfo): Json {
  const success = {
    errorCode: 0,
    errorMessage: endpoint.okMessage,
    ...(endpoint.data && { data: endpoint.exampleData }),
    ...EXAMPLE_META,
  };
  const errors = endpoint.errors.map(({ name }) => [name, { $ref: `#/components/examples/${name}` }]);
  return Object.fromEntries([['success', { summary: 'success', value: success }], ...errors]);
}

function errorExample({ name, code, text }: ErrorInfo): [string, Json] {
  const value = { errorCode: code, errorMessage: `${name}(${code}): ${text.en}`, codeStr: name, ...EXAMPLE_META };
  return [name, { summary: `${code}: ${text.en} ${text.zh}`, value }];
}

function response(endpoint: EndpointInfo): Json {
  const codes = endpoint.errors.map(({ name, code }) => `${name}(${code})`).join(', ');
  return {
    description: `Success, or one of: ${codes}.`,
    content: {
      'application/json': {
        schema: { oneOf: [successSchema(endpoint), errorSchema(endpoint)] },
        examples: answerExamples(endpoint),
      },
    },
  };
}

function operation(endpoint: EndpointInfo, operationId: string): Json {
  const { summary, notes } = endpoint;
  return {
    operationId,
    tags: [endpoint.area],
    summary: `${summary.en} ${summary.zh}`,
    description: `${notes.en}\n\n${notes.zh}`,
    ...(needsToken(endpoint) && { security: [{ userToken: [] }] }),
    responses: { 200: { $ref: `#/components/responses/${endpoint.name}` } },
  };
}

const USER_SECURITY: Json = {
  userToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: 'Of a sign-in; as a parameter, in the query or the body. 登录返回的 token，作为参数传递。',
  },
};

const inputName = ({ name }: EndpointInfo) => `${name}Input`;

function pathItem(endpoint: EndpointInfo): Json {
  const schema = { $ref: `#/components/schemas/${inputName(endpoint)}` };
  const example = exampleInput(endpoint);
  const { responses: answers, ...common } = operation(endpoint, endpoint.name);
  return {
    post: {
      ...common,
      requestBody: {
        required: endpoint.parameters.some(({ required }) => required),
        content: {
          'application/json': { schema, example },
          'application/x-www-form-urlencoded': { schema, example },
        },
      },
      responses: answers,
    },
    get: {
      ...operation(endpoint, `${endpoint.name}ByGet`),
      parameters: endpoint.parameters.map((parameter) => queryParameter(endpoint, parameter)),
    },
  };
}

function components(): Json {
  const envelope = {
    errorCode: { type: 'integer', description: '0 = success. 0 表示成功。' },
    errorMessage: { type: 'string', description: 'Short, readable, free of secrets. 简短的说明。' },
    ...ANSWER_FIELDS,
  };
  return {
    schemas: {
      ...Object.fromEntries(NAMED),
      ...Object.fromEntries(ENDPOINTS.map((endpoint) => [inputName(endpoint), bodySchema(endpoint)])),
      Error: {
        type: 'object',
        required: ['errorCode', 'errorMessage', 'codeStr', 'requestId', 'version'],
        properties: {
          ...envelope,
          errorCode: {
            type: 'integer',
            enum: ALL_ERRORS.map(({ code }) => code),
            description: ALL_ERRORS.map(({ code, name, text }) => `* ${code} ${name}: ${text.en} ${text.zh}`).join(
              '\n',
            ),
          },
          codeStr: { type: 'string', enum: ALL_ERRORS.map(({ name }) => name) },
          reason: {
            type: 'string',
            description:
              'Only if the user is banned or kicked, or an operator ended the broadcast: why. 仅在用户被封禁、踢出或直播被强制结束时返回：原因。',
          },
          untilUtc: {
            type: 'string',
            description:
              "With a ban or kick: when it ends, UTC; '' = permanently, or until the broadcast ends. 封禁、踢出的结束时间（UTC）；为空表示永久，或到本场直播结束。",
          },
          untilBroadcastEnds: {
            type: 'boolean',
            description: 'Whether a kick ends with the broadcast. 是否到本场直播结束。',
          },
          sanctionId: {
            type: 'string',
            description:
              "What reports/appeal takes; '' = nothing to appeal against. 用于 reports/appeal；为空表示无法申诉。",
          },
          detail: {
            type: 'object',
            description:
              'Calls of operators only: the text of errorMessage in both languages. 仅运营接口：中英文说明。',
            required: ['en', 'zh'],
            properties: { en: { type: 'string' }, zh: { type: 'string' } },
          },
        },
      },
      ...SERVICE_SCHEMAS,
      ...WEBHOOK_SCHEMAS,
      Health: {
        type: 'object',
        required: ['errorCode', 'errorMessage', 'requestId', 'version'],
        properties: envelope,
      },
    },
    securitySchemes: { ...USER_SECURITY, ...ADMIN_SECURITY },
    responses: Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint.name, response(endpoint)])),
    examples: Object.fromEntries(
      ALL_ERRORS.filter(({ name }) => ENDPOINTS.some(({ errors }) => errors.some((error) => error.name === name))).map(
        errorExample,
      ),
    ),
  };
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: Json;
  servers: readonly Json[];
  security: readonly Json[];
  tags: readonly Json[];
  paths: { [path: string]: { [method: string]: Json } };
  webhooks: { [type: string]: { post: Json } };
  components: Json;
}

export function createOpenApi(version: string): OpenApiDocument {
  const paths = ENDPOINTS.map((endpoint): [string, Json] => [endpoint.path, pathItem(endpoint)]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'live-room',
      version,
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative to the URL of the document, so that it works under a stage and on a laptop.
    servers: [{ url: '.', description: 'The service of this document' }],
    security: [],
    tags: [
      { name: 'oauth', description: 'Registering and signing in. 注册和登录' },
      { name: 'auth_users', description: 'The signed-in user. 用户' },
      { name: 'rooms', description: 'Live rooms. 房间' },
      ADMIN_TAG,
      { name: 'service', description: 'The service itself. 服务' },
      WEBHOOKS_TAG,
    ],
    // Built from pathItem, whose values are objects by method.
    paths: { ...Object.fromEntries(paths), ...createAdminPaths(), ...createServicePaths() } as OpenApiDocument['paths'],
    webhooks: createWebhooks(),
    components: components(),
  };
}
