/** `sealpost smoke`: after a deployment, asks a running api the guide's three questions and reads the answers as JSON. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { signingOf } from '../config/identity.ts';
import { keySettings } from '../config/keys.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { issueToken } from '../runtime/token.ts';
import { checkEdge } from './doctor/edge.ts';
import { ownUrl } from './own-url.ts';

type Given = Readonly<{ apiUrl: string; email: string }>;
type Step = Readonly<{
  what: string;
  ask: () => Promise<Response>;
  passes: (body: Record<string, unknown>) => boolean;
}>;

const ANSWER_MILLISECONDS_MAX = 10_000;

export function addSmoke(program: Command, environment: Environment): void {
  program
    .command('smoke')
    .description('ask a running api for its health, the figures and one code; exit 1 at the first failure')
    .option('--api-url <url>', 'where the api is', ownUrl(environment))
    .option('--email <address>', 'recipient of the code', 'success@simulator.amazonses.com')
    .addHelpText('after', '\nTEST_TOKEN and ADMIN_TOKEN name the tokens to use; absent: made from JWT_SECRET.')
    .action(async (given: Given) => {
      await askOutside(given, environment);
      for (const { what, ask, passes } of await steps(given, environment)) {
        const answer = await ask();
        const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
        if (!answer.ok || !passes(body))
          throw new Error(`FAILED  ${what}: ${answer.status} ${String(body.error ?? '')}`);
        console.log(`ok      ${what}`);
      }
      console.log('All tests passed');
    });
}

/** As a client comes to the stack, where it has a name; not where another api is asked. */
async function askOutside({ apiUrl }: Given, environment: Environment): Promise<void> {
  if (!environment.API_DOMAIN || apiUrl !== ownUrl(environment)) return;
  const { status, what, todo } = await checkEdge({ environment, apiUrl });
  if (status === 'wrong') throw new Error(`FAILED  edge: ${what} ${todo}`);
  console.log(`${status.padEnd('warning'.length)} edge: ${what}${todo === undefined ? '' : ` ${todo}`}`);
}

async function steps({ apiUrl, email }: Given, environment: Environment): Promise<readonly Step[]> {
  const [user, admin] = [
    environment.TEST_TOKEN || (await makeToken(environment, undefined)),
    environment.ADMIN_TOKEN || (await makeToken(environment, 'admin')),
  ];
  const get = (path: string, token?: string) =>
    request(`${apiUrl}${path}`, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  return [
    { what: 'health', ask: () => get('/health'), passes: ({ status }) => status === 'OK' },
    {
      what: 'database: stats have total_emails',
      ask: () => get('/api/admin/email-management/stats', admin),
      passes: ({ stats }) => typeof (stats as { total_emails?: unknown } | undefined)?.total_emails === 'number',
    },
    {
      what: 'mail: send-otp answers success',
      ask: () =>
        request(`${apiUrl}/api/email-verification/send-otp`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${user}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ email }),
        }),
      passes: ({ success }) => success === true,
    },
  ];
}

function request(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX) }).catch(() => {
    throw new Error(`FAILED  ${new URL(url).pathname}: no answer from ${new URL(url).host}.`);
  });
}

async function makeToken(environment: Environment, role: string | undefined): Promise<string> {
  const signing = signingOf(readSettings(keySettings, environment));
  if (!signing) throw new Error('Set TEST_TOKEN and ADMIN_TOKEN: without JWT_SECRET, your issuer signs them.');
  return issueToken({ ...signing, userId: randomUUID(), role, expiresIn: '5m' });
}
