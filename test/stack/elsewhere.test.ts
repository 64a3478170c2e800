/** A database that is not the stack's: TLS with its certificate checked, its own roles, and no PostgreSQL beside it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { awaitCode } from '../support/mailbox.ts';
import { certificateFor } from './support/certificate.ts';
import { MAILBOX, type Stack, startStack } from './support/stack.ts';

const env = {
  DATABASE_URL: 'postgres://programs:the-programs-password@db.example.test:5432/verification',
  DATABASE_ADMIN_URL: 'postgres://owner:the-owners-password@db.example.test:5432/verification',
  DATABASE_CA: './tls/ca.pem',
};

let stack: Stack;
beforeAll(async () => {
  const { ca, cert, key } = await certificateFor('db.example.test');
  const files = { 'tls/ca.pem': ca, 'tls/cert.pem': cert, 'tls/key.pem': key };
  stack = await startStack({ env, files, overrides: ['test/stack/elsewhere.yaml'] });
});
afterAll(() => stack?.stop());

const psql = (statement: string): Promise<string> =>
  stack.compose(...'exec -T -u postgres elsewhere psql -At -U owner -d verification -c'.split(' '), statement);

describe('with DATABASE_URL', () => {
  test("the stack's own PostgreSQL is left out, and an address is verified on the other", async () => {
    expect(await stack.compose('ps', '--all', '--quiet', 'postgres')).toBe('');
    const token = await stack.token(user(1));
    const post = (path: string, body: object) =>
      stack.answer({ method: 'POST', path: `/api/email-verification/${path}`, token, body });
    const email = 'elsewhere@example.com';
    expect((await post('send-otp', { email })).status).toBe(200);
    expect((await post('verify-otp', { email, otp: await awaitCode(MAILBOX, email) })).status).toBe(200);
    expect(await psql("select count(*) from events where type = 'verified'")).toBe('1\n');
  });

  test('every connection of ours is encrypted, and the programs log in with least rights', async () => {
    const rows = await psql(`
      select distinct usename, ssl from pg_stat_activity join pg_stat_ssl using (pid) where application_name like 'sealpost%'
    `);
    expect(rows).toBe('programs|t\n');
    const rights = await psql("select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = 'programs'");
    expect(rights).toBe('f|f|f\n');
    expect(await stack.sealpost('rebuild', '--check')).toContain('The tables match the log.');
  });

  test('a certificate of an authority that is not named is refused', async () => {
    const refused = stack.compose('run', '--rm', '--no-deps', '-T', '-e', 'NODE_EXTRA_CA_CERTS=', 'cli', 'migrate');
    await expect(refused).rejects.toThrow(/certificate/i);
  });
});
