/** The secrets of a stack: made once, .env wins, each where its reader looks. And the role that they log in with. */
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSecrets } from '../../services/cli/secrets.ts';
import { chapters } from '../../services/config/all.ts';
import { ensureLogin, scramVerifier } from '../../services/store/login-role.ts';
import { runCli } from '../support/cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let folder: string;
let db: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpost-secrets-'));
  writeSecrets(folder, {});
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
    const fresh = join(folder, 'fresh');
    const some = ['app/JWT_SECRET', 'app/DB_PASSWORD', 'mail/AWS_SECRET_ACCESS_KEY'];
    const readAll = (): Promise<string[]> => Promise.all(some.map((name) => readFile(join(fresh, name), 'utf8')));
    expect(writeSecrets(fresh, {})).toContain('JWT_SECRET');
    const before = await readAll();
    expect(writeSecrets(fresh, {})).toEqual([]);
    const after = await readAll();
    expect(after).toEqual(before);
    expect(new Set(after).size).toBe(3);
    expect(after.every((value) => value.length >= 32)).toBe(true);
  });

  test('are all that the settings have, and no reader finds another one’s', async () => {
    const settings = Object.values(chapters).flatMap((table) =>
      Object.keys(table).filter((name) => table[name]?.secret),
    );
    const names = await Promise.all(
      ['app', 'mail', 'database', 'backup', 'off-site', 'alertmanager'].map((reader) => readdir(join(folder, reader))),
    );
    const made = new Set(['alertmanager.yml', 'sealpost.tmpl', 'mail_password']);
    expect(
      names
        .flat()
        .filter((name) => !made.has(name))
        .toSorted(),
    ).toEqual(settings.toSorted());
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

  test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'half a pair of AWS keys, %s alone, is refused, and nothing is written',
    async (name) => {
      const before = await stat(join(folder, 'mail/AWS_ACCESS_KEY_ID'));
      expect(() => writeSecrets(folder, { [name]: 'AKIA' })).toThrow('set both');
      expect((await stat(join(folder, 'mail/AWS_ACCESS_KEY_ID'))).ino).toBe(before.ino);
    },
  );

  test('the pair of .env takes the place of the mailbox’s, which is back without it', async () => {
    const pair = (): Promise<string[]> =>
      Promise.all(['mail/AWS_ACCESS_KEY_ID', 'mail/AWS_SECRET_ACCESS_KEY'].map(read));
    const made = await pair();
    writeSecrets(folder, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'the key', SMTP_PASSWORD: 'mail' });
    expect([...(await pair()), await read('mail/SMTP_PASSWORD')]).toEqual(['AKIA', 'the key', 'mail']);
    writeSecrets(folder, {});
    expect([...(await pair()), await read('mail/SMTP_PASSWORD')]).toEqual([...made, '']);
  });

  test('what is made is random and long, and is just what there must be', async () => {
    const two = [join(folder, 'one'), join(folder, 'two')] as const;
    const names =
      'JWT_SECRET DB_PASSWORD POSTGRES_PASSWORD GRAFANA_PASSWORD BACKUP_DB_PASSWORD ERASURE_KEYS AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY';
    for (const each of two) expect(writeSecrets(each, {}).toSorted()).toEqual(names.split(' ').toSorted());
    /** Of 48, 24, 24, 18 and 24 random bytes, and of 8 as a key id looks. */
    const shapes = {
      'app/JWT_SECRET': /^[\w-]{64}$/,
      'app/DB_PASSWORD': /^[\w-]{32}$/,
      // A key of its own, and the one that is derived from JWT_SECRET.
      'app/ERASURE_KEYS': /^ledger_[\da-f]{8}:[\w+/]{43}=,jwt_[\da-f]{8}:[\w+/]{43}=$/,
      'postgres/POSTGRES_PASSWORD': /^[\w-]{32}$/,
      'grafana/GRAFANA_PASSWORD': /^[\w-]{24}$/,
      'backup/BACKUP_DB_PASSWORD': /^[\w-]{32}$/,
      'mail/AWS_ACCESS_KEY_ID': /^LOCAL[\dA-F]{16}$/,
      'mail/AWS_SECRET_ACCESS_KEY': /^[\w-]{32}$/,
    };
    for (const [name, like] of Object.entries(shapes)) {
      const [one = '', other = ''] = await Promise.all(two.map((each) => readFile(join(each, name), 'utf8')));
      expect(one, name).toMatch(like);
      expect(other, name).not.toBe(one);
    }
  });

  test('a reader may read its file and nobody may change it; what was made is its owner’s alone; no half file is left', async () => {
    const modeOf = async (name: string): Promise<number> => (await stat(join(folder, name))).mode & 0o777;
    for (const name of ['app/JWT_SECRET', 'app/OTP_KEYS', 'mail/SMTP_PASSWORD', 'grafana/GRAFANA_PASSWORD']) {
      expect(await modeOf(name), name).toBe(0o444);
    }
    expect(await modeOf('made/JWT_SECRET')).toBe(0o400);
    expect(await modeOf('app')).toBe(0o755);
    // The owner's login is for migrate alone.
    expect(await readdir(join(folder, 'app'))).not.toContain('DATABASE_ADMIN_URL');
    const all = await readdir(folder, { recursive: true });
    expect(all.filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('a file that cannot be read is no reason to make another in its place', async () => {
    const other = join(folder, 'other');
    const made = join(other, 'made/JWT_SECRET');
    await mkdir(join(other, 'made'), { recursive: true });
    // It leads to itself.
    await symlink(made, made);
    expect(() => writeSecrets(other, {})).toThrow('ELOOP');
    expect((await lstat(made)).isSymbolicLink()).toBe(true);
    expect((await readdir(other)).toSorted()).not.toContain('app');
  });

  test('Grafana’s password may be the operator’s; the database’s name is safe in its URL; the owner named goes first', async () => {
    const url = 'postgres://owner@db.example.test/verification';
    writeSecrets(folder, { GRAFANA_PASSWORD: 'of the operator', DB_NAME: 'a/b?c' });
    expect(await read('grafana/GRAFANA_PASSWORD')).toBe('of the operator');
    expect(await read('database/DATABASE_ADMIN_URL')).toMatch(/@postgres:5432\/a%2Fb%3Fc$/);
    writeSecrets(folder, { DATABASE_URL: 'postgres://a@b/c', DATABASE_ADMIN_URL: url });
    expect(await read('database/DATABASE_ADMIN_URL')).toBe(url);
    expect(await read('app/DATABASE_URL')).toBe('postgres://a@b/c');
    writeSecrets(folder, {});
    expect(await read('grafana/GRAFANA_PASSWORD')).toMatch(/^[\w-]{24}$/);
  });

  test('the command says the names of what it made, and never a value', async () => {
    const { stdout } = await runCli(['secrets', '--folder', join(folder, 'told')], {});
    const made = (await readdir(join(folder, 'told/made'))).toSorted();
    expect(
      stdout
        .trim()
        .replace(/^Made (.*)\.$/, '$1')
        .split(', ')
        .toSorted(),
    ).toEqual(made);
    const again = await runCli(['secrets', '--folder', join(folder, 'told')], {});
    expect(again.stdout).toBe('The secrets are there.\n');
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
