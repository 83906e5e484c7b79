import { X509Certificate } from 'node:crypto';
import { choice, integer, SettingError, secret, setting, text } from '../setting';

const needs = 'MYSQL_HOST';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** PEM with real line breaks, or with \\n as an environment file may need. */
function checkCertificates(value: unknown): string {
  const found = String(value).replaceAll('\\n', '\n').match(CERTIFICATE) ?? [];
  try {
    for (const pem of found) new X509Certificate(pem);
  } catch {
    found.length = 0;
  }
  if (found.length === 0) throw new SettingError('must be certificates as PEM');
  return found.join('\n');
}

export const database = {
  title: {
    en: 'Database: MySQL 5.7 or 8.0 where MYSQL_HOST is set, else an embedded SQLite file',
    zh: '数据库：设置 MYSQL_HOST 则使用 MySQL 5.7 或 8.0，否则使用内嵌的 SQLite 文件',
  },
  settings: {
    mysqlHost: text('MYSQL_HOST', '', {
      en: 'Address of the MySQL server: `host` or `host:port`; of a cluster several, with commas between them: the first that accepts writes is used. `sls deploy` makes a server and sets all of these.',
      zh: 'MySQL 服务器地址：`host` 或 `host:port`。集群可填多个，用逗号分隔，使用其中第一个可写的。`sls deploy` 会创建数据库并设置以下各项。',
      pattern: /^[^\s,]+(\s*,\s*[^\s,]+)*$/,
      rule: 'must be host or host:port, several with commas between them',
    }),
    mysqlPort: integer('MYSQL_PORT', 3306, { en: 'Its port.', zh: '端口。', min: 1, max: 65_535, needs }),
    mysqlUser: text('MYSQL_USER', 'root', {
      en: 'Its user.',
      zh: '用户名。',
      needs,
      mistakenFor: ['MYSQL_USERNAME'],
    }),
    mysqlPassword: secret('MYSQL_PASSWORD', '', {
      en: "The user's password.",
      zh: '密码。',
      raw: true,
      needs,
      mistakenFor: ['MYSQL_PASS'],
    }),
    mysqlDatabase: text('MYSQL_DB', 'live_room', {
      en: 'The database; made if it is missing.',
      zh: '数据库名，不存在时自动创建。',
      pattern: /^[A-Za-z0-9_-]{1,64}$/,
      rule: 'must be letters, digits, _ or -',
      needs,
      mistakenFor: ['MYSQL_DATABASE'],
    }),
    mysqlTls: choice('MYSQL_TLS', 'off', {
      of: ['off', 'on', 'verify'],
      en: 'TLS to the server. on: encrypted, the certificate is not checked. verify: the certificate must be valid and of a trusted authority, and, if MYSQL_HOST is a name, be for that name. If it is not set, a warning says at every start that the connection is not encrypted.',
      zh: '到数据库的 TLS。on：加密，不校验证书。verify：证书须有效且由受信任的机构签发；MYSQL_HOST 为域名时还须与之相符。未设置时每次启动都会警告连接未加密。',
      needs,
    }),
    mysqlCa: setting<string>({
      name: 'MYSQL_CA',
      fallback: '',
      check: checkCertificates,
      range: { en: 'PEM', zh: 'PEM' },
      about: {
        en: 'Authorities that MYSQL_TLS=verify trusts instead of those of Node.js: certificates as PEM, with line breaks or with \\n in their place.',
        zh: 'MYSQL_TLS=verify 信任的证书颁发机构，代替 Node.js 自带的：PEM 证书，可用换行或 \\n。',
        needs: 'MYSQL_TLS',
      },
    }),
    mysqlPoolSize: integer('MYSQL_POOL_SIZE', null, {
      en: 'Connections of one process: 10, and 1 in an event function.',
      zh: '单个进程的连接数：默认 10，事件函数默认 1。',
      min: 1,
      max: 500,
      shown: '10',
      needs,
    }),
    migrate: choice('MIGRATE', 'auto', {
      of: ['auto', 'manual'],
      en: 'auto: a process that finds an older schema upgrades it. manual: it returns 103 until `npx live-room migrate --apply` has run.',
      zh: 'auto：进程发现旧的表结构时自动升级。manual：返回 103，直到执行 `npx live-room migrate --apply`。',
    }),
    sqlitePath: text('SQLITE_PATH', '.data/live-room.sqlite', {
      en: 'The file of the embedded database.',
      zh: '内嵌数据库的文件。',
      local: true,
    }),
  },
};
