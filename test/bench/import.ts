/**
 * `npm run bench:import -- 1000000`: so many rows of the guide's system, half addresses and half codes, brought over, and
 * brought over again; beside it a plain copy of the same rows in one statement each. Prints rows a second and the ratio.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { startPostgres } from '../../services/local/postgres/server.ts';
import { migrate } from '../../services/store/migrate.ts';
import { JWT_SECRET } from '../support/api.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const HALF = Math.floor(ROWS / 2);
const folder = mkdtempSync(join(tmpdir(), 'sealpost-bench-'));
const server = await startPostgres({ dataDir: join(folder, 'postgres') });

try {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL 18, fsync on`,
  );
  const admin = postgres(server.url('postgres'), { max: 1, onnotice: () => {} });
  await admin.unsafe('create database guide');
  await admin.unsafe('create database ours');
  await migrate(server.url('ours'));
  await admin.end();
  const guide = postgres(server.url('guide'), { max: 1, onnotice: () => {} });
  await guide.unsafe(`
    create table user_email_addresses (
      id serial primary key, user_id uuid not null, email_address varchar(255) not null, is_verified boolean,
      verified_at timestamp, purpose varchar(50), verification_method varchar(50), created_at timestamp, updated_at timestamp,
      unique (user_id, email_address, purpose)
    );
    create table email_otp_verifications (
      id uuid primary key, user_id uuid not null, email varchar(255) not null, otp varchar(10) not null, purpose varchar(50),
      verified boolean, verified_at timestamp, expires_at timestamp not null, attempts integer, max_attempts integer,
      created_at timestamp, updated_at timestamp
    );
    insert into user_email_addresses (user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at)
    select gen_random_uuid(), 'person' || n || '@example.com', n % 5 > 0, case when n % 5 > 0 then now() - n * interval '10 s' end,
      'verification', 'otp', now() - n * interval '11 s', now() - n * interval '10 s'
    from generate_series(1, ${HALF}) as n;
    insert into email_otp_verifications
    select gen_random_uuid(), user_id, email_address, '123456', purpose, is_verified, verified_at, created_at + interval '10 min', 1, 3,
      created_at, updated_at
    from user_email_addresses;
  `);
  const copying = performance.now();
  await guide.unsafe(`
    create table copied_addresses (like user_email_addresses including all);
    insert into copied_addresses select * from user_email_addresses;
    create table copied_codes (like email_otp_verifications including all);
    insert into copied_codes select * from email_otp_verifications;
  `);
  const copied = (performance.now() - copying) / 1000;
  await guide.end();
  const first = await run();
  const again = await run();
  const rate = (seconds: number): string => `${seconds.toFixed(1)} s, ${Math.round((2 * HALF) / seconds)} rows/s`;
  console.log(`import: ${rate(first)}; again, nothing to do: ${rate(again)}`);
  console.log(`beside it, a plain copy by PostgreSQL alone: ${rate(copied)}; ratio ${(first / copied).toFixed(1)}`);
} finally {
  await server.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds of one run of the command. */
async function run(): Promise<number> {
  const started = performance.now();
  const args = ['services/cli/main.ts', 'import', '--from', server.url('guide')];
  const env = { ...process.env, DATABASE_URL: server.url('ours'), JWT_SECRET, SEALPOST_DATA: folder };
  const [code] = (await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'close')) as [number];
  if (code !== 0) throw new Error(`import ended with ${code}`);
  return (performance.now() - started) / 1000;
}
