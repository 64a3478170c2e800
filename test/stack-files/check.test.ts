/** `./sealpost check`: what is lacking is told all at once, each with what would be right, and nothing is changed. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openMachine } from '../support/bare-machine.ts';

const check = async (lines?: readonly string[], env?: Record<string, string>) =>
  (await openMachine()).check(lines, env);

/** What only looks, or runs in a container that goes, without a network. */
const LOOKS =
  /^(?:--version|version|compose (?:version|config)|image inspect|ps|info|network (?:ls|inspect)|run --rm -i --network none)\b/;

test('on a machine that has all nothing is wrong, nothing is changed, and the start is named', async () => {
  const { code, said, wrong, calls } = await check();
  expect([code, wrong]).toEqual([0, []]);
  expect(said).toMatch(/^Nothing is changed\.\n\nok /);
  expect(said).toMatch(/\n\nNothing is wrong: start with docker compose up -d --wait\n$/);
  expect(calls.filter((call) => !LOOKS.test(call))).toEqual([]);
});

/** What is so, and the one sentence that it leads to. */
const instances: readonly [string, readonly string[], Record<string, string>, string | RegExp][] = [
  ['no docker', [], { DOCKER_CODE: '127' }, /^There is no docker on this machine\. Right would be Docker Engine 26/],
  [
    'an engine that is away',
    [],
    { ENGINE: 'none' },
    /^The Docker engine does not answer\. Right would be one that runs/,
  ],
  ['an old engine', [], { ENGINE: '25.0.9' }, 'Docker Engine is 25.0.9. Right would be 26 or later.'],
  ['no Compose', [], { COMPOSE: 'none' }, 'Docker has no Compose. Right would be its plugin, 2.30 or later.'],
  ['an old Compose', [], { COMPOSE: 'v2.29.7' }, 'Compose is 2.29.7. Right would be 2.30 or later.'],
  ['little memory', [], { MEMORY: '1073741824' }, 'Docker has 1.0 GiB of memory. Right would be 2 GiB or more.'],
  ['a full disk', [], { FREE: '10485759' }, "9 GiB are free for Docker's data (/). Right would be 10 GiB or more."],
  [
    'a full disk of the backups',
    ['BACKUP_DIR=/tmp'],
    { FREE_BACKUPS: '3145728' },
    '3 GiB are free for the backups (/tmp). Right would be 10 GiB or more.',
  ],
  ['a misspelt setting', ['API_DOMIAN=x'], {}, '.env has API_DOMIAN, which nothing reads. Right would be API_DOMAIN.'],
  [
    'a name of nobody',
    ['FOO=1'],
    {},
    '.env has FOO, which nothing reads. Right would be a name of docs/settings.md or docs/docker.md.',
  ],
  ['a line that is none', ['hunter2 hunter3'], {}, /^\.env has a line \(5\) that is no NAME=value\. Right would be/],
  [
    'a domain without an address',
    ["API_DOMAIN='nowhere.example.test' # ours"],
    {},
    'API_DOMAIN is nowhere.example.test, which has no address. Right would be a record (A, AAAA) that names this machine.',
  ],
  ['a port that is none', ['HTTP_PORT=http'], {}, 'HTTP_PORT is "http". Right would be the number of a free port.'],
  ['a folder that is not there', ['WEB_ROOT=./dist'], {}, /^WEB_ROOT is \.\/dist, which is not there\. Right would be/],
  [
    'a kernel without IPv6',
    [],
    { IF_INET6: '/tmp/no-such-list' },
    'This machine has no IPv6, and the network of the edge is to have it. Right would be EDGE_IPV6=false in .env.',
  ],
  [
    'the network of another project',
    [],
    { NETWORKS: 'bridge - 172.17.0.0/16\nother_edge other 172.31.0.0/16' },
    'EDGE_SUBNET is 172.31.240.0/24, and the network other_edge has 172.31.0.0/16. Right would be a network that nobody uses, such as 172.31.241.0/24.',
  ],
  [
    'a value that has no end',
    [],
    { CONFIG_SAID: "failed to read .env: line 5: unterminated quoted value 'hunter2" },
    /^Compose cannot read the settings: failed to read \.env: line 5: unterminated quoted value\. Right would be/,
  ],
];

test.each(instances)('%s is told, with what would be right', async (_, lines, env, sentence) => {
  const { code, said, wrong, calls } = await check(lines, env);
  expect(wrong).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)]);
  expect(said).toMatch(/\n1 wrong\. Put it right, then run \.\/sealpost check again\.\n$/);
  expect([code, said.includes('hunter')]).toEqual([1, false]);
  expect(calls.filter((call) => !LOOKS.test(call))).toEqual([]);
});

