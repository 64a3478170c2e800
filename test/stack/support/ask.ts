/** One HTTP request to this machine as a client of the stack makes it: by name, trusting the given authority only. */
import { type Agent as PlainAgent, request as plainRequest } from 'node:http';
import { type Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';

export type Asked = Readonly<{
  method?: string;
  path?: string;
  /** The name in the request and its certificate. */
  host?: string;
  port?: number;
  /** Of this machine; 127.0.0.1 where none is said. */
  address?: string;
  /** PEM; without it the request is plain HTTP. */
  ca?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** The size of the body is not said. */
  isChunked?: boolean;
  token?: string | undefined;
  agent?: Agent | PlainAgent;
}>;

export type Answered = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** The answer as JSON, or {} where it is none. */
  body: Readonly<Record<string, unknown>>;
  /** Of the certificate, where there is one. */
  serial: string | undefined;
}>;

const REQUEST_MILLISECONDS_MAX = 40_000;

/** Rejects with the connection's or TLS's own error. */
export function ask(asked: Asked): Promise<Answered> {
  const { method = 'GET', path = '/', host = 'localhost', ca, token, body, isChunked, agent } = asked;
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const options = {
    host: asked.address ?? '127.0.0.1',
    port: asked.port ?? (ca ? 443 : 80),
    method,
    path,
    headers: {
      Host: host,
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(payload === undefined
        ? {}
        : {
            'Content-Type': 'application/json',
            ...(isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': Buffer.byteLength(payload) }),
          }),
      ...asked.headers,
    },
    timeout: REQUEST_MILLISECONDS_MAX,
    // Without one, a connection of its own.
    agent: agent ?? (false as const),
  };
  return new Promise((resolve, reject) => {
    const sent = ca ? request({ ...options, ca, servername: host }) : plainRequest(options);
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const { socket, headers, statusCode = 0 } = response;
      const serial = ca ? (socket as TLSSocket).getPeerCertificate().serialNumber : undefined;
      text(response).then(
        (answer) => resolve({ status: statusCode, headers, text: answer, body: parse(answer), serial }),
        reject,
      );
    });
    sent.end(payload);
  });
}

function parse(answer: string): Record<string, unknown> {
  try {
    return JSON.parse(answer) as Record<string, unknown>;
  } catch {
    return {};
  }
}
