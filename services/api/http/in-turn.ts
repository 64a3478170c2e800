/**
 * How many requests of one connection are under way at once. What is pipelined beyond that waits, unread, and
 * begins one at a turn of the event loop, so that nobody waits behind a connection that has many.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from './connections.ts';

const AT_ONCE_MAX = 16;

/** Node makes a request of everything that it is given, and it reads 64 KiB at once: some 2,000 small requests. */
const PIECE_BYTES = 2048;

type Turn = { underWay: number; waiting: Exchange[]; isDue: boolean; isHeld: boolean; isOver: boolean };

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Hands the server's requests on so. A 'connect' ends it for its connection, which is no longer Node's then. */
export function answerInTurn(server: Server, handle: Answering): void {
  const turns = new WeakMap<Socket, Turn>();

  server.on('connection', (socket: Socket) => {
    const turn: Turn = { underWay: 0, waiting: [], isDue: false, isHeld: false, isOver: false };
    turns.set(socket, turn);
    socket.once('close', () => (turn.waiting = []));
    giveInPieces(socket, turn);
  });
  server.on('connect', (_request, socket: Socket) => {
    const turn = turns.get(socket);
    if (turn) turn.isOver = true;
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const turn = turns.get(socket);
    // What comes after the last answer was promised has none, so it is not begun.
    if (!turn || !socket.writable) return;
    if (turn.underWay < AT_ONCE_MAX && turn.waiting.length === 0) begin(turn, { request, response });
    else turn.waiting.push({ request, response });
  });

  function begin(turn: Turn, { request, response }: Exchange): void {
    turn.underWay++;
    response.once('close', () => {
      turn.underWay--;
      schedule(turn);
    });
    handle(request, response);
  }

  function schedule(turn: Turn): void {
    if (turn.isDue || turn.waiting.length === 0 || turn.underWay >= AT_ONCE_MAX) return;
    turn.isDue = true;
    setImmediate(next, turn);
  }

  function next(turn: Turn): void {
    turn.isDue = false;
    const one = turn.waiting.shift();
    if (!one) return;
    const { socket } = one.request;
    if (socket.writable) begin(turn, one);
    schedule(turn);
    if (turn.waiting.length > 0 || !turn.isHeld) return;
    turn.isHeld = false;
    socket.resume();
  }
}

/**
 * Stands between the connection and Node's parser. While a request waits, its connection does: only then, since until the
 * next request has come the body of the newest has not. Who else paused it resumes it, and that is not done for them.
 */
function giveInPieces(socket: Socket, turn: Turn): void {
  const [parse] = socket.listeners('data') as ((piece: Buffer) => void)[];
  if (!parse) throw new Error('Node reads its connections in another way.');
  socket.on('data', (bytes: Buffer) => {
    for (let rest = bytes; rest.length > 0 && !socket.destroyed && !turn.isOver; rest = rest.subarray(PIECE_BYTES)) {
      const isPaused = socket.isPaused();
      if (isPaused || turn.waiting.length > 0) {
        if (!isPaused) turn.isHeld = true;
        socket.pause().unshift(rest);
        return;
      }
      parse(rest.subarray(0, PIECE_BYTES));
    }
  });
  socket.removeListener('data', parse);
}
