/** Check of the edge as a client finds it: what https://API_DOMAIN shows and answers, for how many days still, and where http leads. */
import { isServed } from '../../config/edge.ts';
import { askEdge, type Shown, whereHttpLeads } from '../../runtime/ask-edge.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, ok, skipped, warning, wrong } from './finding.ts';

/** Bounded, as what is asked is, so that it can say itself what did not answer. */
export async function checkEdge({
  environment,
  apiUrl,
}: Pick<DoctorContext, 'environment' | 'apiUrl'>): Promise<Finding> {
  if (apiUrl === undefined) return skipped('Not asked: it need not run yet.');
  const host = environment.API_DOMAIN?.trim() ?? '';
  if (!isServed(environment)) return skipped('API_DOMAIN is not set, or is localhost.');
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
