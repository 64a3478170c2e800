/** `sealpost secrets export` and `import`: everything comes back, nothing is overwritten unasked, and no value is shown. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addSecrets, writeSecrets } from '../../services/cli/secrets.ts';
import { seal } from '../../services/runtime/sealed.ts';
import { runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/fake-pg-dump.ts';

const ENV = "SMTP_PASSWORD='of the mails'\nAPI_DOMAIN=api.example.com\n";
const PASSPHRASE = 'a passphrase of mine';

/** A stack's secrets and its .env, or a machine without. */
function machine(env?: string, filled = true) {
  const at = temporaryFolder();
  const [folder, dotEnv, out, edge] = ['secrets', '.env', 'sealed', 'edge'].map((name) => join(at, name)) as [
    string,
    string,
    string,
    string,
  ];
  if (env !== undefined) writeFileSync(dotEnv, env);
  if (filled) writeSecrets(folder, {});
  writeFileSync(join(at, 'passphrase'), `${PASSPHRASE}\n`);
  const run = (...args: readonly string[]) =>
    runCommand(addSecrets, ['secrets', '--folder', folder, '--edge', edge, '--from', dotEnv, ...args], {
      BACKUP_DIR: join(at, 'backups/postgresql'),
    });
  const phrase = ['--passphrase-file', join(at, 'passphrase')];
  const made = (): Readonly<Record<string, string>> =>
    existsSync(join(folder, 'made'))
      ? Object.fromEntries(
          readdirSync(join(folder, 'made')).map((name) => [name, readFileSync(join(folder, 'made', name), 'utf8')]),
        )
      : {};
  return { at, folder, dotEnv, out, edge, run, phrase, made };
}

async function exported(env = ENV) {
  const old = machine(env);
  const { code, stdout, stderr } = await old.run('export', '--out', old.out, ...old.phrase);
  expect([code, stderr]).toEqual([0, '']);
  return { ...old, said: stdout };
}

