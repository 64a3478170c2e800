/** GET /metrics on a port of its own, so that no route of the public one can ever reach it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

export type MetricsServer = Readonly<{ port: number; close(): Promise<void> }>;

/** Starts to listen. */
export async function startMetricsServer(
  metrics: Metrics,
  where: Readonly<{ host: string; port: number }>,
): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('Only /metrics is here.\n');
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
  server.listen(where.port, where.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
