/** A client made from the description: the TypeScript of docs/api.md compiles against it, a mistake does not, and it works. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateApi } from 'swagger-typescript-api';
import { type Stage, startStage } from '../support/contract.ts';
import { tokenOf, user } from '../support/api.ts';
import { awaitCode } from '../support/mailbox.ts';
import { page } from '../support/pages.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'sealpost-client-'));
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  const spec = (await stage.api.call('GET', '/openapi.json')).body as never;
  await generateApi({ spec, output: folder, fileName: 'sealpost.ts', silent: true });
  const shown = /```ts\n([\s\S]*?)```/.exec(page('docs/api.md').text)?.[1] ?? '';
  writeFileSync(join(folder, 'example.ts'), shown.replace('http://127.0.0.1:3001', stage.api.url));
  const compilerOptions = {
    allowImportingTsExtensions: true,
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    types: ['node'],
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true } }),
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await stage?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const compile = (cwd: string) =>
  run(join(root, 'node_modules/.bin/tsc'), ['-p', cwd]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );

test('the example of docs/api.md compiles against it, and one with a field that does not exist does not', async () => {
  expect(await compile(folder)).toBe('');
  const wrong = `${folder}-wrong`;
  cpSync(folder, wrong, { recursive: true, verbatimSymlinks: true });
  const text = readFileSync(join(wrong, 'example.ts'), 'utf8');
  writeFileSync(join(wrong, 'example.ts'), text.replace("purpose: 'business'", "porpoise: 'business'"));
  expect(await compile(wrong)).toMatch(/porpoise/);
  rmSync(wrong, { recursive: true, force: true });
});

test('and works: a code is asked for, a wrong one is told, the right one verifies', async () => {
  const email = 'typed@example.com';
  const script = `
    import { ask, verify } from './example.ts';
    const [step, ...args] = process.argv.slice(2);
    console.log(String(await (step === 'ask' ? ask(args[0]) : verify(args[0], args[1], args[2]))));
  `;
  writeFileSync(join(folder, 'run.mjs'), script);
  const env = { ...process.env, TOKEN: await tokenOf(user(1)) };
  // The generated file has an enum, which Node does not take as it stands.
  const client = async (...args: string[]) =>
    (
      await run(
        process.execPath,
        ['--experimental-transform-types', '--no-warnings', join(folder, 'run.mjs'), ...args],
        { env },
      )
    ).stdout.trim();
  const otpId = await client('ask', email);
  const code = await awaitCode(stage.ses.url, email);
  expect(await client('verify', email, otpId, code === '000000' ? '000001' : '000000')).toBe('wrong');
  expect(await client('verify', email, otpId, code)).toBe('verified');
  expect(await client('ask', email)).toBe('undefined');
});
