/** A clone's `./sealpost` beside an engine that writes down what it is asked, and answers as a stack of two apis would. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * $RUNS is the version of them, $HASH the one of Grafana's settings now, $SERVER the database's version, $NEWER an image that is newer than
 * what runs. What has $FAILING in it fails.
 */
const DOCKER = `#!/bin/sh
case "$*" in *working_dir*) exit ;; esac
words="$*"
words="\${words%% -e import*}"
printf '%s\\n' "\${SEALPOST_VERSION:+$SEALPOST_VERSION|}\${words#compose --progress quiet }" >>"$CALLS"
[ -z "\${FAILING:-}" ] || case "$*" in *"$FAILING"*) exit 7 ;; esac
case "$*" in
  *server_version_num) echo "\${SERVER:-}" ;;
  *'config --images postgres') printf 'sealpost:3.0.0\\npostgres:18\\n' ;;
  *'{{.Service}} {{.Image}} {{.ID}}') printf 'api sealpost:3.0.0 sealpost:next\\ncaddy caddy:2 caddy:2\\npostgres postgres:18 postgres:18\\n' ;;
  'image inspect'*) [ "\${words##* }" = "\${NEWER:-}" ] && echo newer || echo "\${words##* }" ;;
  'inspect --format {{.Image}} '*) echo "\${words##* }" ;;
  *'{{.Image}} api') echo "sealpost:\${RUNS:-3.0.0}" ;;
  *'config --images secrets') echo sealpost:3.0.0 ;;
  *config-hash*) printf 'api a1\\napi a1\\nscheduler s1\\ngrafana g1\\ncaddy c1\\n' ;;
  *'config --hash *') printf 'api a2\\nscheduler s2\\ngrafana %s\\ncaddy c1\\ncli x9\\n' "\${HASH:-g1}" ;;
  *--check) echo 'Changed: JWT_SECRET.' ;;
  *' psql '*) cat >"$CALLS.psql" ;;
  *'ps --quiet api') printf 'old1\\nold2\\n' ;;
esac
`;

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '');

/** It goes with the test. */
export function sealpostBesideFakeStack(words: readonly string[], env: Record<string, string> = {}, input = '') {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-fake-stack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['sealpost', 'services/stack', 'package.json', 'CHANGELOG.md']) {
    cpSync(join(import.meta.dirname, '../..', name), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/docker'), DOCKER);
  chmodSync(join(folder, 'bin/docker'), 0o755);
  const calls = join(folder, 'calls');
  const given = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, CALLS: calls, ...env };
  const ran = spawnSync(join(folder, 'sealpost'), words, { env: given, input, encoding: 'utf8' });
  const asked = read(calls).split('\n').filter(Boolean);
  return { code: ran.status, said: ran.stdout, complained: ran.stderr, calls: asked, psql: read(`${calls}.psql`) };
}

/** What `apply` asks before it changes anything. */
export const lookAtStack = [
  'exec -T api true',
  'ps --all --format {{.Image}} api',
  'config --images secrets',
  'run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --check',
  '3.0.0|run --rm --no-deps -T api node --input-type=module',
  'ps --format {{.Service}} {{.Label "com.docker.compose.config-hash"}}',
  'config --hash *',
  'ps --format {{.Service}} {{.Image}} {{.ID}}',
  'inspect --format {{.Image}} sealpost:next',
  'image inspect --format {{.Id}} sealpost:3.0.0',
  'inspect --format {{.Image}} caddy:2',
  'image inspect --format {{.Id}} caddy:2',
  'inspect --format {{.Image}} postgres:18',
  'image inspect --format {{.Id}} postgres:18',
];
/** New apis beside the old ones, which then go. */
export const rolled = [
  'ps --quiet api',
  'up -d --wait --no-deps --no-recreate --scale api=4 api',
  'stop --timeout 30 old1 old2',
  'rm old1 old2',
];
/** How it takes up what is in .env. */
export const takeUp = [
  'run --rm --no-deps -T secrets',
  'run --rm --no-deps -T migrate',
  ...rolled,
  'up -d --wait --no-deps --force-recreate scheduler receiver',
  'up -d --wait',
  'exec -T caddy caddy reload --config /etc/caddy/Caddyfile',
  'kill --signal HUP prometheus alertmanager',
];