test('several are told at once, before what is well', async () => {
  const { code, said, wrong } = await check(['API_DOMIAN=x'], { ENGINE: '25.0.9', MEMORY: '1' });
  expect([code, wrong.length]).toEqual([1, 3]);
  expect(said.indexOf('\nwrong ')).toBeLessThan(said.indexOf('\nok '));
  expect(said.split('\n').findLastIndex((line) => line.startsWith('wrong'))).toBe(4);
});

test.each([
  [
    'names of the stack, of compose and of a file',
    [
      'API_REPLICAS=2',
      'MAILBOX=yes',
      'COMPOSE_PROJECT_NAME=x',
      'JWT_SECRET_FILE=/x',
      'GRAFANA_PASSWORD=x',
      'POSTGRES_PASSWORD=x',
      '# API_DOMIAN=x',
      '',
    ],
  ],
  ['a value of several lines', ["DATABASE_URL='a", 'FOO=1', "b'"]],
  ['a domain that has an address', ['API_DOMAIN=api.example.test']],
])('%s: nothing is wrong', async (_, lines) => {
  expect((await check(lines)).wrong).toEqual([]);
});

test('its own network, and one that only lies beside, overlap nothing', async () => {
  const NETWORKS = 'sealpost_edge sealpost 172.31.240.0/24\nother_edge other 172.31.241.0/24\nsix other fd00::/64';
  expect((await check([], { NETWORKS })).wrong).toEqual([]);
});

describe('a port', () => {
  test('that a program listens on is told, and one that this stack holds is well', async () => {
    const machine = await openMachine();
    const [port] = machine.ports;
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect((await machine.check()).wrong).toEqual([
      `Port ${port} is in use by another program. Right would be to stop it, or another HTTP_PORT in .env.`,
    ]);
    const own = await machine.check([], {
      HELD: `sealpost sealpost-caddy-1 0.0.0.0:${port}->80/tcp, [::]:${port}->80/tcp`,
    });
    expect([own.wrong, own.code]).toEqual([[], 0]);
    expect(own.said).toContain(`Port ${port} (HTTP_PORT) is held by this stack.`);
  });

  test('of another stack is told by its container; two of one number are told', async () => {
    const machine = await openMachine();
    const [, port, other] = machine.ports;
    const held = await machine.check([], { HELD: `other other-web-1 0.0.0.0:${port}->443/tcp` });
    expect(held.wrong).toEqual([
      `Port ${port} is held by the container other-web-1. Right would be to stop it, or another HTTPS_PORT in .env.`,
    ]);
    expect((await machine.check([`GRAFANA_PORT="${other}"`])).wrong).toEqual([
      `GRAFANA_PORT is ${other}, as another one is. Right would be a port of its own.`,
    ]);
  });
});

test('a clone that others cannot read is told with the command that puts it right', async () => {
  const { folder, check: checkAgain } = await openMachine();
  chmodSync(join(folder, 'caddy/Caddyfile'), 0o600);
  chmodSync(join(folder, 'grafana/dashboards'), 0o700);
  expect((await checkAgain()).wrong).toEqual([
    'Others cannot read caddy/Caddyfile grafana/dashboards. Right would be what a clone with umask 022 has: chmod -R o+rX caddy grafana prometheus',
  ]);
});

describe('an image that is there', () => {
  test('reads the settings as the first service of a start does; what that makes is not lacking', async () => {
    expect((await check([], { BUILT: 'yes' })).wrong).toEqual([]);
    const bad = ['EMAIL_OTP_EXPIRES_IN=601', "JWT_SECRET='hunter2'", 'AWS_ACCESS_KEY_ID=x'];
    const { wrong, said } = await check(bad, { BUILT: 'yes' });
    expect(wrong).toEqual([
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither for the mailbox.',
      expect.stringMatching(/^JWT_SECRET: must have at least 32 bytes/),
      expect.stringMatching(/^SES_FROM_EMAIL: must be an email address/),
      expect.stringMatching(/^EMAIL_OTP_EXPIRES_IN: must be at most 600/),
    ]);
    expect(said).not.toContain('hunter');
    const offSite = ['BACKUP_REPOSITORY=/mnt/off-site', "BACKUP_REPOSITORY_PASSWORD='the password of it'"];
    expect((await check(offSite, { BUILT: 'yes' })).wrong).toEqual([]);
  });

  test('and cannot be asked is left to the first start', async () => {
    const { code, said, wrong } = await check([], { BUILT: 'broken' });
    expect([code, wrong]).toEqual([0, []]);
    expect(said).toMatch(/skipped {2}The values of the settings: the image sealpost:\d+\.\d+\.\d+ cannot be asked/);
  });
});

test('it takes no more words', async () => {
  const { folder } = await openMachine();
  expect(spawnSync(join(folder, 'sealpost'), ['check', '--fix']).status).toBe(1);
});
