/** The stack as another machine sees it: ports 80 and 443, and nothing else, of the host or of any container. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';

const run = promisify(execFile);

let stack: Stack;
let host: string;
beforeAll(async () => {
  const { stdout } = await run('docker', ['network', 'inspect', 'bridge', '-f', '{{(index .IPAM.Config 0).Gateway}}']);
  host = stdout.trim();
  stack = await startStack({ env: { OUTSIDE_ADDRESS: host }, overrides: ['test/stack/outside.yaml'] });
});
afterAll(() => stack?.stop());

/** Every port that anything of the stack listens on, and what else a database or an engine may have open. */
const ports = [22, 80, 443, 2019, 2375, 2376, 3000, 3001, 4000, 5432, 8005, 8080, 9090, 9093, 9094, 9180, 9464];

/** Which of them answer, from a container of the given network. */
async function open(network: string, addresses: readonly string[]): Promise<readonly string[]> {
  const program = `
    const look = (host, port) => new Promise((resolve) => {
      const socket = require('node:net').connect({ host, port, timeout: 1000 });
      const done = (found) => { socket.destroy(); resolve(found ? [host + ':' + port] : []); };
      socket.once('connect', () => done(true)).once('error', () => done(false)).once('timeout', () => done(false));
    });
    const all = ${JSON.stringify(addresses)}.flatMap((host) => ${JSON.stringify(ports)}.map((port) => look(host, port)));
    Promise.all(all).then((found) => console.log(JSON.stringify(found.flat())));
  `;
  const { stdout } = await run('docker', ['run', '--rm', '--network', network, 'sealpost', 'node', '-e', program]);
  return JSON.parse(stdout) as string[];
}

const addressesOf = async (...services: readonly string[]): Promise<readonly string[]> =>
  (await stack.inspect(...services)).flatMap(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).flatMap(({ IPAddress }) => (IPAddress ? [IPAddress] : [])),
  );

describe('from outside', () => {
  test('only 80 and 443 of the host answer, and no port of any container', async () => {
    const addresses = await addressesOf();
    expect(addresses.length).toBeGreaterThan(10);
    expect(await open('bridge', [host, ...addresses])).toEqual([`${host}:80`, `${host}:443`]);
  });

  test('the look sees what is open: beside the apis, their two ports', async () => {
    const addresses = await addressesOf('api');
    const found = await open(`${stack.project}_edge`, addresses);
    expect(found.map((one) => one.split(':')[1])).toEqual(['3001', '9464']);
  });

  test("what is bound to 127.0.0.1 is the operator's alone; the rest of what is published is 80 and 443", async () => {
    const containers = await stack.inspect();
    const published = containers.filter(({ HostConfig }) => Object.keys(HostConfig.PortBindings ?? {}).length > 0);
    expect(published.map(({ Name }) => Name)).toEqual([`/${stack.project}-caddy-1`]);
    const local = { HostIp: '127.0.0.1' };
    const everywhere = { HostIp: '' };
    expect(published[0]?.HostConfig.PortBindings).toEqual({
      '80/tcp': [{ ...everywhere, HostPort: '80' }],
      '443/tcp': [{ ...everywhere, HostPort: '443' }],
      '443/udp': [{ ...everywhere, HostPort: '443' }],
      '3000/tcp': [{ ...local, HostPort: '3000' }],
      '8005/tcp': [{ ...local, HostPort: '8005' }],
      '9090/tcp': [{ ...local, HostPort: '9090' }],
      '9093/tcp': [{ ...local, HostPort: '9093' }],
    });
  });
});
