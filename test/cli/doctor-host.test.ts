/** The doctor on this machine: settings, keys, room on the disk, backups. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { judgeRoom } from '../../services/cli/doctor/host.ts';
import { JWT_SECRET } from '../support/api.ts';
import { examineOne } from '../support/doctor.ts';

const look = (name: string, env: Record<string, string>) => examineOne({ env }, name);
const other = 'another-secret-that-only-tests-know-98765';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sealpost-doctor-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const lookAt = async (BACKUP_DIR: string) => {
  const { status, what } = await look('backups', { BACKUP_DIR });
  return [status, what];
};

describe('the doctor on settings and keys', () => {
  test('good settings are counted, and sample secrets in production are wrong by name', async () => {
    expect(await look('settings', {})).toMatchObject({
      status: 'ok',
      what: expect.stringMatching(/^\d+ of \d+ settings/),
    });
    const samples = {
      NODE_ENV: 'production',
      OTP_KEYS: `k2:change-me-change-me-change-me-change-me`,
      DATABASE_URL: 'postgres://request_app:secure_password_here@127.0.0.1/x',
    };
    const found = await look('settings', samples);
    expect(found.what).toMatch(/^DATABASE_URL: .*OTP_KEYS: /);
    expect(found.what).not.toContain('change-me');
  });

  test('the same id twice in OTP_KEYS is wrong: the codes of one of them could not be checked', async () => {
    const found = await look('settings', { OTP_KEYS: `k1:${JWT_SECRET},k1:${other}` });
    expect(found).toMatchObject({ status: 'wrong', what: 'OTP_KEYS: must not contain the same id twice.' });
  });

  test.each([
    ['one sign repeated', { JWT_SECRET: 'x'.repeat(64) }, 'JWT_SECRET can be guessed'],
    ['a sample', { JWT_SECRET: 'super_secure_jwt_secret_for_production_use_256_bits' }, 'JWT_SECRET can be guessed'],
    ['a sample key', { OTP_KEYS: `k1:changeme-changeme-changeme-changeme` }, 'OTP_KEYS can be guessed'],
  ])('a secret that is %s is a warning, in production wrong', async (_, env, what) => {
    expect(await look('keys', env)).toMatchObject({ status: 'warning', what: expect.stringContaining(what) });
    expect((await look('keys', { ...env, NODE_ENV: 'production' })).status).toBe('wrong');
  });

  test('one secret for two purposes is a warning', async () => {
    const found = await look('keys', { REFRESH_TOKEN_SECRET: JWT_SECRET });
    expect(found).toMatchObject({ status: 'warning', what: 'JWT_SECRET and REFRESH_TOKEN_SECRET are the same.' });
  });

  test('good keys are told by length and number, none by value', async () => {
    const found = await look('keys', { OTP_KEYS: `k2:${other},k1:${other}-old` });
    expect(found).toMatchObject({
      status: 'ok',
      what: expect.stringContaining(`JWT_SECRET of ${JWT_SECRET.length} bytes`),
    });
    expect(found.what).toContain('2 OTP_KEYS');
    expect(found.what).not.toContain(other);
    const jwks = await look('keys', {
      JWT_SECRET: '',
      JWT_JWKS_URL: 'https://id.example.com/keys',
      OTP_KEYS: `k1:${other}`,
    });
    expect(jwks.what).toContain("the issuer's keys");
    expect((await look('keys', { JWT_SECRET: '' })).what).toMatch(/^Not checked: there is neither/);
  });
});

describe('the doctor on disk and backups', () => {
  const GIB = 2 ** 30;

  test.each([
    [50 * GIB, 0.5, 'ok'],
    [GIB, 0.5, 'warning'],
    [0.1 * GIB, 0.5, 'wrong'],
    [50 * GIB, 0, 'wrong'],
  ])('%i free bytes and a share of %d free files are %s, whatever another disk has', (freeBytes, filesLeft, status) => {
    const roomy = { folder: '/a', freeBytes: 100 * GIB, filesLeft: 1 };
    const found = judgeRoom([roomy, { folder: '/b', freeBytes, filesLeft }]);
    expect(found.status).toBe(status);
    expect(found.what).toContain('/b');
  });

  test('the room of the data folder is looked up for real', async () => {
    const path = folder();
    expect((await look('disk', { SEALPOST_DATA: path })).what).toContain(`GiB are free in ${path}.`);
  });

  test('a backup without its manifest is not known to be whole; files of other names are none, and a folder must be there', async () => {
    const path = folder();
    writeFileSync(join(path, 'full_backup_20300101_020000.tar.gz'), 'x');
    mkdirSync(join(path, 'dir'));
    expect(await lookAt(path)).toEqual(['wrong', `There is no backup in ${path}.`]);
    writeFileSync(join(path, 'request_marketplace_prod_backup_20260301_020000.sql.gz'), 'x');
    expect(await lookAt(path)).toEqual([
      'wrong',
      expect.stringMatching(/ has 1 bytes and no manifest; none has one\.$/),
    ]);
    expect(await lookAt(join(path, 'not-there'))).toEqual(['wrong', expect.stringContaining('ENOENT')]);
  });

  test('without BACKUP_DIR nothing is looked for, and in production that is a warning', async () => {
    expect((await look('backups', {})).status).toBe('skipped');
    expect((await look('backups', { NODE_ENV: 'production' })).status).toBe('warning');
  });
});
