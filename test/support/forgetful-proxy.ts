/** A middlebox before a server, such as a NAT or a load balancer: it may forget its connections and tells neither side. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type ForgetfulProxy = Readonly<{
  port: number;
  /** From now on nothing passes over the connections that are open; new ones are as good as ever. Says how many there were. */
  forget(): number;
  close(): void;
}>;

export async function startForgetfulProxy(host: string, port: number): Promise<ForgetfulProxy> {
  const remembered = new Set<readonly [Socket, Socket]>();
  const all = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    const pair = [near, far] as const;
    remembered.add(pair);
    for (const socket of pair) {
      all.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          if (remembered.delete(pair)) for (const end of pair) end.destroy();
        });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    forget: () => {
      const forgotten = [...remembered];
      remembered.clear();
      for (const [near, far] of forgotten) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
      return forgotten.length;
    },
    close: () => {
      for (const socket of all) socket.destroy();
      server.close();
    },
  };
}
