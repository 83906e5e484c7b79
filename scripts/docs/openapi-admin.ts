/** The operators' part of the OpenAPI document: a key as bearer token, and real HTTP statuses. */
import { ADMIN_CALLS, type AdminInfo, type AdminParameter, adminExample } from './admin';

type Json = { [key: string]: unknown };

export const ADMIN_SECURITY: Json = {
  operatorKey: { type: 'http', scheme: 'bearer', description: "An operator's key, lrk_…. 运营密钥。" },
};

export const ADMIN_TAG = { name: 'admin', description: 'For operators. 运营管理' };

function schemaOf({ docs, required }: AdminParameter): Json {
  const { type, minimum, maximum, maxLength, pattern, words } = docs;
  if (words) return { type: 'string', enum: words };
  if (type === 'string[]') return { type: 'array', items: { type: 'string' } };
  return {
    type,
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(type === 'string' && required && { minLength: 1 }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  };
}

const described = (parameter: AdminParameter): Json => ({
  ...schemaOf(parameter),
  description: `${parameter.docs.en} ${parameter.docs.zh}`,
});

function bodySchema({ parameters }: AdminInfo): Json {
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, described(parameter)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}

const META = {
  requestId: { type: 'string', description: 'Names the request in the log. 日志中的请求 ID。' },
  version: { type: 'string', description: 'Version of the service. 服务的版本。' },
};

function success(call: AdminInfo): Json {
  const data = call.data && { data: call.data };
  const schema = {
    type: 'object',
    required: ['errorCode', 'errorMessage', ...(call.data ? ['data'] : []), 'requestId', 'version'],
    properties: { errorCode: { const: 0 }, errorMessage: { type: 'string' }, ...data, ...META },
  };
  const envelope = { errorCode: 0, errorMessage: '', ...(call.data && { data: call.exampleData }) };
  const example = { ...envelope, requestId: '3f6c2f0e-6a5d-4c0e-9f0e-0d4b1b7f8a11', version: '1.0.0' };
  return { description: 'Done. 成功。', content: { 'application/json': { schema, example } } };
}

const refusals: Readonly<Record<string, string>> = {
  400: 'A parameter is missing, wrong or unknown; the text names it. 参数错误。',
  401: 'No key, or not one of an operator. 密钥无效。',
  403: 'The scope or the tenant does not allow it. 权限不足。',
  404: 'There is no such thing. 不存在。',
  409: 'Not as things are. 与当前状态冲突。',
  429: 'Too many wrong keys; wait a minute. 请稍后再试。',
  503: 'The configuration is wrong, or the database failed. 配置错误或数据库故障。',
};

const failed = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

function operation(call: AdminInfo, operationId: string): Json {
  const { summary, notes, scope } = call;
  const responses = Object.entries(refusals).map(([status, text]) => [status, failed(text)]);
  return {
    operationId,
    tags: [ADMIN_TAG.name],
    summary: `${summary.en} ${summary.zh}`,
    description: `${notes.en}\n\n${notes.zh}\n\nScope: ${scope}.`,
    security: [{ operatorKey: [] }],
    responses: { 200: success(call), ...Object.fromEntries(responses) },
  };
}

function pathItem(call: AdminInfo): Json {
  const id = `admin${call.name.charAt(0).toUpperCase()}${call.name.slice(1)}`;
  const content = { 'application/json': { schema: bodySchema(call), example: adminExample(call) } };
  const required = call.parameters.some((parameter) => parameter.required);
  const post = { ...operation(call, id), requestBody: { required, content } };
  if (call.changes || call.parameters.some(({ docs }) => docs.type === 'object')) return { post };
  const parameters = call.parameters.map((parameter) => ({
    name: parameter.name,
    in: 'query',
    required: parameter.required,
    description: `${parameter.docs.en} ${parameter.docs.zh}`,
    schema: schemaOf(parameter),
  }));
  return { post, get: { ...operation(call, `${id}ByGet`), parameters } };
}

export function createAdminPaths(): Json {
  return Object.fromEntries(ADMIN_CALLS.map((call) => [call.path, pathItem(call)]));
}
