/** `sealpost erasures`: after a restore whom the ledger lists is erased again, and nobody else; the keys that it is read with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addErasures } from '../../services/cli/erasures.ts';
import { keySettings, ledgerKeysOf } from '../../services/config/keys.ts';
import { appendToLedger } from '../../services/runtime/erasure-ledger.ts';
import { addressHash } from '../../services/runtime/keys.ts';
import { readSettings } from '../../services/runtime/settings.ts';
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

/** As an erasure at the api writes it that has these settings. */
const written = async (file: string, settings: Record<string, string>, name: string): Promise<void> => {
  const keys = ledgerKeysOf(readSettings(keySettings, settings));
  const [{ id: keyId }] = keys;
  const hash = addressHash(keys, keyId, addressOf(name)) ?? '';
  await appendToLedger(file, { at: '2026-03-01T12:00:00Z', keyId, addressHash: hash });
};

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

  describe('after JWT_SECRET was rotated twice', () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) => name.padEnd(32, '.')) as [
      string,
      string,
      string,
    ];
    const own = `own:${Buffer.alloc(32, 9).toString('base64')}`;
    const now = { DATABASE_URL: '', JWT_JWKS_URL: '', OTP_KEYS: '', JWT_SECRET: third, JWT_SECRET_PREVIOUS: second };
    const replayNow = (env: Record<string, string> = {}) =>
      replay({ ...now, DATABASE_URL: db.url, ERASURE_LEDGER: file, ...env });

    test('a ledger with keys of its own is read as before, also what was written before it had any', async () => {
      writeFileSync(file, '');
      await written(file, { JWT_SECRET: first }, 'x1@example.com');
      const keys = await runCommand(addErasures, ['erasures', 'keys'], { JWT_SECRET: first });
      const ERASURE_KEYS = `${own},${keys.stdout.trim()}`;
      await written(file, { JWT_SECRET: first, ERASURE_KEYS }, 'x2@example.com');
      await written(file, { JWT_SECRET: third, JWT_SECRET_PREVIOUS: second, ERASURE_KEYS }, 'x3@example.com');
      expect(await replayNow({ ERASURE_KEYS })).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^3 erasures/),
      });
    });

    test('one without is refused, and the advice can be followed: the keys of that time are printed in its form', async () => {
      writeFileSync(file, '');
      for (const [JWT_SECRET, name] of [
        [first, 'x1@example.com'],
        [second, 'x2@example.com'],
      ] as const) {
        await written(file, { JWT_SECRET }, name);
      }
      const { code, stderr } = await replayNow();
      expect([code, stderr]).toEqual([1, expect.stringMatching(/needs the keys jwt_[\da-f]{8}, and without them/)]);
      expect(stderr).toContain(
        '"sealpost erasures keys --with FILE" prints those of now and of the JWT_SECRET in FILE',
      );
      const of = join(folder, 'first-secret');
      writeFileSync(of, `${first}\n`);
      const { JWT_SECRET, JWT_SECRET_PREVIOUS } = now;
      const asked = { JWT_SECRET, JWT_SECRET_PREVIOUS, ERASURE_KEYS: own };
      const { stdout } = await runCommand(addErasures, ['erasures', 'keys', '--with', of], asked);
      expect(stdout).toMatch(/^own:[\w+/]{43}=(?:,jwt_[\da-f]{8}:[\w+/]{43}=){3}\n$/);
      expect(await replayNow({ ERASURE_KEYS: stdout.trim() })).toMatchObject({ code: 0 });
    });
  });
});
