/** The parts of the OpenAPI document that are not endpoints for apps: health, helloworld and the vendors' webhooks. */

type Json = { [key: string]: unknown };

export const SERVICE_SCHEMAS: Json = {
  CallbackAnswer: {
    type: 'object',
    description: 'IM reads the body; TRTC reads only the HTTP status.',
    required: ['ActionStatus', 'ErrorCode', 'ErrorInfo', 'code'],
    properties: {
      ActionStatus: { enum: ['OK', 'FAIL'] },
      ErrorCode: { type: 'integer' },
      ErrorInfo: { type: 'string' },
      code: { type: 'integer' },
    },
  },
};

function callback(vendor: string, summary: string, description: string): Json {
  const answer = (text: string) => ({
    description: text,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/CallbackAnswer' } } },
  });
  return {
    post: {
      operationId: `${vendor}Callback`,
      tags: ['service'],
      summary,
      description: `${description} Called by the vendor, not by apps.`,
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
      responses: {
        200: answer('Taken.'),
        400: answer('Not a callback of this vendor.'),
        403: answer('Not signed by this vendor, or the webhook is not set up.'),
        503: answer('Could not be stored in time; please send it again.'),
      },
    },
  };
}

/** The pages and probes, besides the endpoints of the contract. */
export function createServicePaths(): Json {
  const health = { $ref: '#/components/schemas/Health' };
  const answer = (description: string) => ({ description, content: { 'application/json': { schema: health } } });
  return {
    '/': {
      get: {
        operationId: 'health',
        tags: ['service'],
        summary: 'Is the service well? 服务是否正常',
        description:
          'For monitors. A browser (Accept: text/html) gets a page instead.\n\n用于监控；浏览器打开时返回网页。',
        responses: {
          200: answer('The configuration is valid and the database responds.'),
          503: answer('SystemError(99): configuration; ServiceDBFailed(103): database.'),
        },
      },
    },
    '/helloworld': {
      get: {
        operationId: 'helloworld',
        tags: ['service'],
        summary: 'Does a request arrive at all? 网关是否正常',
        responses: {
          200: { description: 'HelloWorld', content: { 'text/plain': { schema: { const: 'HelloWorld' } } } },
        },
      },
    },
    '/base/v1/callbacks/im': callback(
      'im',
      'Webhook of IM. IM 回调',
      'IM reports who came on line and went away (State.StateChange). Refused without IM_CALLBACK_TOKEN, the authentication token of the IM console.',
    ),
    '/base/v1/callbacks/trtc': callback(
      'trtc',
      'Webhook of TRTC. TRTC 回调',
      'TRTC reports who entered and left a room. Refused without TRTC_CALLBACK_KEY, the key of the TRTC console.',
    ),
  };
}
