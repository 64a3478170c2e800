/** A relay that takes some recipients "for now" not: their mails wait by themselves, and nobody else's waits with them. */
import { expect, onTestFinished, test } from 'vitest';
import { type ApiProcess, startApiProcess, tokenOf } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atOnce, createClient, sendOtp } from '../support/load.ts';
import { type Script, type ScriptedSmtp, startScripted } from '../support/scripted-smtp.ts';

type Relayed = Readonly<{
  db: TestDatabase;
  api: ApiProcess;
  smtp: ScriptedSmtp;
  ask(address: string): Promise<number>;
}>;

/** An api whose mails go through a relay that does as the script says, eight a second. */
async function relayed(script: Script, env: Record<string, string> = {}): Promise<Relayed> {
  const [db, smtp] = await Promise.all([createTestDatabase(), startScripted(script)]);
  const api = await startApiProcess({
    databaseUrl: db.url,
    sesUrl: 'http://127.0.0.1:9',
    env: {
      MAIL_TRANSPORT: 'smtp',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_TLS: 'off',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      ...env,
    },
  });
  const client = createClient(api.url, 64);
  onTestFinished(async () => {
    client.close();
    await api.kill('SIGKILL');
    await db.drop();
  });
  const ask = async (address: string): Promise<number> =>
    (await client.ask(sendOtp(await tokenOf(crypto.randomUUID()), address))).status;
  return { db, api, smtp, ask };
}

const greylists: Script = {
  RCPT: (argument) => (/<grey/.test(argument) ? '450 4.2.0 <x>: Recipient address rejected: Greylisted' : undefined),
};

const timesOf = (asked: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(asked, (to) => to)].map(([to, all]) => [to, all.length]));

test(
  'of 41 mails the relay greylists 40: while these are tried again, the one goes out within seconds',
  { timeout: 120_000 },
  async () => {
    const { smtp, ask } = await relayed(greylists);
    await atOnce(40, (n) => ask(`grey-${n}@example.com`));
    // A sender that has only begun leaves what was held before to its holders: from here on they are tried again.
    await expect.poll(() => smtp.asked.length, { timeout: 60_000 }).toBeGreaterThan(60);
    const started = performance.now();
    expect(await ask('good@example.com')).toBe(200);
    await expect.poll(() => smtp.taken.map(({ to }) => to), { timeout: 60_000 }).toEqual(['good@example.com']);
    const before = (smtp.asked as string[]).indexOf('good@example.com');
    process.stdout.write(`good after ${Math.round((smtp.taken[0]?.at ?? 0) - started)} ms, ${before} before it\n`);
    expect(Math.max(...Object.values(timesOf(smtp.asked)))).toBeLessThanOrEqual(3);
  },
);
