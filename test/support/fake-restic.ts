/** In place of restic: a program that writes down how it was asked, and ends as a test says. The real one copies in test/stack. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ToolPlace, toolPlace } from '../../services/backup/tool.ts';
import { temporaryFolder } from './fake-pg-dump.ts';

export const SUMMARY = JSON.stringify({
  message_type: 'summary',
  total_files_processed: 7,
  data_added: 3_670_016,
  snapshot_id: '8a1a9047992eb934',
});

export type FakeRestic = Readonly<{
  place: ToolPlace;
  /** Command lines, in order. */
  asked(): readonly string[];
  /** The last one's environment. */
  environment(): Readonly<Record<string, string>>;
}>;

/** `script` is shell, in which "$1" is restic's command, and ends it or not. */
export function fakeRestic(script = ''): FakeRestic {
  const folder = temporaryFolder();
  const [asked, environment] = [join(folder, 'asked'), join(folder, 'environment')];
  const text = `#!/bin/sh
at='${folder}'
printf '%s ' "$@" >>'${asked}'; echo >>'${asked}'
env >'${environment}'
${script}
[ "$1" != backup ] || printf '%s\\n' '{"message_type":"status"}' '${SUMMARY}'
`;
  writeFileSync(join(folder, 'restic'), text);
  chmodSync(join(folder, 'restic'), 0o755);
  return {
    place: toolPlace({ PATH: `${folder}:${process.env.PATH}` }),
    asked: () => linesOf(asked).map((line) => line.trim()),
    environment: () =>
      Object.fromEntries(
        linesOf(environment).map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
      ),
  };
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
