/** The status of the certificate: what https://API_DOMAIN shows to a client, and for how many days still. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { DoctorContext } from '../doctor/context.ts';
import { type Finding, ok, warning, wrong } from '../doctor/finding.ts';
import { ASKED_MILLISECONDS_MAX } from './part.ts';

type Place = Readonly<{ host: string; port: number; ca?: string }>;
export type Shown = Readonly<{
  validTo: Date;
  /** Why a client refuses it; null where it does not. */ refused: string | null;
}>;

export async function lookAtCertificate({ environment }: Pick<DoctorContext, 'environment'>): Promise<Finding> {
  const host = environment.API_DOMAIN?.trim() || 'localhost';
  if (host === 'localhost') return ok('Skipped: API_DOMAIN is not set, or is localhost.');
  const port = Number(environment.HTTPS_PORT || 443);
  const where = `https://${host}${port === 443 ? '' : `:${port}`}`;
  const shown = await askCertificate({ host, port });
  if (typeof shown === 'string') {
    return wrong(
      `${where} shows no certificate (${shown}).`,
      'Check that it runs, its DNS and the firewall; then read the log of Caddy.',
    );
  }
  return judgeCertificate(where, shown, Date.now());
}

const DAY_MILLISECONDS = 86_400_000;
const WARNING_DAYS = 14;
const WRONG_DAYS = 3;

export function judgeCertificate(where: string, { validTo, refused }: Shown, now: number): Finding {
  const days = Math.floor((validTo.getTime() - now) / DAY_MILLISECONDS);
  const facts = { where, validTo: validTo.toISOString(), days, refused };
  const todo = 'Read the log of Caddy, which renews it: "docker compose logs --tail 50 caddy".';
  if (refused !== null) return { ...wrong(`Clients refuse the certificate of ${where} (${refused}).`, todo), facts };
  const what = `The certificate of ${where} is good for ${days} days.`;
  if (days < WRONG_DAYS) return { ...wrong(what, todo), facts };
  return { ...(days < WARNING_DAYS ? warning(what, todo) : ok(what)), facts };
}

/** The certificate, or the code of why there is none. */
export function askCertificate(
  { host, port, ca }: Place,
  milliseconds = ASKED_MILLISECONDS_MAX,
): Promise<Shown | string> {
  return new Promise((resolve) => {
    // It is looked at, and nothing is sent.
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
      ...(ca !== undefined && { ca }),
    });
    const timer = setTimeout(() => settle('no answer in time'), milliseconds);
    socket.once('secureConnect', () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const refused = socket.authorized ? null : String(socket.authorizationError);
      settle(validTo ? { validTo: new Date(validTo), refused } : 'none');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.name));

    function settle(answer: Shown | string): void {
      clearTimeout(timer);
      socket.on('error', () => {}).destroy();
      resolve(answer);
    }
  });
}
