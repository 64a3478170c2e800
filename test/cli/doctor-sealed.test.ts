/** The sealed file of the secrets: the doctor tells who has none, and which secrets have changed since it was written. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSecrets } from '../../services/cli/secrets.ts';
import { checkSealed } from '../../services/cli/doctor/sealed.ts';
import type { DoctorContext } from '../../services/cli/doctor/context.ts';
import { readSettings, type SettingsTable } from '../../services/runtime/settings.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';

/** A stack whose secrets are an hour old, and how its doctor finds them. */
function stack() {
  const at = temporaryFolder();
  const folder = join(at, 'secrets');
  writeSecrets(folder, {});
  mkdirSync(join(at, 'backups/postgresql'), { recursive: true });
  const names = ['JWT_SECRET', 'ERASURE_KEYS', 'DB_PASSWORD'];
  const hourAgo = Date.now() / 1000 - 3600;
  for (const name of names) utimesSync(join(folder, 'app', name), hourAgo, hourAgo);
  const files = Object.fromEntries(names.map((name) => [`${name}_FILE`, join(folder, 'app', name)]));
  const look = (more: Record<string, string> = {}, production = true) => {
    const environment: Record<string, string> = { BACKUP_DIR: join(at, 'backups/postgresql'), ...files, ...more };
    const settings = <T extends SettingsTable>(table: T) => readSettings(table, { BACKUP_DIR: environment.BACKUP_DIR });
    const found = checkSealed({ environment, settings, production } as DoctorContext);
    return [found.status, found.what];
  };
  return { folder, sealed: join(at, 'backups/secrets.sealpost'), look };
}

test('none at all is a warning in production', () => {
  const { look } = stack();
  expect(look()).toEqual(['warning', 'There is no secrets.sealpost: if this machine is lost, so are its secrets.']);
  expect(look({}, false)).toEqual(['skipped', 'There is no secrets.sealpost.']);
});

test('it is well until a secret changes, which is named; a start that changes none is no change', () => {
  const { folder, sealed, look } = stack();
  writeFileSync(sealed, 'sealed');
  const minutesAgo = Date.now() / 1000 - 600;
  utimesSync(sealed, minutesAgo, minutesAgo);
  expect(look()).toEqual(['ok', 'secrets.sealpost has all secrets as they are.']);
  writeSecrets(folder, {});
  expect(look()).toEqual(['ok', 'secrets.sealpost has all secrets as they are.']);
  writeSecrets(folder, { JWT_SECRET: 'of the operator, and long enough' });
  expect(look()).toEqual(['warning', 'JWT_SECRET: changed since secrets.sealpost was written.']);
});

test('without a stack there is none', () => {
  const { look } = stack();
  const unset = { JWT_SECRET_FILE: '', ERASURE_KEYS_FILE: '', DB_PASSWORD_FILE: '/no/such/file' };
  expect(look(unset)).toEqual(['skipped', 'The secrets are not those of a stack.']);
});
