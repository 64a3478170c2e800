/** What the edge shows to whoever asks it: its certificate, its answer, and where plain http leads. */
import { request as askHttp, type IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** `name` is the one that a certificate is asked for; by itself the host's. */
type Place = Readonly<{ host: string; port: number; name?: string; ca?: string }>;

/** What a client is shown. */
export type Shown = Readonly<{
  validFrom: Date;
  validTo: Date;
  /** Why a client refuses the certificate; null where it does not. */
  refused: string | null;
  /** Of /health. */
  status: number;
}>;

const ANSWER_MILLISECONDS_MAX = 2500;

/** GET /health as a client does it, but for the certificate, which is looked at whatever it is. Nothing secret is sent. */
export function askEdge(
  { host, port, name = host, ca }: Place,
  milliseconds = ANSWER_MILLISECONDS_MAX,
): Promise<Shown | string> {
  const options = {
    host,
    port,
    path: '/health',
    rejectUnauthorized: false,
    agent: false,
    headers: { Host: name },
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca }),
  } as const;
  return answerOf(askHttps(options), milliseconds, ({ socket, statusCode = 0 }) => {
    const { authorized, authorizationError } = socket as TLSSocket;
    const { valid_from: validFrom, valid_to: validTo } = (socket as TLSSocket).getPeerCertificate();
    return {
      validFrom: new Date(validFrom),
      validTo: new Date(validTo),
      refused: authorized ? null : String(authorizationError),
      status: statusCode,
    };
  });
}

/** Where a redirect leads; empty where there is none; the code of why nothing answered. */
export function whereHttpLeads({ host, port }: Place, milliseconds = ANSWER_MILLISECONDS_MAX): Promise<string> {
  const asked = askHttp({ host, port, path: '/health', agent: false });
  return answerOf(asked, milliseconds, ({ headers }) => headers.location ?? '');
}

function answerOf<T>(
  asked: ReturnType<typeof askHttp>,
  milliseconds: number,
  read: (answer: IncomingMessage) => T,
): Promise<T | string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle('no answer in time'), milliseconds);
    asked.once('response', (answer) => settle(read(answer)));
    asked.once('error', ({ code, name }: NodeJS.ErrnoException) =>
      settle(code === 'EPROTO' ? 'a TLS alert' : (code ?? name)),
    );
    asked.end();

    function settle(answer: T | string): void {
      clearTimeout(timer);
      asked.on('error', () => {}).destroy();
      resolve(answer);
    }
  });
}
