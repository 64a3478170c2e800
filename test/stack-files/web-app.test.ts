/** What the web app's site says, block by block: each of its lines is expected by hand, and nothing beside it. */
import { expect, test } from 'vitest';
import { caddyfile, linesIn, pathsIn } from '../support/stack-files.ts';

const app = caddyfile('caddy/sites.d/app.caddy');
const APP = '{$APP_DOMAIN}';
const ENDING = '(?:[.][a-z][0-9a-z]{0,6}){1,3}$';

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
      '@hidden {',
      'handle @hidden {',
      '@hashed {',
      'handle @hashed {',
      '@file {',
      'handle @file {',
      '@missing path /assets/* /.well-known/*',
      'handle @missing {',
      'handle {',
      'handle_errors {',
    ],
  ],
  ['it speaks TLS 1.2 and 1.3 only', [APP, 'tls'], ['protocols tls1.2 tls1.3']],
  [
    'what begins with a dot is hidden, but for what is well known',
    [APP, '@hidden'],
    ['path_regexp /\\.', 'not path_regexp ^/\\.well-known(?:/[^./][^/]*)+$'],
  ],
  ['what is hidden is missing', [APP, 'handle @hidden'], ['error 404']],
  [
    'a hash in a file’s name is eight or more hexadecimal digits with letters, or eight of base 64 that are no word',
    [APP, '@hashed'],
    [
      'file',
      'not path *.html',
      'expression <<CEL',
      `path_regexp("[/._-][0-9a-f]{8,64}${ENDING}")`,
      `&& path_regexp("[/._-][0-9a-f]*(?:[0-9][a-f]|[a-f][0-9])[0-9a-f]*${ENDING}")`,
      `|| path_regexp("[/._-][0-9A-Za-z_]{8}${ENDING}")`,
      `&& path_regexp("[0-9][A-Za-z_][0-9A-Za-z_]{0,6}${ENDING}")`,
      `&& path_regexp("[A-Z][0-9A-Za-z_]{0,7}${ENDING}")`,
      'CEL',
    ],
  ],
  [
    'a file with a hash in its name is kept for a year',
    [APP, 'handle @hashed'],
    ['header Cache-Control "public, max-age=31536000, immutable"', 'file_server'],
  ],
  ['any other that is no page', [APP, '@file'], ['file', 'not path */ *.html']],
  ['is asked for again', [APP, 'handle @file'], ['header Cache-Control no-cache', 'file_server']],
  ['a missing asset is missing', [APP, 'handle @missing'], ['error 404']],
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
