/** `./sealpost logs`: which log is asked for, newest last over all containers, and what counts as an error. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const DOCKER = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  'compose config --services') printf '%s\\n' postgres api caddy scheduler mailbox migrate secrets ;;
  'compose ps --quiet') exit "\${ENGINE_CODE:-0}" ;;
  'compose logs'*) cat "$LINES" ;;
esac
`;

const at = (second: number): string => `2026-03-01T12:00:0${second}.000000000Z`;
const pino = (level: number, event: string): string => JSON.stringify({ level, service: 'api', event });
/** As Compose prints them: container by container. */
const lines = [
  `api-1        | ${at(2)} ${pino(30, 'listening')}`,
  `api-1        | ${at(5)} ${pino(50, 'request_failed')}`,
  `api-1        | ${at(8)} Error: out of memory`,
  `scheduler-1  | ${at(1)} ${pino(20, 'looking')}`,
  `scheduler-1  | ${at(3)} ${pino(40, 'job_failed')}`,
  `scheduler-1  | ${at(7)} ${pino(60, 'gone')}`,
  `migrate-1    | ${at(0)} Running 001_first.sql`,
  `migrate-1    | ${at(1)}   pg_stat_statements is not loaded`,
  `migrate-1    | ${at(4)}   - JWT_SECRET: required.`,
  `mailbox-1    | ${at(1)} Local SES and its inbox: http://0.0.0.0:8005`,
  `caddy-1      | ${at(6)} {"level":"error","logger":"tls.obtain"}`,
  `caddy-1      | ${at(2)} {"level":"info","msg":"serving","status":500}`,
  `postgres-1   | ${at(9)} 2026-03-01 12:00:09.000 UTC [1] FATAL:  no room`,
  `postgres-1   | ${at(2)} 2026-03-01 12:00:02.000 UTC [1] LOG:  ready`,
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealpost-logs-'));
  for (const name of ['sealpost', 'services/stack']) {
    cpSync(join(import.meta.dirname, '../..', name), join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'docker'), DOCKER);
  chmodSync(join(folder, 'docker'), 0o755);
  writeFileSync(join(folder, 'lines'), `${lines.join('\n')}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function logs(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'sealpost'), ['logs', ...args], {
    cwd: tmpdir(),
    env: { PATH: `${folder}:${process.env.PATH}`, CALLS: join(folder, 'calls'), LINES: join(folder, 'lines'), ...env },
    encoding: 'utf8',
  });
  const said = stdout.split('\n').filter(Boolean);
  return { code: status, said, complained: stderr };
}
const asked = (): string | undefined => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').at(-1);
const inOrder = lines.toSorted((a, b) => (a.split(/\s+/)[2] ?? '').localeCompare(b.split(/\s+/)[2] ?? ''));

test('all of our programs of a day, the newest line last', () => {
  const { code, said } = logs([]);
  expect(asked()).toBe(
    'compose logs --no-color --timestamps --since 24h secrets migrate api scheduler receiver mailbox',
  );
  expect(said).toEqual(inOrder);
  expect(code).toBe(0);
});

test('of one service, and since when', () => {
  logs(['postgres', '--since', '1h']);
  expect(asked()).toBe('compose logs --no-color --timestamps --since 1h postgres');
  logs(['--since=10m', 'api']);
  expect(asked()).toBe('compose logs --no-color --timestamps --since 10m api');
});

test('--errors has warnings and errors of all kinds, and nothing else', () => {
  const { said } = logs(['--errors']);
  expect(said.map((line) => Number(line.split(/\s+/)[2]?.slice(17, 19)))).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect(said.join('\n')).not.toMatch(/listening|looking|Running|pg_stat|Local SES|serving|LOG:/);
});

test.each([
  [['nobody'], 'There is no service nobody; there are api caddy mailbox migrate postgres scheduler secrets.\n'],
  [['api', 'caddy'], 'It is "./sealpost logs [service] [--since 1h] [--errors]".\n'],
  [['--follow'], 'It is "./sealpost logs [service] [--since 1h] [--errors]".\n'],
  [['--since'], /^--since is followed by a time such as 1h/],
])('%j is refused, and no log is asked for', (args, told) => {
  const { code, said, complained } = logs(args);
  expect([code, said]).toEqual([1, []]);
  expect(complained).toEqual(typeof told === 'string' ? told : expect.stringMatching(told));
});

test('an engine that does not answer is no empty log', () => {
  const { code, said, complained } = logs([], { ENGINE_CODE: '1' });
  expect([code, said]).toEqual([1, []]);
  expect(complained).toContain('The Docker engine does not answer: "./sealpost check" says more.');
});
