/** What is mounted: folders, since a file that is mounted alone goes on being the one that another took the place of. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compose } from '../support/stack-files.ts';

/** Each mount of this machine, as "service target", with what it is without a setting. */
const ofMachine = Object.entries(compose.services).flatMap(([service, { volumes = [] }]) =>
  (volumes as readonly (string | Readonly<Record<string, unknown>>)[]).flatMap((volume) => {
    const [source = '', target = ''] =
      typeof volume === 'string' ? volume.split(':') : [String(volume.source), String(volume.target)];
    const path = source.replace(/^\$\{\w+:-(.*)\}$/, '$1');
    return path.startsWith('.') ? [[`${service} ${target}`, path] as const] : [];
  }),
);

const isFolder = (path: string): boolean =>
  statSync(join(import.meta.dirname, '../..', path), { throwIfNoEntry: false })?.isDirectory() ?? true;

test('only the certificate of a database’s authority is a file, which a program reads once, at its start', () => {
  expect(ofMachine.length).toBeGreaterThan(12);
  const files = ofMachine.filter(([, path]) => !isFolder(path)).map(([where]) => where);
  const authority = ['migrate', 'api', 'scheduler', 'cli'].map((name) => `${name} /etc/sealpost/database-ca.pem`);
  expect(files).toEqual(authority);
});
