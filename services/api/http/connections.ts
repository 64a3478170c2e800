/** What is known of each connection: whose it is, and which of its requests have not been answered yet. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>;

/** A connection on which nothing moves, such as one whose answers nobody reads. */
export const SILENT_MILLISECONDS_MAX = 60_000;

type Connection = Readonly<{ address: string; unanswered: Set<Exchange> }>;

const connections = new WeakMap<Socket, Connection>();

/** Watches the server's connections from now on. */
export function watchConnections(server: Server): void {
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress;
    // It was reset already: there is nobody to count its requests for, and nobody to answer.
    if (address === undefined) socket.destroy();
    else connections.set(socket, { address, unanswered: new Set() });
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const unanswered = connections.get(request.socket)?.unanswered;
    const exchange = { request, response };
    unanswered?.add(exchange);
    response.once('close', () => unanswered?.delete(exchange));
  });
}

/** The peer's IP as it was when the connection opened: one that was reset since has none any more. */
export function addressOf(socket: Socket): string | undefined {
  return connections.get(socket)?.address ?? socket.remoteAddress;
}

/** The newest request without a whole answer: those before it are answered before it. */
export function newestUnanswered(socket: Socket): Exchange | undefined {
  return [...(connections.get(socket)?.unanswered ?? [])].at(-1);
}

/** Of a connection that ended without Node: nothing else ends the answers that were to go out on it. */
export function giveUpUnanswered(socket: Socket): void {
  for (const { response } of connections.get(socket)?.unanswered ?? []) response.destroy();
}

/** Whether its body has not arrived to the end. While Node tells of a request, one without a body is not complete either. */
export function isArriving({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}
