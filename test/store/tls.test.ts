/** TLS to the database: asked for where it is set, never given up, and verified where it is said to be. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type DatabaseOptions } from '../../services/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTlsDatabase, type TlsDatabase } from '../support/tls-database.ts';

let db: TestDatabase;
let secure: TlsDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  secure = await startTlsDatabase(db.url);
  return () => secure.close();
});
afterAll(() => db.drop());

async function ask(url: string, ssl: DatabaseOptions['ssl']): Promise<unknown> {
  const sql = connect({ url, ssl, poolMax: 1, applicationName: 'tls', statementTimeoutMilliseconds: 5000 });
  try {
    return [...(await sql`select 1 as one`)];
  } catch (error) {
    return error;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

test('required: the statement goes over TLS, whoever signed the certificate', async () => {
  expect(await ask(secure.url, 'require')).toEqual([{ one: 1 }]);
  expect([secure.began, secure.logins()]).toEqual([['tls'], 1]);
});

test('to be verified: a certificate that nobody vouches for hears no login', async () => {
  expect(await ask(secure.url, 'verify')).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(secure.began).toContain('tls');
  expect([secure.began.includes('plain'), secure.logins()]).toEqual([false, 0]);
});

test('off: the statement goes without', async () => {
  expect(await ask(secure.url, 'off')).toEqual([{ one: 1 }]);
  expect(secure.began).toEqual(['plain']);
});

test.each(['require', 'verify'] as const)(
  '%s: a server without TLS is refused, not spoken to in the open',
  async (ssl) => {
    expect(await ask(db.url, ssl)).toBeInstanceOf(Error);
  },
);
