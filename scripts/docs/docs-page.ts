/** The body of /docs: the whole contract as one page in English and Chinese, made from the contract. Reads without a script. */
import { curlOf } from '../../web/shared/mask';
import { type Chapter, FIRST_CHAPTERS, LAST_CHAPTERS } from './docs-chapters';
import { operatorsLinks, operatorsSection } from './docs-operators';
import {
  ALL_ERRORS,
  ENDPOINTS,
  type EndpointInfo,
  exampleInput,
  type JsonSchema,
  type ParameterInfo,
} from './endpoints';
import { ADDRESS, both, escapeHtml, example, heading, parameterRow, row } from './html';

function typeOf({ docs }: ParameterInfo): string {
  const range = docs.type === 'integer' && docs.minimum !== undefined ? ` ${docs.minimum}–${docs.maximum}` : '';
  const length = docs.maxLength === undefined ? '' : ` ≤ ${docs.maxLength}`;
  return `${docs.type}${range}${length}`;
}

function parameters(endpoint: EndpointInfo): string {
  const rows = endpoint.parameters.map((one) => parameterRow(one.name, typeOf(one), one.required, one.docs)).join('');
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

function curl(endpoint: EndpointInfo): string {
  return example(curlOf({ url: `${ADDRESS}${endpoint.path.slice(1)}`, body: exampleInput(endpoint) }));
}

function errors(endpoint: EndpointInfo): string {
  const links = endpoint.errors.map(
    ({ code, name }) => `<a class="code" href="#error-${code}"><b>${code}</b> ${name}</a>`,
  );
  return `<p class="codes">${links.join('')}</p>`;
}

function section(endpoint: EndpointInfo): string {
  const answer = {
    errorCode: 0,
    errorMessage: endpoint.okMessage,
    ...(endpoint.data && { data: endpoint.exampleData }),
  };
  return `<article id="${endpoint.call}" data-find aria-labelledby="${endpoint.call}-head">
<h3 id="${endpoint.call}-head">${both(endpoint.summary)}</h3>
<p class="path"><span class="method">GET</span><span class="method">POST</span><code>${endpoint.path}</code></p>
<p>${both(endpoint.notes)}</p>
${heading(4, 'Parameters', '参数')}
${parameters(endpoint)}
${curl(endpoint)}
${heading(4, 'Answer', '响应')}
${example(JSON.stringify(answer, null, 2))}
${endpoint.data ? `<details><summary>${both({ en: 'Fields of data', zh: 'data 的字段' })}</summary>${fieldsOf(endpoint.data)}</details>` : ''}
${heading(4, 'Errors', '错误码')}
${errors(endpoint)}
</article>`;
}

const AREAS = [
  { area: 'oauth', en: 'Registering and signing in', zh: '注册和登录' },
  { area: 'auth_users', en: 'The signed-in user', zh: '用户' },
  { area: 'rooms', en: 'Live rooms', zh: '房间' },
];

const SEARCH = `<div class="search"><label for="search">${both({ en: 'Search', zh: '搜索' })}</label>
<input id="search" type="search" autocomplete="off" spellcheck="false"><p id="found" class="soft" role="status"></p>
<ol id="hits"></ol></div>`;

const chapterLink = ({ id, title }: Chapter) => `<li><a href="#${id}">${both(title)}</a></li>`;

/** The page's script adds the heading of each call to its link. */
function navigation(): string {
  const groups = AREAS.map((group) => {
    const links = ENDPOINTS.filter(({ area }) => area === group.area).map(
      ({ call }) => `<li><a href="#${call}"><code>${call}</code></a></li>`,
    );
    return `<li><b>${both(group)}</b><ul>${links.join('')}</ul></li>`;
  });
  const errorsLink = `<li><a href="#errors">${both({ en: 'Error codes', zh: '错误码' })}</a></li>`;
  const chapters = [FIRST_CHAPTERS, LAST_CHAPTERS].map((list) => list.map(chapterLink).join(''));
  const links = [chapters[0], ...groups, operatorsLinks(), chapters[1], errorsLink].join('');
  return `<nav aria-label="Contents · 目录">${SEARCH}<details class="contents"><summary>${both({ en: 'Contents', zh: '目录' })}</summary><ul>${links}</ul></details></nav>`;
}

function chapter({ id, title, html }: Chapter): string {
  return `<section id="${id}" data-find><h2>${both(title)}</h2>${html}</section>`;
}

function errorTable(): string {
  const rows = ALL_ERRORS.map(
    ({ code, name, text, remedy }) =>
      `<div class="row" id="error-${code}" data-find><dt><b>${code}</b> <code>${name}</code></dt><dd>${both(text)}<p class="soft">${both(remedy)}</p></dd></div>`,
  );
  return `<section id="errors"><h2>${both({ en: 'Error codes', zh: '错误码' })}</h2><dl>${rows.join('')}</dl></section>`;
}

/** The body of web/docs/docs.html. */
export function createDocsBody(): string {
  const areas = AREAS.map((group) => {
    const articles = ENDPOINTS.filter(({ area }) => area === group.area).map(section);
    return `<section id="${group.area}"><h2>${both(group)}</h2>${articles.join('')}</section>`;
  });
  const chapters = (list: readonly Chapter[]) => list.map(chapter).join('');
  return `${navigation()}<main class="content">${chapters(FIRST_CHAPTERS)}${areas.join('')}${operatorsSection()}${chapters(LAST_CHAPTERS)}${errorTable()}</main>`;
}
