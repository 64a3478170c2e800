/** The rules of the house that a machine can check: who imports whom, what is pure, what the driver must not be asked. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

const files = ['services', 'test', 'grafana']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.(?:ts|js)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

const services = files.filter(({ name }) => name.startsWith('services/'));
const room = (name: string): string => name.split('/')[1] ?? '';

/** What each room may import; a folder also imports itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  runtime: [],
  store: ['core'],
  mail: ['core', 'runtime'],
  config: ['core', 'store', 'mail', 'runtime'],
  backup: ['store', 'runtime'],
  report: ['store'],
  api: ['core', 'store', 'mail', 'runtime', 'config'],
  scheduler: ['core', 'store', 'mail', 'runtime', 'config', 'backup', 'report'],
  receiver: ['store', 'runtime', 'config', 'backup'],
  cli: ['core', 'store', 'mail', 'runtime', 'config', 'backup', 'report'],
  'ses-local': ['runtime', 'config'],
  local: ['core', 'store', 'mail', 'runtime', 'config', 'api', 'scheduler', 'backup', 'ses-local'],
};

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );

/** The offenders' names, so that a failure shows where to look. */
const where = (offends: (text: string, name: string) => boolean, among = services): readonly string[] =>
  among.filter(({ text, name }) => offends(text, name)).map(({ name }) => name);

const speaks = (name: string) => (text: string) => importsOf(text).includes(name);
const withoutComments = (text: string): string => text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, '');
const lines = (text: string): number => text.split('\n').length - 1;

