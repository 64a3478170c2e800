/** The api's HTTP server: bounded in time, answers what is not HTTP, and can be drained. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { drainable } from './drain.ts';
import { answerUnreadable, type Observed } from './malformed-request.ts';

const REQUEST_MILLISECONDS_MAX = 30_000;
const HEADERS_MILLISECONDS_MAX = 15_000;

export type RunningServer = Readonly<{
  port: number;
  /** No new connections, then the answers under way. */
  drain(): Promise<void>;
}>;

/** Rejects with the error of listening. */
export async function startServer(
  fetch: Parameters<typeof createAdaptorServer>[0]['fetch'],
  { host, port }: Readonly<{ host: string; port: number }>,
  observed: Observed,
): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch }) as Server;
  server.requestTimeout = REQUEST_MILLISECONDS_MAX;
  server.headersTimeout = HEADERS_MILLISECONDS_MAX;
  const { drain } = drainable(server);
  answerUnreadable(server, observed);
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, drain };
}
