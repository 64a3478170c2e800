/** GET /metrics, and a program's own /health, on a port of their own, so that no route of the public one can ever reach them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { listenOn, type Place } from './listen.ts';
import type { Metrics } from './metrics.ts';

export type MetricsServer = Readonly<{ port: number; close(): Promise<void> }>;

/** What fails, in a few words each; nothing where all is well. */
export type FailingNow = () => readonly string[];

/** Starts to listen; rejects with CannotListen. With `failing` there is /health too: 200, or 503 and what fails. */
export async function startMetricsServer(metrics: Metrics, where: Place, failing?: FailingNow): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (failing && request.url === '/health') {
      const found = failing();
      const body = found.length === 0 ? { status: 'OK' } : { status: 'FAILING', failing: found };
      response
        .writeHead(found.length === 0 ? 200 : 503, { 'Content-Type': 'application/json' })
        .end(`${JSON.stringify(body)}\n`);
      return;
    }
    if (request.url !== '/metrics') {
      response.writeHead(404).end(`Only /metrics${failing ? ' and /health are' : ' is'} here.\n`);
      return;
    }
    try {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text);
    } catch {
      // Prometheus sees a target that is down.
      response.writeHead(500).end('The metrics cannot be collected.\n');
    }
  });
  const port = await listenOn(server, where, { host: 'METRICS_HOST', port: 'METRICS_PORT' });
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
