/** What the web app's site says, block by block: each of its lines is expected by hand, and nothing beside it. */
import { expect, test } from 'vitest';
import { caddyfile, linesIn, pathsIn } from '../support/stack-files.ts';

const app = caddyfile('caddy/sites.d/app.caddy');
const APP = '{$APP_DOMAIN}';

/** What it guarantees, the block, all of its lines. */
const blocks: readonly [string, readonly string[], readonly string[]][] = [
  ['there is the app and its refusal of plain HTTP', [], ['(app_headers) {', `${APP} {`, `http://${APP} {`]],
  [
    'it is framed by nobody, and tells other sites no path',
    ['(app_headers)'],
    [`import headers strict-origin-when-cross-origin "base-uri 'self'; object-src 'none'; frame-ancestors 'none'"`],
  ],
  [
    'it has the headers, compression, a log, and is one folder',
    [APP],
    [
      'tls {',
      'import app_headers',
      'import compression',
      'log',
      'root * /srv/web',
      'handle /assets/* {',
      'handle {',
      'handle_errors {',
    ],
  ],
  ['it speaks TLS 1.2 and 1.3 only', [APP, 'tls'], ['protocols tls1.2 tls1.3']],
  ['an asset is a file or missing', [APP, 'handle /assets/*'], ['header {', 'file_server']],
  [
    'one that is there is kept for a year',
    [APP, 'handle /assets/*', 'header'],
    ['>Cache-Control "public, max-age=31536000, immutable"', 'match status 2xx'],
  ],
  [
    'any other path is a file or the page',
    [APP, 'handle'],
    ['header {', 'try_files {path} /index.html', 'file_server'],
  ],
  [
    'a page is never kept',
    [APP, 'handle', 'header'],
    ['Cache-Control "no-cache, no-store, must-revalidate"', 'Pragma no-cache', 'Expires 0'],
  ],
  [
    'an error has the headers too',
    [APP, 'handle_errors'],
    ['import app_headers', 'respond "{err.status_code} {err.status_text}"'],
  ],
  ['its name in plain HTTP is not the app', [`http://${APP}`], ['import plain']],
];

test.each(blocks)('%s', (_, path, lines) => {
  expect(linesIn(app, ...path)).toEqual(lines);
});

test('every block has its row', () => {
  expect(blocks.map(([, path]) => path.join(' > ')).toSorted()).toEqual(
    pathsIn(app)
      .map((path) => path.join(' > '))
      .toSorted(),
  );
});
