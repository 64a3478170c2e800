/**
 * What Node refuses before there is a request to answer, or in the middle of one: still a problem document, in its turn
 * among the answers (RFC 9112 9.3.2), and then the connection ends.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { breakOff } from './body.ts';
import { giveUpUnanswered, isArriving, newestUnanswered, SILENT_MILLISECONDS_MAX } from './connections.ts';
import { endSlowly, isEnding } from './last-answer.ts';
import { type Observed, refuseOutside } from './outside.ts';
import type { RefusalCode } from './refusals.ts';

const reasons: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

export function answerUnreadable(server: Server, observed: Observed): void {
  const refused = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    // Each further piece of the same request comes here too, and is thrown away.
    else if (refused.has(socket) || isEnding(socket)) return;
    else refuse(socket, reasons[error.code ?? ''] ?? 'unreadable_request');
  });
  // Nobody is tunnelled to anywhere. From here on Node has nothing to do with the connection.
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    // Its bounds went with it: who does not read what was answered before is cut off, and what was not answered is given up.
    socket.setTimeout(SILENT_MILLISECONDS_MAX, () => socket.destroy());
    socket.once('close', () => giveUpUnanswered(socket));
    socket.resume();
    refuse(socket, 'method_not_allowed', { Allow: 'GET, HEAD, POST' });
  });

  function refuse(socket: Socket, code: RefusalCode, headers?: Readonly<Record<string, string>>): void {
    refused.add(socket);
    const newest = newestUnanswered(socket);
    // It is this one's body that cannot be read: whoever reads it is told, and answers.
    if (newest && isArriving(newest.request)) breakOff(newest.request, code);
    else if (newest) newest.response.once('close', () => write(socket, code, headers));
    else write(socket, code, headers);
  }

  function write(socket: Socket, code: RefusalCode, headers: Readonly<Record<string, string>> = {}): void {
    if (!socket.writable) {
      if (!isEnding(socket)) socket.destroy();
      return;
    }
    const refusal = refuseOutside(observed, code);
    const lines = Object.entries({ ...refusal.headers, ...headers }).map(([name, of]) => `${name}: ${of}\r\n`);
    const length = `Content-Length: ${Buffer.byteLength(refusal.body)}\r\nConnection: close\r\n`;
    endSlowly(socket, `HTTP/1.1 ${refusal.status} ${refusal.title}\r\n${lines.join('')}${length}\r\n${refusal.body}`);
  }
}
