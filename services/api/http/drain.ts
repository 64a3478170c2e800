/** Ends an HTTP server without losing an answer: no new connections, the answers under way close theirs, idle ones end. */
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Drainable = Readonly<{ drain(): Promise<void> }>;

const LOOK_MILLISECONDS = 50;
/** A connection that says nothing is given so long to begin. */
const SILENT_MILLISECONDS = 500;
const DRAIN_MILLISECONDS_MAX = 10_000;

/** Of each connection the newest: with an earlier one it would end, and those behind that one would have no answer. */
function newestOf(underWay: ReadonlySet<ServerResponse>): Iterable<ServerResponse> {
  return new Map([...underWay].map((response) => [response.req.socket, response])).values();
}

/** Watches the server's connections from now on; what is under way for longer than the given time is cut off. */
export function drainable(server: Server, millisecondsMax = DRAIN_MILLISECONDS_MAX): Drainable {
  const sockets = new Set<Socket>();
  const underWay = new Set<ServerResponse>();
  let draining = false;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    if (draining) response.shouldKeepAlive = false;
  });

  return {
    drain: async () => {
      draining = true;
      const started = performance.now();
      const closed = once(server, 'close');
      server.close();
      for (const response of newestOf(underWay)) response.shouldKeepAlive = false;
      const look = setInterval(() => {
        server.closeIdleConnections();
        const passed = performance.now() - started;
        const busy = new Set([...underWay].map((response) => response.socket));
        for (const socket of sockets) {
          if (passed > millisecondsMax || (passed > SILENT_MILLISECONDS && !busy.has(socket))) socket.destroy();
        }
      }, LOOK_MILLISECONDS);
      await closed;
      clearInterval(look);
    },
  };
}
