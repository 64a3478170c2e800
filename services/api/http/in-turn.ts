/**
 * How many requests of one connection are under way at once. What is pipelined beyond that waits its turn, and its connection
 * is not read meanwhile. A few at a turn of the event loop, so that nobody else waits behind a connection that has many.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from './connections.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const AT_ONCE_MAX = 16;

/** Of all connections: Node tells of every request in a piece that it read, which may be thousands. */
const WAITING_MAX = 10_000;

type Turn = { underWay: number; waiting: Exchange[] };

/** Makes the listener that hands requests on so. A connection that brings one more than may wait is cut off. */
export function inTurn(handle: Listener, waitingMax = WAITING_MAX): Listener {
  const turns = new WeakMap<Socket, Turn>();
  let waitingInAll = 0;

  return (request, response) => {
    const { socket } = request;
    // What comes after the last answer was promised has none, so it is not begun.
    if (!socket.writable) return;
    const turn = turns.get(socket) ?? open(socket);
    const exchange = { request, response };
    if (turn.underWay < AT_ONCE_MAX && turn.waiting.length === 0) begin(turn, exchange);
    else if (waitingInAll >= waitingMax) socket.destroy();
    else {
      waitingInAll++;
      turn.waiting.push(exchange);
      socket.pause();
    }
  };

  function open(socket: Socket): Turn {
    const turn: Turn = { underWay: 0, waiting: [] };
    turns.set(socket, turn);
    // Node resumes at the end of every request that it reads, and whenever somebody reads a body.
    socket.on('resume', () => {
      if (turn.waiting.length > 0) socket.pause();
    });
    socket.once('close', () => {
      waitingInAll -= turn.waiting.length;
      turn.waiting = [];
    });
    return turn;
  }

  function begin(turn: Turn, { request, response }: Exchange): void {
    turn.underWay++;
    response.once('close', () => {
      turn.underWay--;
      if (turn.waiting.length > 0) setImmediate(next, turn);
    });
    handle(request, response);
  }

  function next(turn: Turn): void {
    const one = turn.waiting.shift();
    if (!one) return;
    waitingInAll--;
    if (turn.waiting.length === 0) one.request.socket.resume();
    if (one.request.socket.writable) begin(turn, one);
  }
}
