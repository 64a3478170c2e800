/** A closed loop of send-otp calls over raw keep-alive sockets: so many connections, each sends its next when answered. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Load = Readonly<{ answered: number; refused: number; seconds: number; p50: number; p99: number }>;

export async function sendLoad(
  port: number,
  tokens: readonly string[],
  connections: number,
  seconds: number,
  name: string,
): Promise<Load> {
  const latencies: number[] = [];
  let refused = 0;
  const until = performance.now() + seconds * 1000;
  let n = 0;
  const started = performance.now();
  const loops = Array.from({ length: connections }, async () => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    const head = `POST /api/email-verification/send-otp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    while (performance.now() < until) {
      const body = `{"email":"${name}${n++}@example.com"}`;
      // Users take turns, so that none of them asks for more than an hour allows.
      const token = tokens[n % tokens.length];
      const sent = performance.now();
      socket.write(`${head}Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      if ((await answer(socket)) === 200) latencies.push(performance.now() - sent);
      else refused++;
    }
    socket.destroy();
  });
  await Promise.all(loops);
  const took = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { answered: latencies.length, refused, seconds: took, p50: at(0.5), p99: at(0.99) };
}

/** Reads one answer, which has a Content-Length, and gives its status. */
function answer(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = end < 0 ? undefined : /content-length: (\d+)/i.exec(text)?.[1];
      if (length === undefined || text.length < end + 4 + Number(length)) return;
      socket.off('data', read);
      resolve(Number(text.slice(9, 12)));
    };
    socket.on('data', read);
  });
}
