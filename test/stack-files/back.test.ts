/** `./sealpost back` in a clone of git and with an engine that writes down what it is asked: what it does, and what it refuses first. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** With $BREAKING the version before refuses the database; what has $FAILING in it fails. */
const DOCKER = `#!/bin/sh
case "$*" in *working_dir*) exit ;; esac
words="$*"
words="\${words%% -e import*}"
printf '%s\\n' "\${SEALPOST_VERSION:+$SEALPOST_VERSION|}\${words#compose --progress quiet }" >>"$CALLS"
[ -z "\${FAILING:-}" ] || case "$*" in *"$FAILING"*) exit 7 ;; esac
case "$*" in
  *'migrate --check') [ -z "\${BREAKING:-}" ] || { echo "The database is newer than this program ($BREAKING): run a newer Sealpost." >&2; exit 1; } ;;
  *inspect*) echo "\${LABEL:-}" ;;
  *'backup now') echo 'backup: did 1 in 0.1 s (request_marketplace_prod_backup_20260301_020007.sql.gz, 0.1 MiB).' ;;
  *'api cat package.json') echo '"version": "1.0.0",' ;;
  *'config --images secrets') echo "sealpost:$(sed -n 's/.*"version": "\\(.*\\)".*/\\1/p' package.json)" ;;
  *'ps --quiet api') echo old ;;
esac
`;

