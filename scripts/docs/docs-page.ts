/** The body of /docs: the whole contract as one page in English and Chinese, made from the contract. No script needed. */
import {
  ALL_ERRORS,
  ENDPOINTS,
  type EndpointInfo,
  exampleInput,
  type JsonSchema,
  type ParameterInfo,
} from './endpoints';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function both({ en, zh }: { en: string; zh: string }): string {
  return `<span class="en">${escapeHtml(en)}</span><span class="zh">${escapeHtml(zh)}</span>`;
}

function typeOf({ docs, required }: ParameterInfo): string {
  const range = docs.type === 'integer' && docs.minimum !== undefined ? ` ${docs.minimum}–${docs.maximum}` : '';
  const length = docs.maxLength === undefined ? '' : ` ≤ ${docs.maxLength}`;
  const need = required ? `<b class="need">${both({ en: 'required', zh: '必填' })}</b>` : '';
  return `${docs.type}${range}${length} ${need}`;
}

function row(name: string, type: string, text: string): string {
  return `<div class="row"><dt><code>${escapeHtml(name)}</code> <small>${type}</small></dt><dd>${text}</dd></div>`;
}

function parameters(endpoint: EndpointInfo): string {
  const rows = endpoint.parameters.map((one) => row(one.name, typeOf(one), both(one.docs))).join('');
  return `<dl>${rows}</dl>`;
}

function fieldsOf(schema: JsonSchema): string {
  const { items } = schema;
  if (items && typeof items === 'object' && !Array.isArray(items)) return fieldsOf(items);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { type = '', description = '' } = typeof property === 'boolean' ? {} : property;
    return row(name, String(type), escapeHtml(description));
  });
  return `<dl>${rows.join('')}</dl>`;
}

