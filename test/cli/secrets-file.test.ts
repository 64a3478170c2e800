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
  await writeFile(env, 'MAIL_TEMPLATES=/nowhere\nDB_PORT=none\nSES_ENDPOINT=none\nAPI_DOMAIN=api.localhost\n');
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

/** A stack's folder and .env, what its command says, and what its programs find there. */
async function stackOf(name: string) {
  const [at, env] = [join(folder, name), join(folder, `${name}.env`)];
  const run = (...words: readonly string[]) => runCli(['secrets', '--folder', at, '--from', env, ...words], {});
  const values = (...names: readonly string[]) => Promise.all(names.map((one) => readFile(join(at, one), 'utf8')));
  const write = (line: string) => writeFile(env, `${line}\n`);
  await run();
  return { at, run, values, write };
}

test.each(['app/DB_PASSWORD', 'backup/BACKUP_DB_PASSWORD', 'postgres/POSTGRES_PASSWORD'])(
  '--rotate makes another %s, and nothing else; what .env sets is refused',
  async (file) => {
    const name = file.split('/')[1] ?? '';
    const { run, values, write } = await stackOf(`rotated-${name}`);
    const files = ['app/JWT_SECRET', 'app/ERASURE_KEYS', 'app/DB_PASSWORD', 'backup/BACKUP_DB_PASSWORD'];
    const others = files.filter((one) => one !== file);
    const [[before], ofOthers] = [await values(file), await values(...others)];
    const { code, stdout, stderr } = await run('--rotate', name);
    const [rotated] = await values(file);
    expect([code, rotated === before, await values(...others)]).toEqual([0, false, ofOthers]);
    expect(rotated).toMatch(/^[\w-]{32}$/);
    expect(stdout + stderr).not.toContain(rotated);
    for (const line of [`${name}=of-the-operator`, 'DATABASE_URL=postgres://a:b@db.example.com/c']) {
      await write(line);
      const refused = await run('--rotate', name);
      expect([refused.code, await values(file)]).toEqual([1, [rotated]]);
      expect(refused.stderr).toContain(`.env sets ${line.split('=')[0]}: change it there`);
    }
  },
);

test('JWT_SECRET has a next one, accepted before it signs; then the one before is accepted, and what is older no more', async () => {
  const { at, run, values } = await stackOf('signing');
  const both = () => values('app/JWT_SECRET', 'app/JWT_SECRET_PREVIOUS');
  const [first = ''] = await both();
  expect((await run('--rotate', 'JWT_SECRET')).stderr).toContain('There is no next JWT_SECRET');
  expect((await run('--next', 'DB_PASSWORD')).stderr).toContain('Only JWT_SECRET has a next one');
  expect(await both()).toEqual([first, '']);
  const { stdout } = await run('--next', 'JWT_SECRET');
  const [, second = ''] = await both();
  expect(await both()).toEqual([first, second]);
  expect(second).toMatch(/^[\w-]{64}$/);
  // Whoever was interrupted begins again, and it is the same.
  await run('--next', 'JWT_SECRET');
  await run();
  expect(await both()).toEqual([first, second]);
  await run('--rotate', 'JWT_SECRET');
  expect(await both()).toEqual([second, first]);
  await run();
  expect(await both()).toEqual([second, first]);
  await run('--next', 'JWT_SECRET');
  await run('--rotate', 'JWT_SECRET');
  const [third, before] = await both();
  expect([before, [first, second].includes(third ?? '')]).toEqual([second, false]);
  expect(await readdir(join(at, 'made'))).not.toContain('JWT_SECRET_NEXT');
  expect(stdout).not.toContain(second);
});

test.each([
  [
    'after the one before was put down',
    { JWT_SECRET: 'first', JWT_SECRET_PREVIOUS: 'first', JWT_SECRET_NEXT: 'second' },
  ],
  [
    'after the next one was put in its place',
    { JWT_SECRET: 'second', JWT_SECRET_PREVIOUS: 'first', JWT_SECRET_NEXT: 'second' },
  ],
])('a rotation that ended %s is ended by the next, and loses neither secret', async (_, made) => {
  const { at, run, values } = await stackOf(`ended-${made.JWT_SECRET}`);
  for (const [name, value] of Object.entries(made)) {
    await rm(join(at, 'made', name), { force: true });
    await writeFile(join(at, 'made', name), value.padEnd(32, '.'));
  }
  await run('--next', 'JWT_SECRET');
  await run('--rotate', 'JWT_SECRET');
  const padded = ['second', 'first'].map((value) => value.padEnd(32, '.'));
  expect(await values('app/JWT_SECRET', 'app/JWT_SECRET_PREVIOUS')).toEqual(padded);
});

test.each(['JWT_SECRET', 'JWT_SECRET_PREVIOUS'])(
  '%s of .env is the operator’s: none is made beside it',
  async (name) => {
    const { run, values, write } = await stackOf(`operators-${name}`);
    await run('--next', 'JWT_SECRET');
    const own = 'of the operator, and long enough';
    await write(`${name}='${own}'`);
    for (const words of [['--next', 'JWT_SECRET'], ['--rotate', 'JWT_SECRET'], []]) await run(...words);
    const [signs, accepted] = await values('app/JWT_SECRET', 'app/JWT_SECRET_PREVIOUS');
    if (name === 'JWT_SECRET') expect([signs, accepted]).toEqual([own, '']);
    else expect(accepted).toBe(own);
  },
);

test('ERASURE_KEYS gets another key before the others, which stay; JWT_SECRET may be rotated as often as one likes', async () => {
  const { run, values } = await stackOf('ledger');
  const keys = async () => (await values('app/ERASURE_KEYS'))[0]?.split(',') ?? [];
  const before = await keys();
  for (const _ of [1, 2]) {
    await run('--next', 'JWT_SECRET');
    await run('--rotate', 'JWT_SECRET');
  }
  expect(await keys()).toEqual(before);
  await run('--rotate', 'ERASURE_KEYS');
  const [own, ...others] = await keys();
  expect(others).toEqual(before);
  expect(own).toMatch(/^ledger_[\da-f]{8}:[\w+/]{43}=$/);
});
