/** The secrets of a stack: made once, .env wins, each where its reader looks. And the role that they log in with. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSecrets } from '../../services/cli/secrets.ts';
import { chapters } from '../../services/config/all.ts';
import { ensureLogin, scramVerifier } from '../../services/store/login-role.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let folder: string;
let db: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpost-secrets-'));
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.owner`drop role if exists "test ""login"`;
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

describe('the secrets of a stack', () => {
  test('are made once, all that have no default, and differ from one another', async () => {
    expect(writeSecrets(folder, {})).toContain('JWT_SECRET');
    const before = await Promise.all(['app/JWT_SECRET', 'app/DB_PASSWORD', 'mail/AWS_SECRET_ACCESS_KEY'].map(read));
    expect(writeSecrets(folder, {})).toEqual([]);
    const after = await Promise.all(['app/JWT_SECRET', 'app/DB_PASSWORD', 'mail/AWS_SECRET_ACCESS_KEY'].map(read));
    expect(after).toEqual(before);
    expect(new Set(after).size).toBe(3);
    expect(after.every((value) => value.length >= 32)).toBe(true);
  });

  test('are all that the settings have, and no reader finds another one’s', async () => {
    const settings = Object.values(chapters).flatMap((table) =>
      Object.keys(table).filter((name) => table[name]?.secret),
    );
    const names = await Promise.all(['app', 'mail', 'database'].map((reader) => readdir(join(folder, reader))));
    expect(names.flat().toSorted()).toEqual(settings.toSorted());
    expect(await readdir(join(folder, 'grafana'))).toEqual(['GRAFANA_PASSWORD']);
    expect(await readdir(join(folder, 'postgres'))).toEqual(['POSTGRES_PASSWORD']);
  });

  test('.env wins, and without it the one that was made is back; an optional one is empty again', async () => {
    const made = await read('app/JWT_SECRET');
    writeSecrets(folder, { JWT_SECRET: 'given', OTP_KEYS: 'a:b' });
    expect([await read('app/JWT_SECRET'), await read('app/OTP_KEYS')]).toEqual(['given', 'a:b']);
    writeSecrets(folder, {});
    expect([await read('app/JWT_SECRET'), await read('app/OTP_KEYS')]).toEqual([made, '']);
  });

  test('the owner’s URL is of the own PostgreSQL, or what DATABASE_ADMIN_URL or DATABASE_URL names', async () => {
    expect(await read('database/DATABASE_ADMIN_URL')).toMatch(
      /^postgres:\/\/postgres:[\w-]{32}@postgres:5432\/request_marketplace_prod$/,
    );
    writeSecrets(folder, { DATABASE_URL: 'postgres://a@b/c' });
    expect(await read('database/DATABASE_ADMIN_URL')).toBe('postgres://a@b/c');
    writeSecrets(folder, {});
  });

  test('half a pair of AWS keys is refused, and nothing is written', async () => {
    const before = await stat(join(folder, 'mail/AWS_ACCESS_KEY_ID'));
    expect(() => writeSecrets(folder, { AWS_ACCESS_KEY_ID: 'AKIA' })).toThrow('set both');
    expect((await stat(join(folder, 'mail/AWS_ACCESS_KEY_ID'))).ino).toBe(before.ino);
  });
});

describe('the role of the running programs', () => {
  test('logs in with the password given last, belongs to sealpost_app, and may not change an event', async () => {
    const name = 'test "login';
    await ensureLogin(db.ownerUrl, { name, password: 'first password' });
    await ensureLogin(db.ownerUrl, { name, password: "it's the second" });
    const url = new URL(db.ownerUrl);
    url.username = encodeURIComponent(name);
    url.password = encodeURIComponent("it's the second");
    const sql = postgres(url.href, { max: 1, fetch_types: false });
    expect(await sql`select count(*)::int as events from events`).toEqual([{ events: 0 }]);
    await expect(sql`delete from events`).rejects.toMatchObject({ code: '42501' });
    await expect(sql`create table mine (id int)`).rejects.toMatchObject({ code: '42501' });
    await sql.end();
    url.password = encodeURIComponent('first password');
    const old = postgres(url.href, { max: 1, fetch_types: false });
    await expect(old`select 1`).rejects.toMatchObject({ code: '28P01' });
    await old.end();
  });

  test('its verifier is the one of RFC 7677’s example, and another each time', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});
