/** A database of the test file's own: a copy of the migrated template, with the owner's login and the programs'. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect, type Pool } from '../../services/store/database.ts';
import { APP_PASSWORD, APP_ROLE, TEMPLATE } from './global-setup.ts';

export type TestDatabase = Readonly<{
  /** As the running programs log in. */
  url: string;
  ownerUrl: string;
  /** The owner's connection, for looking and for moving the clock. */
  owner: postgres.Sql;
  /** A pool as the running programs have it. */
  sql: Pool;
  /** Moves the rules' clock: from now on it is so many seconds ahead of the real one. */
  setClockAhead(seconds: number): Promise<void>;
  /** Stops the rules' clock at this instant, in milliseconds since 1970. */
  freezeClock(at: number): Promise<void>;
  /** Forgets all that was recorded and derived, and whose the lease is; numbers begin at 1 again. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}>;

const RECORDED = [
  'events',
  'mails_sent',
  'sending_resumptions',
  'streams',
  'outbox',
  'idempotency_keys',
  'user_email_addresses',
  'email_otp_verifications',
  'rate_windows',
  'accounts',
  'refresh_tokens',
  'sessions',
  'sign_ins',
  'jobs',
  'job_runs',
];

export async function createTestDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = postgres(inject('clusterUrl'), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name} template ${template} strategy wal_log`);
  const ownerUrl = withPath(inject('clusterUrl'), name);
  const url = withLogin(ownerUrl);
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const sql = connect({ url, ssl: 'off', poolMax: 8, applicationName: 'test', statementTimeoutMilliseconds: 5000 });
  const setClock = async (expression: string) => {
    await owner.unsafe(
      `create or replace function event_clock() returns timestamptz language sql volatile as $$ select ${expression} $$`,
    );
  };
  return {
    url,
    ownerUrl,
    owner,
    sql,
    setClockAhead: (seconds) =>
      setClock(`date_trunc('milliseconds', clock_timestamp()) + interval '${seconds} seconds'`),
    freezeClock: (at) => setClock(`timestamptz '${new Date(at).toISOString()}'`),
    empty: async () => {
      await owner.unsafe(`truncate ${RECORDED.join(', ')} restart identity cascade`);
      await owner`update leases set holder = '', expires_at = '-infinity'`;
    },
    drop: async () => {
      await Promise.all([owner.end({ timeout: 1 }), sql.end({ timeout: 1 })]);
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

function withPath(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withLogin(url: string): string {
  const changed = new URL(url);
  changed.username = APP_ROLE;
  changed.password = APP_PASSWORD;
  return changed.href;
}
