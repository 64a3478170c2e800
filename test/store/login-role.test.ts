/** The verifier that is kept of a login's password: what PostgreSQL itself would keep of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scramVerifier } from '../../services/store/login-role.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test.each([
  ['plain', 'test-only-password'],
  ['with signs', `p@ss'"\\$: word`],
  ['composed', 'p\u00e4ss'],
  ['taken apart', 'pa\u0308ss'],
  ['of forms that are alike', '\ufb01sh \uff21\u2460'],
])('a password %s gives the verifier that the server makes of it', async (_, password) => {
  const role = `kept_${db.url.slice(-12)}`;
  await db.owner`
    select set_config('test.role', ${role}, false), set_config('test.password', ${password}, false)
  `;
  await db.owner.unsafe(`do $$ begin execute format('create role %I password %L', current_setting('test.role'),
    current_setting('test.password')); end $$`);
  const [row] = await db.owner`select rolpassword as kept from pg_authid where rolname = ${role}`;
  await db.owner`drop role ${db.owner(role)}`;
  const [, salt = ''] = /^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(row?.kept as string) ?? [];
  expect(scramVerifier(password, Buffer.from(salt, 'base64'))).toBe(row?.kept);
});

test('two verifiers of one password have salts of their own', () => {
  expect(scramVerifier('same')).not.toBe(scramVerifier('same'));
});