describe('export and import', () => {
  test('bring everything back on an empty machine, and say names alone', async () => {
    const old = await exported();
    const fresh = machine(undefined, false);
    const { code, stdout } = await fresh.run('import', old.out, ...fresh.phrase);
    expect(code).toBe(0);
    expect(fresh.made()).toEqual(old.made());
    expect(Object.keys(fresh.made())).toHaveLength(8);
    expect(readFileSync(fresh.dotEnv, 'utf8')).toBe(ENV);
    expect(statSync(fresh.dotEnv).mode & 0o777).toBe(0o600);
    expect(statSync(join(fresh.folder, 'made/JWT_SECRET')).mode & 0o777).toBe(0o400);
    const told = old.said + stdout;
    for (const value of [...Object.values(old.made()), 'of the mails', PASSPHRASE]) expect(told).not.toContain(value);
    expect(stdout).toMatch(/^Put back AWS_ACCESS_KEY_ID, .*, \.env\.\n$/);
    expect((await fresh.run('import', old.out, ...fresh.phrase)).stdout).toBe('All of them are there already.\n');
    expect(readFileSync(old.out, 'utf8')).not.toMatch(/JWT|SMTP|mails/);
  });

  test('by itself the file lies beside the folder of the backups', async () => {
    const old = machine(ENV);
    const file = join(old.at, 'backups/secrets.sealpost');
    expect((await old.run('export', ...old.phrase)).stdout).toMatch(`Wrote ${file}: 9 secrets and .env.`);
    expect(readFileSync(file, 'utf8')).toMatch(/^sealpost-secrets v1 /);
  });

  test('overwrite no other secret, which is told by name; with --force they do, and the .env of before is kept', async () => {
    const old = await exported();
    const there = machine("SMTP_PASSWORD='another one'\n");
    const before = there.made();
    const { code, stdout, stderr } = await there.run('import', old.out, ...there.phrase);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^There are others here by the same names: .*JWT_SECRET.*SMTP_PASSWORD\. Add --force .* Nothing was written\.\n$/,
    );
    for (const value of [...Object.values(before), ...Object.values(old.made()), 'another one'])
      expect(stderr).not.toContain(value);
    expect(there.made()).toEqual(before);
    expect(readFileSync(there.dotEnv, 'utf8')).toContain('another one');
    expect((await there.run('import', old.out, '--force', ...there.phrase)).code).toBe(0);
    expect(there.made()).toEqual(old.made());
    expect(readFileSync(there.dotEnv, 'utf8')).toBe(ENV);
    expect(readFileSync(`${there.dotEnv}.before`, 'utf8')).toContain('another one');
  });

  test.each([
    [
      'a wrong passphrase',
      (sealed: string) => sealed,
      'another passphrase',
      'The passphrase is another one, or the file was changed.\n',
    ],
    [
      'a damaged file',
      (sealed: string) => sealed.slice(0, -9),
      PASSPHRASE,
      'The passphrase is another one, or the file was changed.\n',
    ],
    [
      'another file',
      () => 'x',
      PASSPHRASE,
      'This is no file of "sealpost secrets export", or its end or beginning is missing.\n',
    ],
    [
      'a name that leads elsewhere',
      () => seal('{"made":{"../app/X":"x"},"env":""}', PASSPHRASE),
      PASSPHRASE,
      'The file opens, but a later version of Sealpost wrote it: use that one.\n',
    ],
  ])('write nothing for %s, and say it in a sentence', async (_, change, passphrase, said) => {
    const old = await exported();
    const fresh = machine(undefined, false);
    writeFileSync(fresh.out, change(readFileSync(old.out, 'utf8')));
    writeFileSync(join(fresh.at, 'passphrase'), passphrase);
    expect(await fresh.run('import', fresh.out, ...fresh.phrase)).toEqual({ code: 1, stdout: '', stderr: said });
    expect([existsSync(fresh.folder), existsSync(fresh.dotEnv)]).toEqual([false, false]);
  });

  test.each([
    ['the folder above', 'certificates/../../x'],
    ['another place', '/etc/cron.d/x'],
    ['another folder of Caddy', 'locks/x'],
    ['a folder itself', 'certificates'],
    ['nothing', 'certificates//x'],
  ])('write nothing for a file of Caddy whose name leads to %s', async (_, name) => {
    const fresh = machine(undefined, false);
    writeFileSync(fresh.out, seal(JSON.stringify({ made: { A: 'x' }, env: '', edge: { [name]: 'x' } }), PASSPHRASE));
    const { code, stderr } = await fresh.run('import', fresh.out, ...fresh.phrase);
    expect([code, stderr]).toEqual([1, 'The file opens, but a later version of Sealpost wrote it: use that one.\n']);
    expect([existsSync(fresh.folder), existsSync(fresh.edge)]).toEqual([false, false]);
  });

  test('bring what Caddy has made, to the letter and for root alone; what is there stays, and nothing else of it travels', async () => {
    const old = machine(ENV);
    const files = {
      'certificates/acme-v02.api.letsencrypt.org-directory/api.example.com/api.example.com.key': '-----BEGIN EC\nä\n',
      'certificates/local/wildcard_.example.com/wildcard_.example.com.crt': 'certificate',
      'acme/acme-v02.api.letsencrypt.org-directory/users/ops@example.com/ops.json': '{}',
      'pki/authorities/local/root.crt': 'root',
    };
    const others = { 'locks/issue_cert.lock': 'x', 'instance.uuid': 'x', 'ocsp/api': 'x' };
    for (const [name, text] of Object.entries({ ...files, ...others })) {
      mkdirSync(dirname(join(old.edge, 'caddy', name)), { recursive: true });
      writeFileSync(join(old.edge, 'caddy', name), text);
    }
    await old.run('export', '--out', old.out, ...old.phrase);
    const fresh = machine(undefined, false);
    const there = join(fresh.edge, 'caddy/pki/authorities/local/root.crt');
    mkdirSync(dirname(there), { recursive: true });
    writeFileSync(there, 'another');
    const { stdout } = await fresh.run('import', old.out, ...fresh.phrase);
    expect(stdout).toMatch(/, \.env, 3 files of Caddy\.\n$/);
    const read = (name: string) => readFileSync(join(fresh.edge, 'caddy', name), 'utf8');
    const found = Object.keys(files).map((name) => [name, read(name)]);
    expect(Object.fromEntries(found)).toEqual({ ...files, 'pki/authorities/local/root.crt': 'another' });
    const [key = ''] = Object.keys(files);
    expect(statSync(join(fresh.edge, 'caddy', key)).mode & 0o777).toBe(0o600);
    expect(statSync(join(fresh.edge, 'caddy/acme')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(fresh.edge, 'caddy')).toSorted()).toEqual(['acme', 'certificates', 'pki']);
    await fresh.run('import', old.out, '--force', ...fresh.phrase);
    expect(read('pki/authorities/local/root.crt')).toBe('root');
  });

  test('refuse a short passphrase, one that nobody can be asked for, and a stack without secrets: no file is written', async () => {
    const old = machine(ENV);
    writeFileSync(join(old.at, 'passphrase'), 'x'.repeat(11));
    const at = ['export', '--out', old.out];
    expect((await old.run(...at, ...old.phrase)).stderr).toBe('The passphrase must have at least 12 characters.\n');
    expect((await old.run(...at)).stderr).toMatch(/^There is nobody to ask for the passphrase: add --passphrase-file /);
    const none = machine(undefined, false);
    expect((await none.run('export', '--out', none.out, ...none.phrase)).stderr).toMatch(/^There are no secrets in /);
    expect([existsSync(old.out), existsSync(none.out)]).toEqual([false, false]);
  });
});