describe('the house', () => {
  test('folders import only what stands to their right', () => {
    const wrong = services.flatMap(({ name, text }) =>
      importsOf(text)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(root, resolve(root, dirname(name), target)))
        .filter((target) => room(target) !== room(name) && !(allowed[room(name)] ?? []).includes(room(target)))
        .map((target) => `${name} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the check of imports sees one that is not allowed', () => {
    expect(importsOf("import { a } from '../store/load.ts';\nimport type { B } from 'hono';")).toEqual([
      '../store/load.ts',
      'hono',
    ]);
    expect(allowed.core).not.toContain('store');
  });

  test('relative imports end in .ts or .js', () => {
    expect(
      where((text) => importsOf(text).some((target) => target.startsWith('.') && !/\.[tj]s$/.test(target)), files),
    ).toEqual([]);
  });

  test('the model of test/model/oracle knows nothing of the product: it imports only itself', () => {
    const oracle = files.filter(({ name }) => name.startsWith('test/model/oracle/'));
    expect(oracle.length).toBeGreaterThan(4);
    expect(where((text) => importsOf(text).some((target) => !/^\.\/[\w-]+\.ts$/.test(target)), oracle)).toEqual([]);
    expect(where((text) => /services\/|\bimport\(|\brequire\b/.test(text), oracle)).toEqual([]);
  });

  test('core is pure: no clock, no randomness, no environment, no package, no node: import', () => {
    const core = services.filter(({ name }) => room(name) === 'core');
    expect(core.length).toBeGreaterThan(10);
    expect(where((text) => importsOf(text).some((target) => !target.startsWith('./')), core)).toEqual([]);
    expect(
      where(
        (text) => /Date\.now|new Date\(\)|Math\.random|process\.|performance\.|crypto\.|setTimeout/.test(text),
        core,
      ),
    ).toEqual([]);
  });

  test('only store speaks SQL, only mail speaks SES', () => {
    expect(where(speaks('postgres')).filter((name) => !/^services\/(?:store|local)\//.test(name))).toEqual([]);
    expect(where(speaks('@aws-sdk/client-ses')).filter((name) => !name.startsWith('services/mail/'))).toEqual([]);
  });

  test('the driver is never asked for begin or reserve but by the commands of the owner, and its type fetch is off', () => {
    expect(where((text) => /\.(?:begin|reserve)\(/.test(text))).toEqual([
      'services/store/databases.ts',
      'services/store/migrate.ts',
      'services/store/rebuild.ts',
    ]);
    const used = services.filter(({ name }) => /^services\/(?:api|scheduler)\//.test(name));
    expect(where((text) => /store\/(?:rebuild|databases)\.ts/.test(text), used)).toEqual([]);
    const opens = services.filter(({ text }) => /(?:=|return) postgres\(/.test(text));
    expect(opens.length).toBeGreaterThan(2);
    expect(where((text) => !withoutComments(text).includes('fetch_types: false'), opens)).toEqual([]);
  });

  test('SQL text is never put together from values outside migrations and the embedded database', () => {
    const allowedUnsafe = new Set(['services/local/database.ts', 'services/store/migrate.ts']);
    expect(where((text) => text.includes('.unsafe(')).filter((name) => !allowedUnsafe.has(name))).toEqual([]);
  });

  test('the environment is read by entries only', () => {
    expect(
      where(
        (text, name) => /process\.env/.test(text) && !/\/main\.ts$|^services\/local\/postgres\/account\.ts$/.test(name),
      ),
    ).toEqual([]);
  });

  test('a file has at most 200 lines, the median about 60', () => {
    expect(where((text) => lines(text) > 200, files)).toEqual([]);
    const sizes = services.map(({ text }) => lines(text)).toSorted((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(70);
  });

  test('a function has at most 60 lines but in the files that are listed, and the list only shrinks', () => {
    const config = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
      rules: Record<string, unknown>;
      overrides: { files: string[]; rules: Record<string, string> }[];
    };
    const rule = 'eslint/max-lines-per-function';
    const exempt = config.overrides.filter((one) => one.rules[rule] === 'off').flatMap((one) => one.files);
    const listed = exempt.filter((name) => name !== 'test/**');
    expect(listed.length).toBeLessThanOrEqual(6);
    const folder = mkdtempSync(join(tmpdir(), 'sealpost-tidy-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const alone = { plugins: ['oxc'], categories: {}, rules: { [rule]: config.rules[rule] } };
    writeFileSync(join(folder, 'oxlintrc.json'), JSON.stringify(alone));
    const oxlint = join(root, 'node_modules/.bin/oxlint');
    const { stdout } = spawnSync(oxlint, ['-c', join(folder, 'oxlintrc.json'), '-f', 'unix', ...listed], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(
      listed.filter((name) => !stdout.includes(`${name}:`)),
      'listed, and short enough to leave the list',
    ).toEqual([]);
  });

  test('a file says first what it does', () => {
    expect(where((text) => !/^(?:#!.*\n)?(?:\/\*\*|\/\/)/.test(text), files)).toEqual([]);
  });

  test('a row of the guide that a test names is explained, and the tests that it is explained by are there', () => {
    const table = readFileSync(join(root, 'test/guide/README.md'), 'utf8');
    const named = files
      .filter(({ name }) => name.endsWith('.test.ts'))
      .flatMap(({ text }) => [...text.matchAll(/(?:test\(['"`]|^\/\*\* )((?:[A-Z]{1,2}\d+(?:, | to )?)+):/gm)])
      .flatMap(([, rows = '']) => rows.split(/, | to /));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((row) => !new RegExp(`\\b${row}\\b`).test(table))).toEqual([]);
    const tests = [...table.matchAll(/`(test\/[\w./-]+)`/g)].map(([, name = '']) => name);
    expect(tests.filter((name) => !files.some((one) => one.name.startsWith(name)))).toEqual([]);
  });

  test('a text says what a value must be, in words that a native speaker writes', () => {
    const worst =
      /\b(?:is|are) (?:needed|possible)(?:[.:;,]? |[.'"`]|$)|manieth|bounced for ever|may stand (?:here|there)/m;
    expect(where((text) => worst.test(withoutComments(text)))).toEqual([]);
    const pages = globSync('docs/*.md', { cwd: root }).map((name) => ({
      name,
      text: readFileSync(join(root, name), 'utf8'),
    }));
    expect(pages.length).toBeGreaterThan(8);
    expect(pages.filter(({ text }) => worst.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('no leftovers: nothing to do, nothing left out, no halt', () => {
    const marks = /TODO|FIXME|\b(?:test|describe|it)\.(?:skip|only)\b|\bdebugger\b/;
    const others = files.filter(({ name }) => name !== 'test/tidy.test.ts');
    expect(where((text) => marks.test(text), others)).toEqual([]);
  });
});
