/** The web app's folder: what of it is served, and how long a client may keep it, told by each file's own name. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answered, ask } from './support/ask.ts';
import { type Edge, startEdge } from './support/edge-alone.ts';

const run = promisify(execFile);
const APP = 'app.localhost';

const FOR_GOOD = 'public, max-age=31536000, immutable';
const ASKED_AGAIN = 'no-cache';
const NEVER_KEPT = 'no-cache, no-store, must-revalidate';

/** How long each file of the folder is kept; what is not served has no time. */
const files: readonly (readonly [string, string | undefined])[] = [
  ['index.html', NEVER_KEPT],
  ['pages/main.3f2a1b4c.html', NEVER_KEPT],
  ['assets/index-BxY3k9aD.js', FOR_GOOD],
  ['assets/index-BxY3k9aD.js.map', FOR_GOOD],
  ['static/js/main.3f2a1b4c.chunk.js', FOR_GOOD],
  ['framework-2c16ac744b6cdea6.js', FOR_GOOD],
  ['main-5PAW2MZR.js', FOR_GOOD],
  ['_nuxt/DqJ8bYxK.js', FOR_GOOD],
  ['assets/app.js', ASKED_AGAIN],
  ['assets/my-component.js', ASKED_AGAIN],
  ['assets/user-mainMenu.js', ASKED_AGAIN],
  ['assets/banner-1920x1080.png', ASKED_AGAIN],
  ['assets/photo-20261128.jpg', ASKED_AGAIN],
  ['assets/hero-iPhone15.png', ASKED_AGAIN],
  ['assets/deadbeef.css', ASKED_AGAIN],
  ['robots.txt', ASKED_AGAIN],
  ['.well-known/assetlinks.json', ASKED_AGAIN],
  ['.well-known/.secret', undefined],
  ['.env', undefined],
  ['.git/config', undefined],
  ['assets/.hidden-3f2a1b4c.js', undefined],
];

let edge: Edge;
beforeAll(async () => {
  const web = Object.fromEntries(files.map(([name]) => [`web/${name}`, `this is ${name}`]));
  edge = await startEdge({ APP_DOMAIN: APP, WEB_ROOT: './web' }, web);
});
afterAll(() => edge?.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
  ask({ host: APP, path, ca: edge.ca, headers });

test.each(files)('%s', async (name, kept) => {
  const { status, text, headers } = await get(`/${name === 'index.html' ? '' : name}`);
  const expected = kept ? [200, `this is ${name}`, kept] : [404, '404 Not Found', undefined];
  expect([status, text, headers['cache-control']]).toEqual(expected);
});

test.each(['/%2eenv', '/x/..%2f.env', '/.git/', '/assets/none-BxY3k9aD.js', '/.well-known/none'])(
  '%s is missing, and never the page',
  async (path) => {
    const { status, text, headers } = await get(path);
    expect([status, text, headers['cache-control']]).toEqual([404, '404 Not Found', undefined]);
  },
);

test('the page in the place of a missing file is never kept, whatever the name', async () => {
  const { status, text, headers } = await get('/static/js/gone.3f2a1b4c.js');
  expect([status, text, headers['cache-control']]).toEqual([200, 'this is index.html', NEVER_KEPT]);
});

test('a file that is asked for again is sent again only where it has changed', async () => {
  const { headers } = await get('/assets/app.js');
  expect((await get('/assets/app.js', { 'If-None-Match': String(headers.etag) })).status).toBe(304);
});

test.each([
  ['WEB_ROOT', './misspelt', 'caddy'],
  ['MAIL_TEMPLATES', './misspelt', 'api'],
  ['DATABASE_CA', './misspelt.pem', 'api'],
])('a %s that is not there is refused, named, and not made', async (setting, value, service) => {
  const env = { ...process.env, COMPOSE_PROJECT_NAME: edge.project, [setting]: value };
  const args = ['compose', '--progress', 'quiet', 'create', '--no-build', '--force-recreate', service];
  const refused = run('docker', args, { cwd: edge.folder, env });
  await expect(refused).rejects.toThrow(`bind source path does not exist: ${join(edge.folder, value)}`);
  expect(await readdir(edge.folder)).not.toContain(value.slice(2));
  // What ran goes on.
  expect((await get('/robots.txt')).status).toBe(200);
});
