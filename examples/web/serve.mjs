/** Serves this folder, and the client as the build makes it. Any other static server does as well. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const FILES = {
  '/': ['./index.html', 'text/html; charset=utf-8'],
  '/app.mjs': ['./app.mjs', 'text/javascript; charset=utf-8'],
  '/media.mjs': ['./media.mjs', 'text/javascript; charset=utf-8'],
  '/live-room-client.mjs': ['../../client/dist/index.mjs', 'text/javascript; charset=utf-8'],
};

export const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const [file, type] = FILES[pathname] ?? [];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  const text = await readFile(new URL(file, import.meta.url)).catch(() => undefined);
  if (text) response.writeHead(200, { 'content-type': type }).end(text);
  else response.writeHead(503).end('run npm run build first');
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  server.listen(Number(process.env.PORT ?? 8080), () => console.log(`http://localhost:${server.address().port}/`));
}
