/** `sealpost secrets --from`: the operator's .env is read as a file, so that no environment shows what stands in it. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpost-from-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('with --from they are the file’s and not the environment’s; a missing one is empty, a link to nowhere is told', async () => {
  const [at, env] = [join(folder, 'from-file'), join(folder, '.env')];
  const make = () => runCli(['secrets', '--folder', at, '--from', env], { JWT_SECRET: 'of the environment' });
  const secret = (): Promise<string> => readFile(join(at, 'app/JWT_SECRET'), 'utf8');
  expect((await make()).code).toBe(0);
  expect(await secret()).toMatch(/^[\w-]{64}$/);
  await writeFile(env, "JWT_SECRET='of $the #file, and long enough for it'\n", { mode: 0o600 });
  expect((await make()).code).toBe(0);
  expect(await secret()).toBe('of $the #file, and long enough for it');
  await rm(env);
  await symlink(join(folder, 'nowhere'), env);
  const { code, stderr } = await make();
  expect(code).toBe(1);
  expect(stderr).toContain('.env is a link to a file that is not in this folder: put the file itself here.');
  expect(await secret()).toBe('of $the #file, and long enough for it');
});

test('wrong settings in the file are refused with a sentence each, and nothing is made or written', async () => {
  const [at, env] = [join(folder, 'refused'), join(folder, 'wrong.env')];
  const run = (...words: readonly string[]) => runCli(['secrets', '--folder', at, '--from', env, ...words], {});
  await writeFile(env, 'EMAIL_OTP_EXPIRES_IN=601\nJWT_SECRET=too-short-to-show\nBCRYPT_ROUNDS=many\n');
  for (const words of [[], ['--check']]) {
    const { code, stdout, stderr } = await run(...words);
    expect(code).toBe(78);
    for (const name of ['EMAIL_OTP_EXPIRES_IN', 'JWT_SECRET', 'BCRYPT_ROUNDS']) expect(stderr).toContain(`- ${name}:`);
    expect(stdout + stderr).not.toContain('too-short-to-show');
  }
  await writeFile(env, 'DB_PASSWORD=secure_password_here\n');
  expect((await run()).stderr).toContain('- DB_PASSWORD: this is a sample value');
  await expect(readdir(at)).rejects.toMatchObject({ code: 'ENOENT' });
  // What compose.yaml sets in its place, as a folder of the machine, is not the programs' setting.
  await writeFile(env, 'MAIL_TEMPLATES=/nowhere\nDB_PORT=none\nSES_ENDPOINT=none\nAPI_DOMAIN=api.example.com\n');
  expect((await run()).code).toBe(0);
});

test('--check names the secrets that are others than before, and writes none', async () => {
  const [at, env] = [join(folder, 'checked'), join(folder, 'checked.env')];
  const run = (...words: readonly string[]) => runCli(['secrets', '--folder', at, '--from', env, ...words], {});
  await run();
  expect((await run('--check')).stdout).toBe('No secret has changed.\n');
  const before = await readFile(join(at, 'app/DB_PASSWORD'), 'utf8');
  await writeFile(env, 'DB_PASSWORD=another-one-of-the-operator\n');
  expect((await run('--check')).stdout).toBe('Changed: DB_PASSWORD.\n');
  expect(await readFile(join(at, 'app/DB_PASSWORD'), 'utf8')).toBe(before);
});

test('--rotate makes another one of what the stack has made, and nothing else; what .env sets is refused', async () => {
  const [at, env] = [join(folder, 'rotated'), join(folder, 'rotated.env')];
  const run = (...words: readonly string[]) => runCli(['secrets', '--folder', at, '--from', env, ...words], {});
  await run();
  const names = ['app/DB_PASSWORD', 'app/JWT_SECRET', 'backup/BACKUP_DB_PASSWORD', 'postgres/POSTGRES_PASSWORD'];
  const values = () => Promise.all(names.map((name) => readFile(join(at, name), 'utf8')));
  const before = await values();
  const { code, stdout, stderr } = await run('--rotate', 'DB_PASSWORD');
  const [rotated, ...others] = await values();
  expect(code).toBe(0);
  expect(rotated).toMatch(/^[\w-]{32}$/);
  expect([before[0] === rotated, others]).toEqual([false, before.slice(1)]);
  expect(stdout + stderr).not.toContain(rotated);
  expect((await run('--rotate', 'JWT_SECRET')).stderr).toContain('DB_PASSWORD, BACKUP_DB_PASSWORD, POSTGRES_PASSWORD');
  for (const line of ['DB_PASSWORD=of-the-operator', 'DATABASE_URL=postgres://a:b@db.example.com/c']) {
    await writeFile(env, `${line}\n`);
    const refused = await run('--rotate', 'DB_PASSWORD');
    expect([refused.code, await values()]).toEqual([1, [rotated, ...others]]);
    expect(refused.stderr).toContain(`.env sets ${line.split('=')[0]}: change the password there`);
  }
});
