/** `./sealpost`: which commands it gives to Docker in which order, and that a step which fails is the last one. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Writes down what it is asked, a word a line, and answers as a stack of two apis would; what has $FAILING in it, with a ; at its end, fails. */
const DOCKER = `#!/bin/sh
printf '%s\\n' "--- \${SEALPOST_VERSION:-}" "$@" >>"$CALLS"
[ -z "\${FAILING:-}" ] || case "$*;" in *"$FAILING"*) exit 7 ;; esac
case "$*" in
  *'api cat package.json') printf '{\\n  "version": "1.0.0",\\n  "engines": {}\\n}\\n' ;;
  *'{{.Image}} api') printf 'sealpost:1.0.0\nsealpost:1.0.0\n' ;;
  *'backup now') echo 'backup: did 1 in 0.1 s (the_backup.sql.gz).' ;;
  *'config --images secrets') echo sealpost:3.0.0 ;;
  *'ps --quiet api') printf 'old1\\nold2\\n' ;;
esac
`;

const CHANGELOG =
  '# Changelog\n\n## 3.0.0\n\nThird.\n\n## 2.0.0\n\nSecond.\n\n## 1.0.0\n\nFirst.\n\n## 0.9.0\n\nEarlier.\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealpost-script-'));
  for (const name of ['sealpost', 'services/stack']) {
    cpSync(join(import.meta.dirname, '../..', name), join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'docker'), DOCKER);
  chmodSync(join(folder, 'docker'), 0o755);
  writeFileSync(join(folder, 'package.json'), '{\n  "version": "3.0.0"\n}\n');
  writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
});
afterEach(() => rmSync(folder, { recursive: true }));

type Ran = Readonly<{ code: number | null; said: string; complained: string; calls: readonly string[] }>;

/** From another folder, as an operator may call it. */
function sealpost(args: readonly string[], env: Record<string, string> = {}): Ran {
  const file = join(folder, 'calls');
  rmSync(file, { force: true });
  const given = { PATH: `${folder}:${process.env.PATH}`, CALLS: file, ...env };
  const { status, stdout, stderr } = spawnSync(join(folder, 'sealpost'), args, {
    cwd: tmpdir(),
    env: given,
    encoding: 'utf8',
  });
  return { code: status, said: stdout, complained: stderr, calls: callsIn(file) };
}

/** `next|` stands before a command that has the new version's tag; the program that looks at the settings is shortened. */
function callsIn(file: string): readonly string[] {
  if (!readdirSync(folder).includes('calls')) return [];
  return (
    readFileSync(file, 'utf8')
      .split('--- ')
      .slice(1)
      // Whose stack it is: second-clone.test.ts.
      .filter((call) => !call.includes('working_dir'))
      .map((call) => {
        const [version = '', ...words] = call.trimEnd().split('\n');
        const shown = words
          .join(' ')
          .replace('compose --progress quiet', 'compose')
          .replace(/-e import .*/, '-e …');
        return `${version && `${version}|`}${shown}`;
      })
  );
}

const check = [
  'compose exec -T api true',
  'compose exec -T api cat package.json',
  'compose exec -T -u postgres postgres psql --no-psqlrc -At -d postgres -c show server_version_num',
  'compose config --images postgres',
  'next|compose build --quiet secrets scheduler',
  'next|compose run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --check',
  'next|compose run --rm --no-deps -T api node --input-type=module -e …',
  'next|compose run --rm --no-deps -T cli migrate --check',
];

/** Which commit it is that runs. */
const noted = [
  'compose ps --quiet api',
  'inspect --format {{index .Config.Labels "org.opencontainers.image.revision"}} old1',
];

const change = [
  'compose ps --all --format {{.Image}} api',
  '1.0.0|compose run --rm --no-deps -T cli backup now',
  ...noted,
  'compose config --images secrets',
  'tag sealpost:next sealpost:3.0.0',
  'tag sealpost-tools:next sealpost-tools:3.0.0',
  'compose run --rm --no-deps -T secrets',
  'compose run --rm --no-deps -T migrate',
  'compose ps --quiet api',
  'compose up -d --wait --no-deps --no-recreate --scale api=4 api',
  'stop --timeout 30 old1 old2',
  'rm old1 old2',
  'compose up -d --wait --scale api=2',
  'compose exec -T caddy caddy reload --config /etc/caddy/Caddyfile',
  'compose kill --signal HUP prometheus alertmanager',
  'compose exec -T api cat package.json',
];

