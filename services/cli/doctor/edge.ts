/** Check of the edge as a client finds it: what https://API_DOMAIN shows and answers, for how many days still, and where http leads. */
import { request as askHttp, type IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { isServed } from '../stack-settings.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** `name` is the one that a certificate is asked for; by itself the host's. */
type Place = Readonly<{ host: string; port: number; name?: string; ca?: string }>;

/** What a client is shown. */
export type Shown = Readonly<{
  validTo: Date;
  /** Why a client refuses the certificate; null where it does not. */
  refused: string | null;
  /** Of /health. */
  status: number;
}>;

const ANSWER_MILLISECONDS_MAX = 2500;

/** Bounded by `ANSWER_MILLISECONDS_MAX`, so that it can say itself what did not answer. */
export async function checkEdge({
  environment,
  apiUrl,
}: Pick<DoctorContext, 'environment' | 'apiUrl'>): Promise<Finding> {
  if (apiUrl === undefined) return ok('Not asked: it need not run yet.');
  const host = environment.API_DOMAIN?.trim() ?? '';
  if (!isServed(environment)) return ok('Skipped: API_DOMAIN is not set, or is localhost.');
  const port = Number(environment.HTTPS_PORT || 443);
  const [shown, inside, leads] = await Promise.all([
    askEdge({ host, port }),
    askEdge({ host: 'caddy', name: host, port: 443 }),
    whereHttpLeads({ host, port: Number(environment.HTTP_PORT || 80) }),
  ]);
  const where = port === 443 ? `https://${host}` : `https://${host}:${port}`;
  return judgeEdge(where, { shown, inside, leads }, Date.now());
}

const DAY_MILLISECONDS = 86_400_000;
const WARNING_DAYS = 14;
const WRONG_DAYS = 3;
const NOT_REACHED = /^E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|TIMEDOUT)$|^no answer in time$/;

/** What was shown, or the code of why nothing was, also by Caddy within the stack; where http leads, or the code of why nowhere. */
export type Asked = Readonly<{ shown: Shown | string; inside: Shown | string; leads: string }>;

export function judgeEdge(where: string, { shown, inside, leads }: Asked, now: number): Finding {
  if (typeof shown === 'string') return judgeSilence(where, shown, inside);
  const { validTo, refused, status } = shown;
  const days = Math.floor((validTo.getTime() - now) / DAY_MILLISECONDS);
  const facts = { where, validTo: validTo.toISOString(), days, refused, status, http: leads };
  const todo = 'Read the log of Caddy, which renews it: "docker compose logs --tail 50 caddy".';
  if (refused !== null) return { ...wrong(`Clients refuse the certificate of ${where} (${refused}).`, todo), facts };
  if (status !== 200) {
    const next = 'Look at the api and its database below; then read the log of Caddy.';
    return { ...wrong(`${where}/health answers ${status}.`, next), facts };
  }
  const what = `${where} answers, and its certificate is good for ${days} days.`;
  if (days < WRONG_DAYS) return { ...wrong(what, todo), facts };
  if (days < WARNING_DAYS) return { ...warning(what, todo), facts };
  if (leads.startsWith(`${where}/`)) return { ...ok(what), facts };
  const rest = `But http leads to ${leads === '' ? 'nothing else' : leads}.`;
  return { ...warning(`${what} ${rest}`, 'Publish HTTP_PORT as 80, where clients and the authority ask.'), facts };
}

function judgeSilence(where: string, code: string, inside: Shown | string): Finding {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const host = new URL(where).hostname;
    return wrong(`${host} is not in the DNS (${code}).`, `Add a record for ${host} with the address of this machine.`);
  }
  if (NOT_REACHED.test(code)) {
    const what = `${where} is not reached from here (${code})`;
    if (typeof inside !== 'string' && inside.refused === null && inside.status === 200) {
      const todo =
        'Ask from elsewhere: many a network lets no machine reach its own public address. If nobody does, look at the firewall.';
      return warning(`${what}; Caddy itself is well.`, todo);
    }
    return wrong(`${what}.`, 'Check that Caddy runs, then the DNS and the firewall.');
  }
  return wrong(
    `${where} shows no certificate (${code}).`,
    'Read the log of Caddy, which has to get it: "docker compose logs --tail 50 caddy". Ports 80 and 443 must be open to the world.',
  );
}

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
    const { valid_to: validTo } = (socket as TLSSocket).getPeerCertificate();
    return { validTo: new Date(validTo), refused: authorized ? null : String(authorizationError), status: statusCode };
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
