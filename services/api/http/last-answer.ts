/** The last answer of a connection: it says that it is (RFC 9112 9.6), and reaches a client that is still sending. */
import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isArriving, newestUnanswered } from './connections.ts';

/** How long the rest of what was refused is read. */
const LINGER_MILLISECONDS = 2000;

/** Whoever is answered before the whole body is there may never send the rest: nothing more is read on this connection. */
export class Answer extends ServerResponse {
  override writeHead(status: number, ...more: unknown[]): this {
    if (isArriving(this.req)) this.shouldKeepAlive = false;
    return super.writeHead(status, ...(more as []));
  }
}

/** Before it closes, the rest of a body is read for a moment, wherever Node would close at once after an answer. */
export function lingerAtTheEnd(socket: Socket): void {
  const closeAtOnce = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    const newest = newestUnanswered(socket);
    if (newest && isArriving(newest.request)) endSlowly(socket);
    else if (!lingering.has(socket)) closeAtOnce();
  };
}

const lingering = new WeakSet<Socket>();

/** A connection that is closed with bytes unread is reset, and what was written may be lost with it: so the rest is read. */
export function endSlowly(socket: Socket, lastWords = ''): void {
  if (lingering.has(socket)) return;
  lingering.add(socket);
  socket.end(lastWords);
  setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
}

/** Its last answer is written, and what it still sends is thrown away. */
export const isEnding = (socket: Socket): boolean => lingering.has(socket);
