/** `./sealpost` in a clone whose name is another clone's: it is refused before anything is asked of the other's stack. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Says of each container which folder it is of, as $FOLDERS has them, and writes down what else it is asked. */
const DOCKER = `#!/bin/sh
case "$*" in
  *working_dir*) [ -z "$FOLDERS" ] || printf "$FOLDERS\\n" ;;
  *'{{.Image}} api') echo 'sealpost:running' ;;
  *inspect*) ;;
  *'config --images secrets') echo "sealpost:staging" ;;
  *) printf '%s\\n' "$*" >>"$CALLS" ;;
esac
case "$*" in
  *package.json) echo '"version": "1.0.0",' ;;
  *pg_dump*) echo 'PostgreSQL database dump complete' | gzip ;;
  *'ps --quiet api') echo old ;;
esac
`;

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealpost-clones-'));
  for (const name of ['mine', 'other']) mkdirSync(at(name));
  symlinkSync(at('mine'), at('link'));
  for (const name of ['sealpost', 'services/stack']) {
    cpSync(join(import.meta.dirname, '../..', name), at(`mine/${name}`), { recursive: true });
  }
  writeFileSync(at('mine/package.json'), '"version": "1.0.0",\n');
  writeFileSync(at('docker'), DOCKER);
  chmodSync(at('docker'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function sealpost(words: readonly string[], folders: string, from = 'mine') {
  const env = { PATH: `${folder}:${process.env.PATH}`, CALLS: at('calls'), FOLDERS: folders };
  const { status, stderr } = spawnSync(at(`${from}/sealpost`), words, { env, encoding: 'utf8' });
  return { status, stderr, calls: existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8') : '' };
}

test.each([[['upgrade']], [['upgrade', '--check']], [['doctor']], [['accounts', 'list']]])(
  '%s in another clone is refused, and nothing is done',
  (words) => {
    for (const folders of [at('other'), `${at('mine')}\\n${at('other')}`]) {
      const { status, stderr, calls } = sealpost(words, folders);
      expect([status, calls]).toEqual([1, '']);
      expect(stderr).toContain(`The stack of this name is run from ${at('other')}, and would be taken over from here.`);
      expect(stderr).toContain('COMPOSE_PROJECT_NAME');
    }
  },
);

test.each([
  ['nothing runs', () => '', 'mine'],
  ['the stack is its own', () => at('mine'), 'mine'],
  ['it is called by a link, and began by its own name', () => at('mine'), 'link'],
  ['it began by a link, and is called by its own name', () => at('link'), 'mine'],
  ['the clone was moved here', () => at('gone'), 'mine'],
])('where %s, the command is run', (_, folders, from) => {
  const { status, calls } = sealpost(['doctor'], folders(), from);
  expect([status, calls]).toEqual([0, 'compose --progress quiet run --rm --no-deps cli doctor\n']);
});

test('an upgrade changes the images that this clone runs, and not those of another', () => {
  const { calls } = sealpost(['upgrade'], at('mine'));
  expect(calls).toContain('tag sealpost:next sealpost:staging\ntag sealpost-tools:next sealpost-tools:staging\n');
  expect(calls).not.toContain('latest');
});
