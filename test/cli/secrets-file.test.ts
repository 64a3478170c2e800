/** `sealpost secrets --from`: the operator's .env is read as a file, so that no environment shows what stands in it. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
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
  await writeFile(env, "JWT_SECRET='of $the #file'\n", { mode: 0o600 });
  expect((await make()).code).toBe(0);
  expect(await secret()).toBe('of $the #file');
  await rm(env);
  await symlink(join(folder, 'nowhere'), env);
  const { code, stderr } = await make();
  expect(code).toBe(1);
  expect(stderr).toContain('.env is a link to a file that is not in this folder: put the file itself here.');
  expect(await secret()).toBe('of $the #file');
});
