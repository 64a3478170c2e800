/** Many real clients at once: kept-alive sockets, every request timed, no answer thrown away and no failure thrown. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export type Ask = Readonly<{
  path: string;
  token?: string;
  method?: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}>;

export type Reply = Readonly<{
  /** 0 where no answer came; `failure` then says why. */
  status: number;
  failure: string;
  /** The machine code of a refusal, else empty. */
  error: string;
  body: Readonly<Record<string, unknown>>;
  retryAfter: string | undefined;
  /** By performance.now(). */
  startedAt: number;
  milliseconds: number;
}>;

export type Client = Readonly<{ ask(ask: Ask): Promise<Reply>; close(): void }>;

const GIVEN_UP_MILLISECONDS = 30_000;
const base = '/api/email-verification';

export const sendOtp = (token: string, email: string, key?: string): Ask => ({
  path: `${base}/send-otp`,
  token,
  body: { email },
  ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
});

export const verifyOtp = (token: string, email: string, otpId: string, otp: string): Ask => ({
  path: `${base}/verify-otp`,
  token,
  body: { email, otpId, otp },
});

export const statusOf = (token: string, email: string): Ask => ({
  method: 'GET',
  path: `${base}/status/${encodeURIComponent(email)}`,
  token,
});

/** A client of one process over at most so many kept-alive sockets. `ask` always resolves, at the latest after 30 s. */
export function createClient(url: string, socketsMax: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  return { ask: (ask) => send(url, agent, ask), close: () => agent.destroy() };
}

function send(url: string, agent: Agent, ask: Ask): Promise<Reply> {
  const startedAt = performance.now();
  const { text, headers } = written(ask);
  const took = () => performance.now() - startedAt;
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({ ...read(0, '', undefined), failure: error.code ?? error.message, startedAt, milliseconds: took() });
    const outgoing = request(
      `${url}${ask.path}`,
      { agent, method: ask.method ?? 'POST', headers, timeout: GIVEN_UP_MILLISECONDS },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', failed);
        incoming.on('end', () => {
          const reply = read(
            incoming.statusCode ?? 0,
            Buffer.concat(chunks).toString(),
            incoming.headers['retry-after'],
          );
          resolve({ ...reply, startedAt, milliseconds: took() });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', failed);
    outgoing.end(text);
  });
}

function written({ token, body, headers = {} }: Ask): { text: string; headers: Record<string, string> } {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const length = { 'Content-Length': String(Buffer.byteLength(text)) };
  return {
    text,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(text === '' ? {} : { 'Content-Type': 'application/json', ...length }),
      ...headers,
    },
  };
}

function read(status: number, text: string, retryAfter: string | undefined) {
  const body = parsed(text);
  return { status, failure: '', error: typeof body.error === 'string' ? body.error : '', body, retryAfter };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Writes all requests to one connection in one piece (HTTP/1.1 pipelining), so that they arrive in this order. */
export function pipelined(url: string, asks: readonly Ask[]): Promise<readonly Reply[]> {
  const startedAt = performance.now();
  const { hostname, port, host } = new URL(url);
  const requests = asks.map((ask, index) => {
    const { text, headers } = written(ask);
    const connection = index === asks.length - 1 ? 'close' : 'keep-alive';
    const lines = Object.entries({ Host: host, Connection: connection, ...headers }).map(
      ([name, of]) => `${name}: ${of}`,
    );
    return `${ask.method ?? 'POST'} ${ask.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text}`;
  });
  return new Promise((resolve, reject) => {
    let answers = '';
    const socket = connect(Number(port), hostname, () => socket.write(requests.join('')));
    socket.setTimeout(GIVEN_UP_MILLISECONDS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => {
      const milliseconds = performance.now() - startedAt;
      const parts = answers.split('HTTP/1.1 ').slice(1);
      resolve(
        parts.map((part) => ({
          ...read(Number(part.slice(0, 3)), /\{.*\}/s.exec(part)?.[0] ?? '', /^retry-after: (.*)$/im.exec(part)?.[1]),
          startedAt,
          milliseconds,
        })),
      );
    });
  });
}

/** Starts all of it at once and waits for all of it; the results keep their order. */
export const atOnce = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** Works through the items, so many at a time; the results keep their order. */
export async function inTurns<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  await atOnce(atATime, async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  });
  return results;
}

/** How many replies of each outcome: `200`, `429 resend_cooldown`, or the reason why none came. */
export function tally(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, error, failure } of replies) {
    const outcome = failure || `${status} ${error}`.trim();
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
