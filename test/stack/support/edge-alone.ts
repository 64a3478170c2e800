/** The edge of a fresh clone without the stack behind it, and a stand-in of the api that does what a request's path says. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Answered, ask, type Asked } from './ask.ts';
import { type Files, freshClone } from './clone.ts';
import { startStandIn } from './stand-in.ts';

const run = promisify(execFile);

/**
 * /seen: how often each "METHOD path" was taken on. /once/…: the connection breaks at the first request, the second is answered.
 * /never/…: it breaks always. /hang/…: no answer. /size/N: N bytes. /given: the request's headers. /own: headers of its own.
 */
const ROUTES = String.raw`
  const seen = (globalThis.seen ??= {});
  const what = request.method + ' ' + request.url;
  if (request.url !== '/seen') seen[what] = (seen[what] ?? 0) + 1;
  let body = '';
  request.setEncoding('utf8').on('data', (part) => (body += part)).on('error', () => {}).on('end', () => {
    const [, kind, rest] = request.url.split('/');
    response.setHeader('X-Request-Id', 'id-of-' + rest);
    if (kind === 'never' || (kind === 'once' && seen[what] === 1)) return request.socket.destroy();
    if (kind === 'hang') return;
    if (kind === 'size') return response.setHeader('Content-Type', 'text/plain').end('x'.repeat(Number(rest)));
    if (kind === 'given') return response.end(JSON.stringify(request.headers));
    if (kind === 'static') return response.writeHead(rest === 'there' ? 200 : 404, { 'Cache-Control': 'no-store' }).end();
    if (kind === 'own') {
      const own = { 'X-Frame-Options': 'SAMEORIGIN', 'X-Content-Type-Options': 'sniff', 'X-XSS-Protection': '0' };
      const policies = { 'Referrer-Policy': 'origin', 'Content-Security-Policy': 'of-the-api' };
      return response.writeHead(200, { ...own, ...policies, 'Strict-Transport-Security': 'max-age=0', Server: 'api', Via: 'api' }).end();
    }
    response.end(JSON.stringify(kind === 'seen' ? seen : { length: body.length }));
  });
`;

export type Edge = Awaited<ReturnType<typeof startEdge>>;

/** `settings` are those of .env; `files` the operator's, by path. */
export async function startEdge(settings: Readonly<Record<string, string>> = {}, files: Files = {}) {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  const folder = await freshClone({ ...files, '.env': lines.join('') });
  const project = `sealpost-${randomBytes(4).toString('hex')}`;
  const environment = { ...process.env, COMPOSE_PROJECT_NAME: project };
  const removals: (() => Promise<void>)[] = [];
  try {
    await compose('up', '-d', '--wait', '--no-deps', 'caddy');
    const standIn = await startStandIn(project, ROUTES);
    removals.push(standIn.remove);
    const ca = await compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt');
    const answer = (asked: Asked): Promise<Answered> => ask({ ca, ...asked });
    return { folder, project, ca, compose, answer, seen, addDeaf, removeStandIn: standIn.remove, stop };

    /** How often the stand-in took on a request of this method and path. */
    async function seen(what: string): Promise<number> {
      return Number((await answer({ path: '/seen' })).body[what] ?? 0);
    }
  } catch (error) {
    await stop();
    throw error;
  }

  async function compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker', ['compose', '--progress', 'quiet', ...args], {
      cwd: folder,
      env: environment,
    });
    return stdout;
  }

  /** One more api by name, on whose port nobody listens. */
  async function addDeaf(): Promise<void> {
    removals.push((await startStandIn(project, '', 3999)).remove);
  }

  async function stop(): Promise<void> {
    await Promise.all(removals.map((remove) => remove()));
    await compose('down', '-v');
    await rm(folder, { recursive: true, force: true });
  }
}
