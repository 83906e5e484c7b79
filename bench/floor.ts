/**
 * The floor: what any service on this machine pays for one statement. A bare node:http server that runs one primary-key
 * UPDATE (/update?n) or SELECT (/select?n) through the same driver and pool size as the service, and nothing else; or not
 * even that (/http), which is what node.js itself costs.
 */
import { createServer } from 'node:http';
import { createPool } from 'mysql2';

const env = process.env;
const pool = createPool({
  host: env['MYSQL_HOST'] ?? '127.0.0.1',
  port: Number(env['MYSQL_PORT']),
  user: env['MYSQL_USER'] ?? '',
  password: env['MYSQL_PASSWORD'] ?? '',
  database: env['MYSQL_DB'] ?? '',
  connectionLimit: Number(env['MYSQL_POOL_SIZE'] ?? 10),
});

const UPDATE = 'UPDATE bench_floor SET a = ?, b = ? WHERE id = ?';
const SELECT = 'SELECT id, a, b FROM bench_floor WHERE id = ?';

const server = createServer((request, reply) => {
  const [path = '', query = '1'] = (request.url ?? '').split('?');
  const id = Number(query);
  const done = (error?: unknown) => {
    const body = JSON.stringify({ errorCode: error ? 103 : 0 });
    reply.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    reply.end(body);
  };
  if (path === '/http') done();
  else if (path === '/update') pool.execute(UPDATE, [Date.now(), Math.trunc(Math.random() * 1e9), id], done);
  else pool.execute(SELECT, [id], done);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stderr.write(`listens at http://localhost:${typeof address === 'object' ? address?.port : ''}/\n`);
});
