/** A port that cannot be listened on is told with its setting, what is wrong and what would be right. */
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listenOn } from '../../services/runtime/listen.ts';

const names = { host: 'HOST', port: 'PORT' };

async function listening(host: string, port: number) {
  const server = createServer();
  onTestFinished(() => void server.close());
  return listenOn(server, { host, port }, names);
}

const faultOf = (host: string, port: number): Promise<unknown> =>
  listening(host, port).then(
    () => 'none',
    (error: unknown) => error,
  );

test('a port that is free, or any', async () => {
  const port = await listening('127.0.0.1', 0);
  expect(port).toBeGreaterThan(1023);
});

test('a port that is taken', async () => {
  const port = await listening('127.0.0.1', 0);
  expect(await faultOf('127.0.0.1', port)).toMatchObject({
    name: 'CannotListen',
    code: 'EADDRINUSE',
    message: `PORT: port ${port} is taken by another program. Stop that one, or set PORT to another port.`,
  });
});

test.each(['192.0.2.1', 'no-such-host.invalid', '::ffff:192.0.2.1'])(
  'an address that this machine has not: %s',
  async (host) => {
    const message = `HOST: this machine has no address ${host}. Set it to one that it has, such as 127.0.0.1, or to 0.0.0.0 for all.`;
    expect(await faultOf(host, 0)).toMatchObject({ name: 'CannotListen', message });
  },
);
