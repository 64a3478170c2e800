/** What `sealpost import` asks of the other database: its zone, its columns but never the codes; and who does not come back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { addImport } from '../../services/cli/import/command.ts';
import { addressHash } from '../../services/runtime/keys.ts';
import { user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGuideDatabase } from '../support/guide-tables.ts';
import { addressOf, testKeys } from '../support/rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealpost-import-'));
let source: TestDatabase;
let db: TestDatabase;
beforeAll(async () => {
  [source, db] = await Promise.all([createGuideDatabase(), createTestDatabase()]);
  await source.owner`
    insert into user_email_addresses (user_id, email_address, is_verified, verified_at, created_at, updated_at)
    values (${user(1)}, 'a@example.com', true, '2025-01-02 12:00', '2025-01-01 12:00', '2025-01-03 12:00')
  `;
  await source.owner`
    insert into email_otp_verifications (id, user_id, email, otp, expires_at, created_at)
    values (${user(101)}, ${user(1)}, 'a@example.com', '482913', '2025-01-01 12:10', '2025-01-01 12:00')
  `;
});
afterAll(async () => {
  await Promise.all([source.drop(), db.drop()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => db.empty());

const env = () => ({
  DATABASE_URL: db.url,
  JWT_JWKS_URL: 'https://id.example.com/keys',
  OTP_KEYS: `k1:${'\u0007'.repeat(32)}`,
});
const run = (from: string, more: Record<string, string> = {}, ...args: readonly string[]) =>
  runCommand(addImport, ['import', '--from', from, ...args], { ...env(), ...more });
const name = () => new URL(source.ownerUrl).pathname.slice(1);

/** When the address, its proof and its code are said to have been. */
async function times(): Promise<readonly string[]> {
  const [row] = await db.owner`
    select u.created_at, u.verified_at, c.expires_at from user_email_addresses u join email_otp_verifications c on true
  `;
  return Object.values(row ?? {}).map((at) => (at as Date).toISOString().slice(5, 16));
}

test('times without a zone are in that of the server unless another is named; times with one know it themselves', async () => {
  await source.owner.unsafe(`alter database ${name()} set timezone = 'Asia/Kolkata'`);
  onTestFinished(async () => void (await source.owner.unsafe(`alter database ${name()} reset timezone`)));
  expect((await run(source.ownerUrl)).stdout).toMatch(
    /^1 addresses and 1 codes; times without a zone are Asia\/Kolkata\.\n/,
  );
  expect(await times()).toEqual(['01-01T06:30', '01-02T06:30', '01-01T06:40']);
  await db.empty();
  await run(source.ownerUrl, {}, '--time-zone', 'America/New_York');
  expect(await times()).toEqual(['01-01T17:00', '01-02T17:00', '01-01T17:10']);
  await db.empty();
  await source.owner.unsafe(
    `alter table email_otp_verifications alter expires_at type timestamptz using expires_at at time zone 'UTC'`,
  );
  await run(source.ownerUrl, {}, '--time-zone', 'America/New_York');
  expect(await times()).toEqual(['01-01T17:00', '01-02T17:00', '01-01T12:10']);
});

test('a login that may read everything but the codes is enough, and may write nothing', async () => {
  const role = `reader_${name().slice(-12)}`;
  await source.owner.unsafe(`
    create role ${role} login password 'x';
    grant select on user_email_addresses to ${role};
    grant select (id, user_id, email, purpose, verified, verified_at, expires_at, attempts, max_attempts, created_at,
      updated_at) on email_otp_verifications to ${role}`);
  onTestFinished(async () => {
    await source.owner.unsafe(`drop owned by ${role}; drop role ${role}`);
  });
  const url = new URL(source.ownerUrl);
  [url.username, url.password] = [role, 'x'];
  const { code, stdout } = await run(url.href);
  expect(code).toBe(0);
  expect(stdout).toContain('user_email_addresses: 1 imported, 0 there already, 0 left out');
  expect(stdout).toContain('email_otp_verifications: 1 imported, 0 there already, 0 left out');
});

test('whom the ledger of erasures lists does not come back, and is named by id', async () => {
  const ledger = join(folder, 'erasures.jsonl');
  const hash = addressHash(testKeys, 'k1', addressOf('a@example.com'));
  writeFileSync(ledger, `${JSON.stringify({ at: '2026-03-01T12:00:00Z', keyId: 'k1', addressHash: hash })}\n`);
  const { code, stdout } = await run(source.ownerUrl, { ERASURE_LEDGER: ledger });
  expect(code).toBe(0);
  expect(stdout).toContain('user_email_addresses: 0 imported, 0 there already, 1 left out');
  expect(stdout).toContain('  left out 1: the address was erased here (id 1)');
  expect(stdout).toContain(`  left out 1: the address was erased here (id ${user(101)})`);
  expect(await db.owner`select from events`).toEqual([]);
  const report = join(folder, 'left-out.jsonl');
  await run(source.ownerUrl, { ERASURE_LEDGER: ledger }, '--report', report);
  const reason = 'the address was erased here';
  expect(readFileSync(report, 'utf8')).toBe(
    `{"table":"user_email_addresses","reason":"${reason}","id":1}\n` +
      `{"table":"email_otp_verifications","reason":"${reason}","id":"${user(101)}"}\n`,
  );
  writeFileSync(ledger, '{');
  expect(await run(source.ownerUrl, { ERASURE_LEDGER: ledger })).toMatchObject({ code: 1, stdout: '' });
  expect(await db.owner`select from events`).toEqual([]);
});
