/** Requests whose body stops half way: what the edge answers in the end, by HTTP/1.1 and HTTP/2. */
import { connect } from 'node:http2';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely } from 'node:tls';

export type Told = Readonly<{ status: number; type: string; body: unknown }>;

const part = 'x'.repeat(10);

/** Ten bytes of a body, and no more. */
export function halfRequest(ca: string, path: string, headers: Readonly<Record<string, string>>): Promise<Told> {
  const options = { host: '127.0.0.1', servername: 'localhost', ca, method: 'POST', path, agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { Host: 'localhost', ...headers } });
    sent.once('error', reject).once('response', (response) => {
      const type = response.headers['content-type'] ?? '';
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, type, body: parse(body) }), reject);
    });
    sent.write(part);
  });
}

export function halfStream(ca: string, path: string, headers: Readonly<Record<string, string>>): Promise<Told> {
  const secure = { host: '127.0.0.1', port: 443, servername: 'localhost', ca, ALPNProtocols: ['h2'] };
  const session = connect('https://localhost', { createConnection: () => connectSecurely(secure) });
  return new Promise<Told>((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.once('error', reject).once('response', (answer) => {
      const type = String(answer['content-type']);
      text(stream).then((body) => resolve({ status: Number(answer[':status']), type, body: parse(body) }), reject);
    });
    stream.write(part);
  }).finally(() => session.destroy());
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
