/** The api's HTTP server: bounded in time and in what it takes on, answers what is not HTTP, and can be drained. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { listenOn } from '../../runtime/listen.ts';
import { isArriving, SILENT_MILLISECONDS_MAX, watchConnections } from './connections.ts';
import { drainable } from './drain.ts';
import { type Answering, answerInTurn } from './in-turn.ts';
import { Answer, lingerAtTheEnd } from './last-answer.ts';
import { answerUnreadable } from './malformed-request.ts';
import { type Observed, refuseHead, refuseUnmade } from './outside.ts';

const REQUEST_MILLISECONDS_MAX = 30_000;
const HEADERS_MILLISECONDS_MAX = 15_000;
/** How often the two above are looked at. */
const LOOK_MILLISECONDS = 2000;
const CONNECTIONS_MAX = 4096;
/** Connections that are turned away are told of once, and again after so long without one. */
const QUIET_MILLISECONDS = 60_000;

export type RunningServer = Readonly<{
  port: number;
  /** No new connections, then the answers under way. */
  drain(): Promise<void>;
}>;

type Fetch = Parameters<typeof getRequestListener>[0];

/** Rejects with CannotListen. */
export async function startServer(
  fetch: Fetch,
  { host, port, connectionsMax = CONNECTIONS_MAX }: Readonly<{ host: string; port: number; connectionsMax?: number }>,
  observed: Observed,
): Promise<RunningServer> {
  const server = createBoundedServer(fetch, observed);
  server.maxConnections = connectionsMax;
  const { drain } = drainable(server);
  return { port: await listenOn(server, { host, port }, { host: 'HOST', port: 'PORT' }), drain };
}

function createBoundedServer(fetch: Fetch, observed: Observed): Server {
  const unexpected = new WeakSet<IncomingMessage>();
  // HTTP/1.0 knows no Host; nothing here depends on its name.
  const handle = getRequestListener(fetch, {
    hostname: 'localhost',
    errorHandler: (error) => refuseUnmade(observed, error),
  });
  const options = {
    requestTimeout: REQUEST_MILLISECONDS_MAX,
    headersTimeout: HEADERS_MILLISECONDS_MAX,
    connectionsCheckingInterval: LOOK_MILLISECONDS,
    requireHostHeader: false,
    ServerResponse: Answer,
  };
  const begin: Answering = (request, response) => {
    if (!refuseHead(observed, request, response, unexpected.has(request))) void handle(request, response);
  };
  const server = createServer(options);
  watchConnections(server);
  // Node tells of a request before it reads on: what of its body came in the same piece is there a turn later.
  answerInTurn(server, (request, response) => {
    if (isArriving(request)) setImmediate(begin, request, response);
    else begin(request, response);
  });
  server.timeout = SILENT_MILLISECONDS_MAX;
  // Who has said all there is to say, and closes that half, still hears the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', lingerAtTheEnd);
  server.on('checkExpectation', (request: IncomingMessage, response: Answer) => {
    unexpected.add(request);
    server.emit('request', request, response);
  });
  answerUnreadable(server, observed);
  tellOfDropped(server, observed);
  return server;
}

function tellOfDropped(server: Server, { log, metrics }: Observed): void {
  let newestAt = -Infinity;
  server.on('drop', () => {
    metrics.connectionsDropped.inc();
    if (performance.now() - newestAt > QUIET_MILLISECONDS) log.warn('connections_dropped');
    newestAt = performance.now();
  });
}
