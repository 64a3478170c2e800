/** Bytes on a connection as they stand, and what comes back on it: for requests that no client would make. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './contract.ts';

export type WireAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  body: Readonly<Record<string, unknown>>;
}>;

export type Wire = Readonly<{
  socket: Socket;
  write(bytes: string | Buffer): void;
  /** All that came. */
  text(): string;
  /** What came whole so far, in order. */
  answers(): readonly WireAnswer[];
  /** Waits for so many. */
  got(answers: number): Promise<readonly WireAnswer[]>;
  /** Resolves once the connection is closed, by whomever, to all answers. */
  closed(): Promise<readonly WireAnswer[]>;
}>;

/** Opens a connection to the server at this port. */
export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let [text, isClosed] = ['', false];
  socket.on('error', () => {}).on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // What the server has ended is over for this side too.
  socket.once('end', () => socket.end()).once('close', () => (isClosed = true));
  await once(socket, 'connect');
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    text: () => text,
    answers: () => answersIn(text),
    got: async (answers) => {
      await until(`${answers} answers`, async () => answersIn(text).length >= answers || isClosed);
      return answersIn(text);
    },
    closed: async () => {
      await until('the connection is closed', async () => isClosed, 40_000);
      return answersIn(text);
    },
  };
}

/** Writes it all at once and resolves to the answers, once there are so many. */
export async function asked(port: number, bytes: string | Buffer, answers = 1): Promise<readonly WireAnswer[]> {
  const wire = await openWire(port);
  wire.write(bytes);
  const got = await wire.got(answers);
  wire.socket.destroy();
  return got;
}

/** A request by its parts; a body gets its length, unless a header says something of it. */
export function written(method: string, path: string, headers: Record<string, string> = {}, body = ''): string {
  const framed = /^(?:content-length|transfer-encoding)$/i;
  const length =
    body === '' || Object.keys(headers).some((name) => framed.test(name))
      ? {}
      : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ Host: 'api.test', ...headers, ...length }).map(([name, of]) => `${name}: ${of}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

export const chunked = (body: string): string => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;

function answersIn(text: string): WireAnswer[] {
  const found: WireAnswer[] = [];
  for (let rest = text; ;) {
    const [, head = '', status = '', lines = ''] =
      /^(HTTP\/1\.1 (\d{3}) [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n)/.exec(rest) ?? [];
    if (head === '') return found;
    if (status === '100') {
      rest = rest.slice(head.length);
      continue;
    }
    const pairs = [...lines.matchAll(/([^:\r\n]+): ([^\r]*)\r\n/g)];
    const headers = Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
    const length = Number(headers['content-length'] ?? 0);
    const body = rest.slice(head.length, head.length + length);
    if (body.length < length) return found;
    found.push({ status: Number(status), headers, text: body, body: parsed(body) });
    rest = rest.slice(head.length + length);
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
