/** An api whose mails go by SMTP through a relay that a test scripts, eight a second. */
import { type Answer, type ApiProcess, startApiProcess, tokenOf } from './api.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type LoggedEvent, readLog } from './history.ts';
import { openScripted, type Script, type ScriptedSmtp } from './scripted-smtp.ts';

export type Relayed = Readonly<{
  db: TestDatabase;
  api: ApiProcess;
  smtp: ScriptedSmtp;
  /** Another api on the same database and relay. */
  another(): Promise<ApiProcess>;
  /** Asks for a code as somebody who never did. */
  ask(address: string, of?: ApiProcess): Promise<Answer>;
  events(address: string): Promise<readonly LoggedEvent[]>;
  /** The types of these. */
  types(address: string): Promise<readonly string[]>;
  /** The lines of the api's log with this name. */
  lines(event: string): readonly Record<string, unknown>[];
  metric(line: string): Promise<number>;
  /** Moves the rules' clock on: pauses and claims are over, and nobody waits for it. */
  skip(seconds: number): Promise<void>;
}>;

/** A test's work in a world of its own, which ends whatever happens. */
export const relayed =
  (work: (world: Relayed) => Promise<void>, script: Script = {}, env: Record<string, string> = {}) =>
  async (): Promise<void> => {
    const ends: (() => Promise<unknown>)[] = [];
    try {
      await work(await start(script, env, ends));
    } finally {
      for (const end of ends.toReversed()) await end();
    }
  };

async function start(script: Script, more: Record<string, string>, ends: (() => Promise<unknown>)[]): Promise<Relayed> {
  const [db, smtp] = await Promise.all([createTestDatabase(), openScripted(script)]);
  ends.push(db.drop, smtp.close);
  const another = async (): Promise<ApiProcess> => {
    const env = {
      MAIL_TRANSPORT: 'smtp',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_TLS: 'off',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      ...more,
    };
    const started = await startApiProcess({ databaseUrl: db.url, sesUrl: 'http://127.0.0.1:9', env });
    ends.push(() => started.kill('SIGKILL'));
    return started;
  };
  const api = await another();
  let ahead = 0;
  const events = async (address: string) => (await readLog(db.owner)).filter((event) => event.address === address);
  return {
    db,
    api,
    smtp,
    another,
    ask: async (address, of = api) =>
      of.call('POST', '/api/email-verification/send-otp', {
        token: await tokenOf(crypto.randomUUID()),
        body: { email: address },
      }),
    events,
    types: async (address) => (await events(address)).map(({ type }) => type),
    skip: async (seconds) => {
      ahead += seconds;
      await db.setClockAhead(ahead);
    },
    lines: (event) =>
      api
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line.event === event),
    metric: async (line) => {
      const text = await (await fetch(api.metricsUrl)).text();
      const found = text.split('\n').find((one) => one.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    },
  };
}