test('upgrade looks first, makes a backup, migrates, starts as many new apis beside the old ones, and only then ends those', () => {
  const { code, said, calls } = sealpost(['upgrade']);
  expect(calls).toEqual([...check, ...change]);
  expect(code).toBe(0);
  expect(said).toContain(
    'Running 1.0.0; the version here is 3.0.0.\nWhat the new version asks of you:\n## 3.0.0\n\nThird.',
  );
  expect(said).toContain('Second.');
  expect(said).not.toMatch(/First|Earlier/);
  expect(said).toContain('backup: did 1 in 0.1 s (the_backup.sql.gz).');
  expect(said).toMatch(/Running 1\.0\.0\.\n$/);
});

test('--check changes nothing and makes no backup', () => {
  const { code, said, calls } = sealpost(['upgrade', '--check']);
  expect([code, calls]).toEqual([0, check]);
  expect(said).toMatch(/Nothing was changed\.\n$/);
});

test('the same version has nothing to ask', () => {
  writeFileSync(join(folder, 'package.json'), '{\n  "version": "1.0.0"\n}\n');
  const { said } = sealpost(['upgrade', '--check']);
  expect(said).toContain('Running 1.0.0; the version here is 1.0.0.');
  expect(said).not.toMatch(/asks of you|First|Third/);
});

/** The step that fails, the last command then, what is said, and the code. */
const failures: readonly [string, string, string, number][] = [
  ['exec -T api true', check[0] ?? '', 'The stack is not running', 1],
  ['build --quiet secrets', check[4] ?? '', '', 7],
  ['-T secrets node', check[5] ?? '', 'does not accept these settings. Nothing was changed.', 1],
  ['node --input-type=module', check[6] ?? '', 'does not accept these settings. Nothing was changed.', 1],
  ['migrate --check', check[7] ?? '', 'does not accept this database. Nothing was changed.', 1],
  ['backup now', change[1] ?? '', 'The backup failed. Nothing was changed.', 1],
  ['tag sealpost:next', change[5] ?? '', '', 7],
  ['tag sealpost-tools:next', change[6] ?? '', '', 7],
  ['-T secrets;', change[7] ?? '', '', 7],
  ['no-deps -T migrate', change[8] ?? '', '', 7],
  ['--no-recreate', change[10] ?? '', '', 7],
  ['stop --timeout', change[11] ?? '', '', 7],
  ['caddy reload', change[14] ?? '', 'Caddy does not accept its changed files and keeps using the old ones', 1],
];

test.each(failures)('where "%s" fails, nothing comes after it', (failing, last, told, code) => {
  const ran = sealpost(['upgrade'], { FAILING: failing });
  expect(ran.calls.at(-1)).toBe(last);
  expect(ran.code).toBe(code);
  expect(ran.complained).toContain(told);
  expect(ran.said).not.toMatch(/Running [\d.]+\.\n$/);
});

test.each([['upgrade', 'now'], ['upgrade', '--check', '--force'], ['upgrade-all']])('%s %s is refused', (...args) => {
  const { code, complained, calls } = sealpost(args.filter(Boolean));
  expect([code, calls]).toEqual([1, []]);
  expect(complained).toContain('"./sealpost upgrade --check", which changes nothing');
});

test('any other command runs in the stack word for word, and its code is handed on', () => {
  const words = ['accounts', 'create', '--password', "it's a $HOME *", ''];
  const { code, calls } = sealpost(words, { FAILING: 'accounts' });
  expect(code).toBe(7);
  expect(calls).toHaveLength(2);
  // Between a pull and the upgrade the version of this clone has no image yet.
  expect(calls.at(-1)).toMatch(/^1\.0\.0\|compose run/);
  const asked = readFileSync(join(folder, 'calls'), 'utf8').split('--- 1.0.0\n').at(-1)?.split('\n').slice(0, -1);
  expect(asked).toEqual(['compose', '--progress', 'quiet', 'run', '--rm', '--no-deps', 'cli', ...words]);
});
