/** A machine before the first start, for `./sealpost check`: a clone, free ports, and an engine that is what a test says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './local.ts';

const root = join(import.meta.dirname, '../..');

/** Answers as an engine would that the environment describes, and writes down what it is asked. */
const DOCKER = `#!/bin/sh
echo "$*" | tr '\\n' ' ' >>"$CALLS"; echo >>"$CALLS"
case "$*" in
  --version) exit "\${DOCKER_CODE:-0}" ;;
  version*) [ "$ENGINE" != none ] && echo "$ENGINE" ;;
  'compose version'*) [ "$COMPOSE" != none ] && echo "$COMPOSE" ;;
  'compose config --quiet') [ -z "\${CONFIG_SAID:-}" ] || { echo "$CONFIG_SAID" >&2; exit 1; } ;;
  'image inspect'*) [ -n "\${BUILT:-}" ] ;;
  run*) [ "$BUILT" = yes ] || exit 125; for last; do :; done; cd "$ROOT" && exec node --input-type=module -e "$last" ;;
  ps*) printf '%s\\n' "\${HELD:-}" ;;
  'info --format {{.MemTotal}}') echo "\${MEMORY:-4294967296}" ;;
  'info --format {{.DockerRootDir}}') echo / ;;
  'network ls'*) echo one ;;
  'network inspect'*) printf '%s\\n' "\${NETWORKS:-bridge - 172.17.0.0/16}" ;;
  *) exit 9 ;;
esac
`;
const DF = `#!/bin/sh
echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
for last; do :; done
if [ "$last" = / ]; then echo "x 1 1 \${FREE:-20971520} 1% /"; else echo "x 1 1 \${FREE_BACKUPS:-20971520} 1% /"; fi
`;
const GETENT = `#!/bin/sh
[ "$2" = api.example.test ] && echo '192.0.2.7  api.example.test'
`;

const CLONE = [
  'sealpost',
  'services/stack',
  '.env.example',
  'compose.yaml',
  'compose.modes.yaml',
  'caddy',
  'grafana',
  'prometheus',
  'services/backup/postgresql',
];
const PORTS = ['HTTP_PORT', 'HTTPS_PORT', 'MAILBOX_PORT', 'GRAFANA_PORT'];

export type Checked = Readonly<{
  code: number | null;
  said: string;
  /** What is wrong, a sentence each. */
  wrong: readonly string[];
  /** What docker was asked. */
  calls: readonly string[];
}>;

/** It goes with the test. */
export async function openMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of CLONE) cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  for (const [name, text] of Object.entries({ docker: DOCKER, df: DF, getent: GETENT })) {
    writeFileSync(join(folder, 'bin', name), text);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const ports = await Promise.all(PORTS.map(async () => String(await freePort())));
  return { folder, ports, check };

  /** With free ports in .env, and these lines after them. */
  async function check(lines: readonly string[] = [], env: Record<string, string> = {}): Promise<Checked> {
    const calls = join(folder, 'calls');
    writeFileSync(join(folder, '.env'), `${[...PORTS.map((name, n) => `${name}=${ports[n]}`), ...lines].join('\n')}\n`);
    const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
    const machine = {
      PATH,
      CALLS: calls,
      ROOT: root,
      ENGINE: '28.5.2+dfsg4',
      COMPOSE: '2.40.3-3',
      IF_INET6: '/dev/null',
      ...env,
    };
    const child = spawn(join(folder, 'sealpost'), ['check'], { cwd: tmpdir(), env: machine });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    const wrong = said.split('\n').filter((line) => line.startsWith('wrong'));
    const asked = readFileSync(calls, 'utf8').trim().split('\n');
    return { code, said, wrong: wrong.map((line) => line.slice(9)), calls: asked };
  }
}