function json(value: unknown): string {
  return `<pre tabindex="0">${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

function curl(endpoint: EndpointInfo): string {
  const body = JSON.stringify(exampleInput(endpoint));
  // For the shell, not for us: the reader sets SERVER once.
  const address = `"\${SERVER}${endpoint.path.slice(1)}"`;
  return `<pre tabindex="0">${escapeHtml(`curl ${address} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`)}</pre>`;
}

function errors(endpoint: EndpointInfo): string {
  const links = endpoint.errors.map(
    ({ code, name }) => `<a class="code" href="#error-${code}"><b>${code}</b> ${name}</a>`,
  );
  return `<p class="codes">${links.join('')}</p>`;
}

const heading = (en: string, zh: string) => `<h4>${both({ en, zh })}</h4>`;

function section(endpoint: EndpointInfo): string {
  const answer = {
    errorCode: 0,
    errorMessage: endpoint.okMessage,
    ...(endpoint.data && { data: endpoint.exampleData }),
  };
  return `<article id="${endpoint.call}">
<h3>${both(endpoint.summary)}</h3>
<p class="path"><span class="method">GET</span><span class="method">POST</span><code>${endpoint.path}</code></p>
<p>${both(endpoint.notes)}</p>
${heading('Parameters', '参数')}
${parameters(endpoint)}
${curl(endpoint)}
${heading('Answer', '应答')}
${json(answer)}
${endpoint.data ? `<details><summary>${both({ en: 'Fields of data', zh: 'data 的字段' })}</summary>${fieldsOf(endpoint.data)}</details>` : ''}
${heading('Errors', '错误码')}
${errors(endpoint)}
</article>`;
}

const AREAS = [
  { area: 'oauth', en: 'Registering and signing in', zh: '注册和登录' },
  { area: 'auth_users', en: 'The signed-in user', zh: '用户' },
  { area: 'rooms', en: 'Live rooms', zh: '房间' },
];

function navigation(): string {
  const groups = AREAS.map((group) => {
    const links = ENDPOINTS.filter(({ area }) => area === group.area).map(
      ({ call, summary }) => `<li><a href="#${call}"><code>${call}</code> <small>${both(summary)}</small></a></li>`,
    );
    return `<li><b>${both(group)}</b><ul>${links.join('')}</ul></li>`;
  });
  const more = `<li><a href="#rules">${both({ en: 'Rules of every call', zh: '通用规则' })}</a></li><li><a href="#client">${both({ en: 'Client for TypeScript', zh: 'TypeScript 客户端' })}</a></li><li><a href="#errors">${both({ en: 'Error codes', zh: '错误码' })}</a></li>`;
  return `<nav><details class="contents"><summary>${both({ en: 'Contents', zh: '目录' })}</summary><ul>${more}${groups.join('')}</ul></details></nav>`;
}

const RULES: readonly { en: string; zh: string }[] = [
  {
    en: 'Every call takes GET and POST. Parameters come in the query, in a form or in a JSON object; the query wins. Unknown names are ignored, and an empty text counts as absent unless said otherwise.',
    zh: '所有接口支持 GET 和 POST。参数可以放在 query、表单或 JSON 对象中，query 优先。未知参数会被忽略；除特别说明外，空字符串等于不传。',
  },
  {
    en: 'Every answer is HTTP 200 with one JSON object. errorCode 0 is success; data is absent where there is none. On errors, codeStr holds the name of the code.',
    zh: '所有应答都是 HTTP 200 和一个 JSON 对象。errorCode 为 0 表示成功；没有数据时不返回 data。出错时 codeStr 是错误码的名称。',
  },
  {
    en: 'requestId names the request in the log of the service: quote it when you report a problem.',
    zh: 'requestId 可以在服务日志中查到这次请求，反馈问题时请带上。',
  },
  {
    en: 'A call with a token names its caller by userId (else apaasUserId) and token. 203 and 204 mean: sign in again.',
    zh: '需要登录的接口用 userId（或 apaasUserId）和 token 表示调用者。返回 203 或 204 时请重新登录。',
  },
  {
    en: 'Times are UTC, written 2021-09-12 16:00:00.',
    zh: '时间都是 UTC，格式为 2021-09-12 16:00:00。',
  },
];

const SIGNING = `const md5 = require('md5');
const salt = md5(\`\${username}-\${password}\`);            // register
const signature = md5(\`\${username}-\${tag}-\${ts}-\${nonce}-\${salt}\`); // signature`;

const CLIENT = `import { LiveRoomClient } from 'live-room/client';

const client = new LiveRoomClient({ baseUrl: 'https://example.com/' });
await client.register('alice', 'secret');
const { userId, sdkAppId, userSig } = await client.signIn({ username: 'alice', password: 'secret' });
await client.api.enterRoom({ roomId: userId, role: 'anchor', title: 'Hello' });
const rooms = await client.api.queryRoom({ limit: 20 });`;

function rules(): string {
  const items = RULES.map((rule) => `<li>${both(rule)}</li>`).join('');
  return `<section id="rules"><h2>${both({ en: 'Rules of every call', zh: '通用规则' })}</h2><ul>${items}</ul>
${heading('The server', '服务地址')}<pre tabindex="0">SERVER=https://example.com/ # ${both({ en: 'with its final slash', zh: '以斜杠结尾' })}</pre>
${heading('Signing', '签名')}<pre tabindex="0">${escapeHtml(SIGNING)}</pre></section>
<section id="client"><h2>${both({ en: 'Client for TypeScript and JavaScript', zh: 'TypeScript / JavaScript 客户端' })}</h2>
<p>${both({ en: 'For browsers and Node.js: typed calls, the signature, the keepalive and a fresh token at start.', zh: '支持浏览器和 Node.js：带类型的接口、签名、自动心跳、启动时刷新 token。' })}</p>
<pre tabindex="0">${escapeHtml(CLIENT)}</pre></section>`;
}

function errorTable(): string {
  const rows = ALL_ERRORS.map(
    ({ code, name, text, remedy }) =>
      `<div class="row" id="error-${code}"><dt><b>${code}</b> <code>${name}</code></dt><dd>${both(text)}<p class="soft">${both(remedy)}</p></dd></div>`,
  );
  return `<section id="errors"><h2>${both({ en: 'Error codes', zh: '错误码' })}</h2><dl>${rows.join('')}</dl></section>`;
}

/** What goes between the marks of web/docs.html. */
export function createDocsBody(): string {
  const areas = AREAS.map((group) => {
    const articles = ENDPOINTS.filter(({ area }) => area === group.area).map(section);
    return `<section id="${group.area}"><h2>${both(group)}</h2>${articles.join('')}</section>`;
  });
  return `${navigation()}<div class="content">${rules()}${areas.join('')}${errorTable()}</div>`;
}
