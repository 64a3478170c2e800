/** What Node's parser refuses before there is a request to answer: still a problem document, then the connection ends. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../runtime/log.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import { problemBody } from './problem.ts';
import { type RefusalCode, refusals } from './refusals.ts';

const reasons: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** How long the rest of what was refused is read. */
const LINGER_MILLISECONDS = 2000;

export type Observed = Readonly<{ log: Log; metrics: Metrics }>;

export function answerUnreadable(server: Server, { log, metrics }: Observed): void {
  const refused = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Each further piece of the same request comes here too, and is thrown away.
    if (refused.has(socket) && error.code !== 'ECONNRESET') return;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    const code = reasons[error.code ?? ''] ?? 'unreadable_request';
    const { status, title } = refusals[code];
    const requestId = crypto.randomUUID();
    metrics.refusals.inc({ code });
    log.info('request', { requestId, status, refusal: code });
    const body = JSON.stringify(problemBody(code, requestId));
    const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nX-Request-Id: ${requestId}`;
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    // A connection that is closed with bytes unread is reset, and the answer may be lost with it: the rest is read.
    setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  });
}
