/** An .env file means to us what it means to Docker Compose: the expected values are those that `docker compose config` prints. */
import { expect, test } from 'vitest';
import { parseEnvFile } from '../../services/runtime/env-file.ts';

const before = 'B=bee\nE=\n';

/** What stands in the file, and what NAME is then. */
const cases: readonly (readonly [string, string | undefined])[] = [
  ['NAME=abc#def', 'abc#def'],
  ['NAME=abc #c', 'abc'],
  ['NAME=#x', '#x'],
  ['NAME= # x', '# x'],
  ['NAME=a\t#tab', 'a\t#tab'],
  ['NAME="x#y" # c', 'x#y'],
  ["NAME='it'", 'it'],
  [String.raw`NAME='a\'b'`, "a'b"],
  [String.raw`NAME='$B \n'`, String.raw`$B \n`],
  ["NAME=''", ''],
  ['NAME=a$B', 'abee'],
  ['NAME=${B}x$B', 'beexbee'],
  ['NAME=a$$B', 'a$B'],
  ['NAME=a$', 'a$'],
  ['NAME=$1x', '$1x'],
  ['NAME=p$4word', 'p$4word'],
  ['NAME=pa$$word', 'pa$word'],
  ['NAME="a$$b"', 'a$b'],
  [String.raw`NAME=\$B`, String.raw`\bee`],
  [String.raw`NAME="a\$b"`, 'a$b'],
  [String.raw`NAME="a\nb"`, 'a\nb'],
  [String.raw`NAME="a\"b"`, 'a"b'],
  [String.raw`NAME="a\\b"`, String.raw`a\b`],
  [String.raw`NAME="\t\q\a"`, '\t\\q\u0007'],
  [String.raw`NAME=a\nb`, String.raw`a\nb`],
  ['NAME=a"b', 'a"b'],
  ['export NAME=x', 'x'],
  ['NAME: x', 'x'],
  ['NAME = spaced', 'spaced'],
  ['NAME=  x  y ', 'x  y'],
  ['\tNAME=tab', 'tab'],
  ['NAME=crlf\r', 'crlf'],
  ['NAME="q"\r', 'q'],
  ['NAME=a=b:c', 'a=b:c'],
  ['NAME=päss#wörd', 'päss#wörd'],
  ['NAME=${B:-d}', 'bee'],
  ['NAME=${E:-d}', 'd'],
  ['NAME=${E-d}', ''],
  ['NAME=${NOPE-d}', 'd'],
  ['NAME=${NOPE:-${E:-z}}', 'z'],
  ['NAME=${B:+x}', 'x'],
  ['NAME=${E:+x}', ''],
  ['NAME=${E+x}', 'x'],
  ['NAME=${NOPE+x}', ''],
  ['NAME="${NOPE}"', ''],
  ['NAME=$LATER\nLATER=later', 'later'],
  ['NAME="two\nlines"', 'two\nlines'],
  ['NAME="multi\n# no comment\nB=inside\nend"', 'multi\n# no comment\nB=inside\nend'],
  ["NAME='multi\nsingle'", 'multi\nsingle'],
  ['NAME=first\nNAME=last', 'last'],
  ['# NAME=comment "\nOTHER=x', undefined],
  ['NAME\nOTHER=x', undefined],
];

test.each(cases)('%j', (text, expected) => {
  expect(parseEnvFile(`${before}${text}\n`).NAME).toBe(expected);
  expect(parseEnvFile(`\uFEFF${before}${text}`).NAME).toBe(expected);
});

test('what stands beside a value of several lines is as it would be alone', () => {
  const found = parseEnvFile('A="x\nB=inside"\nB=own\n# "\nC=after\n');
  expect(found).toEqual({ A: 'x\nB=inside', B: 'own', C: 'after' });
});
