/** `./sealpost apply`: what it looks at before it changes anything, in which order it changes, and what it refuses. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A stack of two apis; $RUNS is the version of them, $HASH the one of Grafana's settings now. What has $FAILING in it fails. */
const DOCKER = `#!/bin/sh
case "$*" in *working_dir*) exit ;; esac
words="$*"
words="\${words%% -e import*}"
printf '%s\\n' "\${SEALPOST_VERSION:+$SEALPOST_VERSION|}\${words#compose --progress quiet }" >>"$CALLS"
[ -z "\${FAILING:-}" ] || case "$*" in *"$FAILING"*) exit 7 ;; esac
case "$*" in
  *'{{.Image}} api') echo "sealpost:\${RUNS:-3.0.0}" ;;
  *'config --images secrets') echo sealpost:3.0.0 ;;
  *config-hash*) printf 'api a1\\napi a1\\nscheduler s1\\ngrafana g1\\ncaddy c1\\n' ;;
  *'config --hash *') printf 'api a2\\nscheduler s2\\ngrafana %s\\ncaddy c1\\ncli x9\\n' "\${HASH:-g1}" ;;
  *--check) echo 'Changed: JWT_SECRET.' ;;
  *'ps --quiet api') printf 'old1\\nold2\\n' ;;
esac
`;

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealpost-apply-'));
  for (const name of ['sealpost', 'services/stack']) {
    cpSync(join(import.meta.dirname, '../..', name), at(name), { recursive: true });
  }
  mkdirSync(at('bin'));
  writeFileSync(at('bin/docker'), DOCKER);
  chmodSync(at('bin/docker'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function sealpost(words: readonly string[], env: Record<string, string> = {}, input = '') {
  const given = { PATH: `${at('bin')}:${process.env.PATH}`, CALLS: at('calls'), ...env };
  const ran = spawnSync(at('sealpost'), words, { env: given, input, encoding: 'utf8' });
  const calls = existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trimEnd().split('\n') : [];
  return { code: ran.status, said: ran.stdout, complained: ran.stderr, calls };
}

const look = [
  'exec -T api true',
  'ps --all --format {{.Image}} api',
  'config --images secrets',
  'run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --check',
  '3.0.0|run --rm --no-deps -T api node --input-type=module',
  'ps --format {{.Service}} {{.Label "com.docker.compose.config-hash"}}',
  'config --hash *',
];
const change = [
  'run --rm --no-deps -T secrets',
  'run --rm --no-deps -T migrate',
  'ps --quiet api',
  'up -d --wait --no-deps --no-recreate --scale api=4 api',
  'stop --timeout 30 old1 old2',
  'rm old1 old2',
  'up -d --wait --no-deps --force-recreate scheduler receiver',
  'up -d --wait',
  'exec -T caddy caddy reload --config /etc/caddy/Caddyfile',
  'kill --signal HUP prometheus alertmanager',
];

test('it looks first, then writes the secrets, gives the role its password, rolls the apis, and makes scheduler and receiver anew', () => {
  const { code, said, calls } = sealpost(['apply', '--yes']);
  expect([code, calls]).toEqual([0, [...look, ...change]]);
  expect(said).toBe(`Changed: JWT_SECRET.
To be made anew: api, beside what runs, so that no request fails; then scheduler and receiver.
Nothing has been changed yet.
Applied: what runs has the settings and secrets of .env.
`);
});

test('what else would be made anew is named before anything is changed', () => {
  const { said } = sealpost(['apply', '--yes'], { HASH: 'g2' });
  expect(said).toMatch(/Also grafana, whose own settings have changed: [^]*Nothing has been changed yet\./);
});

test.each([
  ['', false],
  ['no\n', false],
  ['yes\n', true],
])('asked and answered %j', (answer, goes) => {
  const { code, complained, calls } = sealpost(['apply'], {}, answer);
  expect([code, calls]).toEqual(goes ? [0, [...look, ...change]] : [1, look]);
  if (!goes) expect(complained).toBe('Nothing was changed.\n');
});

/** What fails or is so, what is said, and how many commands were given by then. */
const refusals: readonly [string, Record<string, string>, number][] = [
  ['The stack is not running', { FAILING: 'exec -T api true' }, 1],
  ['Compose does not accept these settings', { FAILING: 'config --images' }, 3],
  ['Version 2.0.0 runs, and this clone has 3.0.0', { RUNS: '2.0.0' }, 3],
  ['These settings are not accepted', { FAILING: '--check' }, 4],
  ['The api does not accept these settings', { FAILING: 'input-type=module' }, 5],
];

test.each(refusals)('%s: it ends there, and nothing is changed', (words, env, asked) => {
  const { code, complained, calls } = sealpost(['apply', '--yes'], env);
  expect([code, calls]).toEqual([1, look.slice(0, asked)]);
  expect(complained).toContain(words);
});

test.each([
  ['-T migrate', 1],
  ['--no-recreate', 3],
  ['force-recreate', 6],
])('where "%s" fails, nothing comes after it', (failing, n) => {
  const { code, said, calls } = sealpost(['apply', '--yes'], { FAILING: failing });
  expect([code, calls.at(-1)]).toEqual([7, change[n]]);
  expect(said).not.toContain('Applied');
});

test('another word is refused', () => {
  const { code, complained, calls } = sealpost(['apply', 'now']);
  expect([code, calls]).toEqual([1, []]);
  expect(complained).toContain('"./sealpost apply --yes", which does not ask');
});