let folder: string;
let first: string;
let second: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealpost-back-'));
  mkdirSync(at('services/stack'), { recursive: true });
  writeFileSync(at('.gitignore'), '/own/\n/bin/\n/calls\n');
  git('init', '--quiet', '--initial-branch', 'main');
  writeFileSync(at('CHANGELOG.md'), '## 2.0.0\n\n## 1.0.0\n');
  // Of the version before the script is another, shorter than the place that the running one has come to.
  for (const name of ['sealpost', 'services/stack/back.sh']) writeFileSync(at(name), 'exit 9\n');
  first = commit('1.0.0');
  for (const name of ['sealpost', 'services/stack']) {
    cpSync(join(import.meta.dirname, '../..', name), at(name), { recursive: true });
  }
  second = commit('2.0.0');
  mkdirSync(at('bin'));
  writeFileSync(at('bin/docker'), DOCKER);
  chmodSync(at('bin/docker'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(...words: readonly string[]): string {
  const who = ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com'];
  return spawnSync('git', [...who, ...words], { cwd: folder, encoding: 'utf8' }).stdout.trim();
}

function commit(version: string): string {
  writeFileSync(at('package.json'), `{\n  "version": "${version}"\n}\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message', version);
  return git('rev-parse', 'HEAD');
}

function sealpost(words: readonly string[], env: Record<string, string> = {}, input = '') {
  rmSync(at('calls'), { force: true });
  const given = { PATH: `${at('bin')}:${process.env.PATH}`, CALLS: at('calls'), ...env };
  const ran = spawnSync(at('sealpost'), words, { env: given, input, encoding: 'utf8' });
  const calls = existsSync(at('calls'))
    ? readFileSync(at('calls'), 'utf8')
        .trimEnd()
        .replaceAll(/-f \/\S+\/compose/g, '-f …/compose')
        .split('\n')
    : [];
  return { code: ran.status, said: ran.stdout, complained: ran.stderr, calls };
}

const DUMP = 'request_marketplace_prod_backup_20260301_020007.sql.gz';
const noted = (commitBefore: string): string => `2026-03-01T02:00:09Z 1.0.0 ${commitBefore} 2.0.0 ${DUMP}\n`;
const note = (text: string): void => {
  mkdirSync(at('own'), { recursive: true });
  writeFileSync(at('own/versions'), text);
};
const versions = (): string => readFileSync(at('own/versions'), 'utf8');

const look = [
  'exec -T -u postgres postgres psql --no-psqlrc -At -d postgres -c show server_version_num',
  '-f …/compose.yaml config --images postgres',
  'next|-f compose.yaml build --quiet secrets scheduler',
  'next|run --rm --no-deps -T api node --input-type=module',
  'next|run --rm --no-deps -T cli migrate --check',
];
const change = [
  'config --images secrets',
  'tag sealpost:next sealpost:1.0.0',
  'tag sealpost-tools:next sealpost-tools:1.0.0',
  'run --rm --no-deps -T secrets',
  'run --rm --no-deps -T migrate',
  'ps --quiet api',
  'up -d --wait --no-deps --no-recreate --scale api=2 api',
  'stop --timeout 30 old',
  'rm old',
  'up -d --wait --scale api=1',
  'exec -T caddy caddy reload --config /etc/caddy/Caddyfile',
  'kill --signal HUP prometheus alertmanager',
  'exec -T api cat package.json',
];

test('it looks with the version before, checks its commit out and rolls; the backup stays where it is', () => {
  note(`an earlier line\n${noted(first)}`);
  const { code, said, calls } = sealpost(['back', '--yes']);
  expect([code, calls]).toEqual([0, [...look, ...change]]);
  expect(git('rev-parse', 'HEAD')).toBe(first);
  expect(versions()).toBe('an earlier line\n');
  expect(said).toContain('1.0.0 runs on the database as it is: nothing that was recorded is lost');
  expect(said).toMatch(/Running 1\.0\.0\.\nForth again: git checkout main, then \.\/sealpost upgrade\.\n$/);
});

test('where the version before refuses the database, it restores the upgrade’s backup with it, while nobody records anything', () => {
  note(noted(first));
  const { code, said, calls } = sealpost(['back', '--yes'], { BREAKING: '901_break.sql' });
  const restore = ['stop api scheduler', `next|run --rm --no-deps -T cli restore ${DUMP} --yes`];
  expect([code, calls]).toEqual([0, [...look, ...restore, ...change]]);
  expect(said).toContain(`1.0.0 cannot run after 901_break.sql. So the backup of the upgrade is restored: ${DUMP}.`);
  expect(said).toContain('What was recorded since 2026-03-01T02:00:09Z is lost to it');
});

test('a restore that fails leaves the newer version, which runs on', () => {
  note(noted(first));
  const ran = sealpost(['back', '--yes'], { BREAKING: '901_break.sql', FAILING: 'cli restore' });
  expect([ran.code, ran.calls.at(-1)]).toEqual([1, 'start api scheduler']);
  expect(ran.complained).toContain('2.0.0 goes on running, on its own database');
  expect([git('rev-parse', 'HEAD'), git('branch', '--show-current')]).toEqual([second, 'main']);
  expect(versions()).toBe(noted(first));
});

test.each([
  ['', false],
  ['no\n', false],
  ['yes\n', true],
])('asked and answered %j', (answer, goes) => {
  note(noted(first));
  const { code, said, complained, calls } = sealpost(['back'], {}, answer);
  expect(said).toMatch(/Nothing has been changed yet\.\nGo back\? yes or no: /);
  expect([code, git('rev-parse', 'HEAD')]).toEqual(goes ? [0, first] : [1, second]);
  expect(calls).toEqual(goes ? [...look, ...change] : look);
  if (!goes) expect([complained, versions()]).toEqual(['Nothing was changed.\n', noted(first)]);
});

/** What is so, what is said, and what was asked of the engine before. */
const refusals: readonly [string, () => void, string, Record<string, string>, number][] = [
  ['no upgrade is written down', () => undefined, 'own/versions names no upgrade', {}, 0],
  ['the commit is not known', () => note(noted('-')), 'does not say of which commit 1.0.0 was', {}, 0],
  ['the commit is not there', () => note(noted('0'.repeat(40))), 'Right would be: git fetch', {}, 0],
  ['a file was changed', () => changeFile(), 'has changes of its own:\n M package.json', {}, 0],
  ['it is no clone', () => noClone(), 'is no git clone', {}, 0],
  ['the settings are too new', () => note(noted(first)), 'does not accept these settings', { FAILING: 'module' }, 2],
  ['the database is away', () => note(noted(first)), 'not accept this database', { FAILING: 'migrate --check' }, 3],
  [
    'no backup',
    () => note(noted(first).replace(DUMP, '-')),
    'names no backup to restore',
    { BREAKING: '901_b.sql' },
    3,
  ],
];

function changeFile(): void {
  note(noted(first));
  writeFileSync(at('package.json'), '{}\n');
}

function noClone(): void {
  note(noted(first));
  rmSync(at('.git'), { recursive: true });
}

test.each(refusals)('where %s, it is refused in words and nothing is changed', (_, prepare, words, env, asked) => {
  prepare();
  const { code, complained, calls } = sealpost(['back', '--yes'], env);
  expect([code, calls]).toEqual([1, look.slice(0, asked && asked + 2)]);
  expect(complained).toContain(words);
  expect(complained).toContain('Nothing was changed.');
  if (existsSync(at('.git'))) expect(git('rev-parse', 'HEAD')).toBe(second);
});

/** The running image's label, and what upgrade writes down for it. */
test.each([
  ['the commit of its label', () => ({ LABEL: first }), () => ` 1.0.0 ${first} 2.0.0 ${DUMP}\n`],
  ['without a label the last commit that had its version', () => ({}), () => ` 1.0.0 ${first} 2.0.0 ${DUMP}\n`],
  ['nothing where the same commit runs already', () => ({ LABEL: second }), () => ''],
])('an upgrade writes down what it comes from: %s', (_, env, expected) => {
  expect(sealpost(['upgrade'], env()).code).toBe(0);
  const written = existsSync(at('own/versions')) ? versions() : '';
  expect(written.replace(/^\d{4}-\d\d-\d\dT[\d:]{8}Z/, '')).toBe(expected());
  expect(git('status', '--porcelain')).toBe('');
});

test('another word is refused', () => {
  const { code, complained, calls } = sealpost(['back', 'now']);
  expect([code, calls]).toEqual([1, []]);
  expect(complained).toContain('"./sealpost back --yes", which does not ask');
});
