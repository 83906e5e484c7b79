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
  // The service that the page talks to; `npm start` listens at 9000.
  const service = process.env.LIVE_ROOM_URL ?? 'http://localhost:9000/';
  const url = () => `http://localhost:${server.address().port}/?service=${encodeURIComponent(service)}`;
  server.listen(Number(process.env.PORT ?? 8080), () => console.log(url()));
}
