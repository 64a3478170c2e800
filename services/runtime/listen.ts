/** Listens on a port; where it cannot, says which setting to change. */
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { PlainError } from './safe-error.ts';

export type Place = Readonly<{ host: string; port: number }>;

/** The settings that name the place. */
export type PlaceNames = Readonly<{ host?: string; port: string }>;

/** `code` is the system's. */
export class CannotListen extends PlainError {
  override readonly name = 'CannotListen';
  readonly code: string;

  constructor(message: string, cause: NodeJS.ErrnoException) {
    super(message, { cause });
    this.code = cause.code ?? '';
  }
}

/** Resolves to the port, which the system chose where it was 0. Rejects with CannotListen. */
export async function listenOn(server: Server, { host, port }: Place, names: PlaceNames): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new CannotListen(wordsOf(error as NodeJS.ErrnoException, { host, port }, names), error as Error);
  }
  return (server.address() as AddressInfo).port;
}

function wordsOf({ code = 'unknown error' }: NodeJS.ErrnoException, { host, port }: Place, names: PlaceNames): string {
  const byHost = names.host ?? 'the host';
  switch (code) {
    case 'EADDRINUSE':
      return `${names.port}: port ${port} is taken by another program. Stop that one, or set ${names.port} to another port.`;
    case 'EACCES':
      return `${names.port}: this user may not listen on port ${port}. Set ${names.port} to a port above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `${byHost}: this machine has no address ${host}. Set it to one that it has, such as 127.0.0.1, or to 0.0.0.0 for all.`;
    default:
      return `${names.port}: port ${port} of ${host} cannot be listened on (${code}).`;
  }
}
