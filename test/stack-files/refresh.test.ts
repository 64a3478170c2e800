/** `./sealpost refresh`: newer images of others, and ours upon them; and what refuses another major version of PostgreSQL. */
import { expect, test } from 'vitest';
import { rolled, sealpostBesideFakeStack as sealpost } from '../support/fake-stack.ts';

const fetched = [
  'exec -T api true',
  'ps --all --format {{.Image}} api',
  'config --images secrets',
  'exec -T api cat package.json',
  'ps --quiet api',
  'inspect --format {{index .Config.Labels "org.opencontainers.image.revision"}} old1',
  'pull --quiet --ignore-buildable',
  'next|build --quiet --pull secrets scheduler',
];
const looked = [
  ...fetched,
  'exec -T -u postgres postgres psql --no-psqlrc -At -d postgres -c show server_version_num',
  'config --images postgres',
  '3.0.0|run --rm --no-deps -T api node --input-type=module',
  'ps --format {{.Service}} {{.Image}} {{.ID}}',
  'inspect --format {{.Image}} sealpost:next',
  'image inspect --format {{.Id}} sealpost:next',
  'inspect --format {{.Image}} caddy:2',
  'image inspect --format {{.Id}} caddy:2',
  'inspect --format {{.Image}} postgres:18',
  'image inspect --format {{.Id}} postgres:18',
].map((call) => call.replace(/^3\.0\.0\|/, 'next|'));
const changed = [
  'config --images secrets',
  'tag sealpost:next sealpost:3.0.0',
  'tag sealpost-tools:next sealpost-tools:3.0.0',
  'run --rm --no-deps -T secrets',
  'run --rm --no-deps -T migrate',
  ...rolled,
  'up -d --wait --scale api=2',
  'exec -T caddy caddy reload --config /etc/caddy/Caddyfile',
  'kill --signal HUP prometheus alertmanager',
  'exec -T api cat package.json',
];

test.each(['caddy:2', 'sealpost:next'])(
  'where %s is newer it says so, asks, and makes anew what is behind it',
  (image) => {
    const { code, said, calls } = sealpost(['refresh', '--yes'], { NEWER: image });
    expect([code, calls]).toEqual([0, [...looked, ...changed]]);
    expect(said).toContain(`Newer images for ${image === 'caddy:2' ? 'caddy' : 'api'}.\n`);
    expect(said).toMatch(/What runs has not been changed yet\. [^]*Refreshed: what runs has the newest images\.\n$/);
    const refused = sealpost(['refresh'], { NEWER: image }, 'no\n');
    expect([refused.code, refused.calls, refused.complained]).toEqual([1, looked, 'Nothing was changed.\n']);
  },
);

test('where every image is the newest it changes nothing', () => {
  const { code, said, calls } = sealpost(['refresh', '--yes']);
  expect([code, calls]).toEqual([0, looked]);
  expect(said).toMatch(/Every image that runs is the newest\. Nothing was changed\.\n$/);
});

test.each([
  ['exec -T api true', fetched.slice(0, 1), 'The stack is not running'],
  ['pull --quiet', fetched.slice(0, 7), 'The images cannot be fetched. What runs was not changed.'],
  ['build --quiet', fetched, 'Our images cannot be built. What runs was not changed.'],
  [
    '--input-type=module',
    looked.slice(0, 11),
    'The new image does not accept these settings. What runs was not changed.',
  ],
])('where "%s" fails, nothing comes after it', (failing, calls, told) => {
  const ran = sealpost(['refresh', '--yes'], { FAILING: failing });
  expect([ran.code, ran.calls]).toEqual([1, calls]);
  expect(ran.complained).toContain(told);
});

test.each([
  ['refresh', '--yes'],
  ['upgrade', '--check'],
])(
  '%s %s refuses a database of another major version before anything is built or changed, and names the way',
  (...words) => {
    const { code, complained, calls } = sealpost(words, { SERVER: '170006', NEWER: 'postgres:18' });
    expect([code, calls.some((call) => /^tag|run --rm|up -d/.test(call))]).toEqual([1, false]);
    expect(complained).toContain('This version runs PostgreSQL 18, which does not read the database of PostgreSQL 17.');
    expect(complained).toContain('The next major version of PostgreSQL.');
  },
);

test.each([['180006'], ['']])('a database of %j is taken as it is', (server) => {
  expect(sealpost(['refresh', '--yes'], { SERVER: server }).code).toBe(0);
});

test('another version than runs is upgraded and not refreshed; other words are refused', () => {
  expect(sealpost(['refresh', '--yes'], { RUNS: '2.0.0' }).complained).toContain('Right would be ./sealpost upgrade');
  expect(sealpost(['refresh', 'now'], {}).complained).toContain('"./sealpost refresh --yes", which does not ask.');
});
