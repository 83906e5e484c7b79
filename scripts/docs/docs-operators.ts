/** The operators' API on the docs page: how it differs from that of the apps, and every call. */
import { curlOf } from '../../web/shared/mask';
import { ADMIN_CALLS, type AdminInfo, type AdminParameter, adminExample } from './admin';
import { ADDRESS, both, example, heading, list, parameterRow, type Words } from './html';

export const OPERATORS_TITLE: Words = { en: 'Operators', zh: '运营管理' };

const RULES: readonly Words[] = [
  {
    en: 'POST with a JSON object, or GET with a query for calls that only read. The key goes into Authorization: Bearer lrk_….',
    zh: 'POST JSON 对象；只读接口也可以用 GET 和 query。密钥放在 Authorization: Bearer lrk_… 中。',
  },
  {
    en: 'The envelope is that of all calls, with real HTTP statuses: 400 a wrong parameter (named), 401 the key, 403 the scope, 404, 409, 429, 503. Unknown parameters are refused.',
    zh: '响应格式与其他接口相同，但使用真实的 HTTP 状态码：400 参数错误（会指明），401 密钥，403 权限，404，409，429，503。未知参数会被拒绝。',
  },
  {
    en: 'Scopes: read looks, moderate also acts, manage also has keys, webhooks and the audit. Without ADMIN_KEY and without operators every call answers 404.',
    zh: '权限：read 只能查看，moderate 还可以处理，manage 还可以管理密钥、Webhook 和操作日志。未设置 ADMIN_KEY 且没有运营账号时，所有接口返回 404。',
  },
  {
    en: 'Lists take limit (1–200) and cursor, and answer items and the next cursor, empty at the end.',
    zh: '列表接口使用 limit（1–200）和 cursor，返回 items 和下一个 cursor，末页为空。',
  },
];

function parameter({ name, required, docs }: AdminParameter): string {
  return parameterRow(name, docs.type, required, docs);
}

function curl(call: AdminInfo): string {
  const body = call.lines ? '{"username": "alice"}' : adminExample(call);
  return example(curlOf({ url: `${ADDRESS}${call.path.slice(1)}`, key: 'lrk_…', body }));
}

const idOf = ({ call }: AdminInfo) => `admin-${call}`;

function article(call: AdminInfo): string {
  const { path, summary, notes, scope, changes, lines, parameters, data, exampleData } = call;
  const methods = changes ? ['POST'] : ['GET', 'POST'];
  const answer = data ? `${heading(4, 'data', 'data')}${example(JSON.stringify(exampleData, null, 2))}` : '';
  return `<article id="${idOf(call)}" data-find${lines ? ' data-lines' : ''} aria-labelledby="${idOf(call)}-head">
<h3 id="${idOf(call)}-head">${both(summary)}</h3>
<p class="path">${methods.map((method) => `<span class="method">${method}</span>`).join('')}<code>${path}</code> <span class="method">${scope}</span></p>
<p>${both(notes)}</p>
${heading(4, 'Parameters', '参数')}<dl>${parameters.map(parameter).join('')}</dl>
${curl(call)}${answer}
</article>`;
}

export function operatorsLinks(): string {
  const links = ADMIN_CALLS.map((one) => `<li><a href="#${idOf(one)}"><code>${one.call}</code></a></li>`);
  return `<li><b>${both(OPERATORS_TITLE)}</b><ul>${links.join('')}</ul></li>`;
}

export function operatorsSection(): string {
  const rules = `<article id="admin-rules" data-find aria-labelledby="admin-rules-head">
<h3 id="admin-rules-head">${both({ en: 'Rules of these calls', zh: '通用规则' })}</h3>${list(RULES)}</article>`;
  return `<section id="operators"><h2>${both(OPERATORS_TITLE)}</h2>${rules}${ADMIN_CALLS.map(article).join('')}</section>`;
}
