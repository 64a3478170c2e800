/** `sealpost erasures replay`: after a restore whom the ledger lists is erased again, and nobody else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addErasures } from '../../services/cli/erasures.ts';
import { addressHash } from '../../services/runtime/keys.ts';
import { user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf, testKeys } from '../support/rules.ts';

/** The keys of the tests' handlers. */
const OTP_KEYS = `k1:${'\u0007'.repeat(32)}`;
const JWT_JWKS_URL = 'https://id.example.com/keys';
const email = 'a@example.com';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const name of ['a', 'other', 'zz']) {
    await handlerOn(db.sql).handle(requestOf(addressOf(`${name}@example.com`), user(1)));
  }
});
afterAll(() => db.drop());

const line = (name: string) =>
  `${JSON.stringify({ at: '2026-03-01T12:00:00Z', keyId: 'k1', addressHash: addressHash(testKeys, 'k1', addressOf(name)) })}\n`;

describe('sealpost erasures replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-replay-'));
  const file = join(folder, 'erasures.jsonl');
  afterAll(() => rmSync(folder, { recursive: true }));
  const replay = (env: Record<string, string> = { ERASURE_LEDGER: file }) =>
    runCommand(addErasures, ['erasures', 'replay'], { DATABASE_URL: db.url, JWT_JWKS_URL, OTP_KEYS, ...env });
  test('erases whom the ledger lists and nobody else, however many there are before them, and twice is no harm', async () => {
    // More than are read at once; no one of them did anything.
    await db.owner`
      insert into streams (id, version, state)
      select 'm' || n || '@example.com', 1, '{}' from generate_series(1, 2001) as n
    `;
    writeFileSync(file, `${line('zz@example.com')}${line(email)}${line('gone@example.com')}`);
    expect(await replay()).toEqual({
      code: 0,
      stdout: '3 erasures in the ledger, 2 addresses erased again.\n',
      stderr: '',
    });
    const left = await db.owner`select id from streams where id not like 'm%' order by id`;
    expect(left.map(({ id }) => String(id).replace(/^erased-.*@/, '…@'))).toEqual([
      '…@erased.invalid',
      '…@erased.invalid',
      'other@example.com',
    ]);
    const erased = await db.owner`select data from events where type = 'erased'`;
    expect(erased).toEqual([{ data: { by: 'erasure ledger' } }, { data: { by: 'erasure ledger' } }]);
    expect((await replay()).stdout).toBe('3 erasures in the ledger, 0 addresses erased again.\n');
  });

  test('without a ledger, or with one that cannot be read, erases nobody and says what is needed', async () => {
    const before = await db.owner`select id from streams order by id`;
    expect((await replay({ ERASURE_LEDGER: '' })).stderr).toBe(
      'Set ERASURE_LEDGER to the file that lists the erasures.\n',
    );
    writeFileSync(file, `${line('other@example.com')}{\n`);
    expect(await replay()).toMatchObject({ code: 1, stderr: 'Line 2 of the erasure ledger cannot be read.\n' });
    expect(await db.owner`select id from streams order by id`).toEqual(before);
  });
});
