/** How the image of our programs is made: from which, with what in it and what not, and as whom it runs. */
import { expect, test } from 'vitest';
import { textOf } from '../support/stack-files.ts';

/** The instructions, each on a line of its own however it was broken. */
const instructions = textOf('services/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean);

const wordsOf = (instruction: string): readonly string[] =>
  instructions.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

test('both images have Node 24, the one that the programs are tested with; the tools are those of the stack’s PostgreSQL', () => {
  expect(wordsOf('FROM')).toEqual(['node:24-slim AS packages', 'postgres:18 AS tools', 'node:24-slim AS programs']);
});

test('packages are those of the lock file, without the ones of development, and run no script of theirs', () => {
  const [install = '', ...others] = wordsOf('RUN');
  const omit = '--omit=dev --omit=optional';
  expect(install.split(' && ')).toEqual([
    `npm ci ${omit} --ignore-scripts --no-audit --no-fund`,
    `npm sbom --package-lock-only ${omit} --sbom-format=cyclonedx > sbom.cdx.json`,
    String.raw`find node_modules -type f \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' -o -name '*.md' \) -delete`,
  ]);
  const commit = `printf '%s' "$COMMIT" > COMMIT`;
  expect(others).toEqual([
    "echo 'node:x:1000:1000::/app:/bin/sh' >> /etc/passwd && echo 'node:x:1000:' >> /etc/group && install -d -o node -g node -m 700 /var/lib/sealpost /var/log/request-marketplace",
    commit,
    'install -d -o node -g node -m 700 /secrets /var/lib/sealpost /var/log/request-marketplace',
    commit,
  ]);
});

test('only what runs is in it: the packages, the programs and the migrations', () => {
  const ours = ['--from=packages /app ./', 'services ./services', 'migrations ./migrations'];
  expect(wordsOf('COPY')).toEqual([
    'package.json package-lock.json ./',
    '--from=node:24-slim /usr/local/bin/node /usr/local/bin/',
    '--from=restic/restic:0.19.1 /usr/bin/restic /usr/local/bin/',
    '--from=restic/restic:0.19.1 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/',
    ...ours,
    ...ours,
  ]);
  expect(textOf('.dockerignore').split('\n').filter(Boolean)).toEqual([
    expect.stringMatching(/^#/),
    '*',
    '!package.json',
    '!package-lock.json',
    '!services',
    '!migrations',
    'services/Dockerfile',
    'services/**/*.md',
    'services/**/*.png',
    'services/stack',
  ]);
});

test('it runs as a user without rights, after all that root does, in production, and has no secret built in', () => {
  expect(wordsOf('USER')).toEqual(['node', 'node']);
  expect(instructions.slice(-2)).toEqual(['USER node', 'CMD ["node", "services/api/main.ts"]']);
  expect(wordsOf('CMD')).toEqual(['["node", "services/scheduler/main.ts"]', '["node", "services/api/main.ts"]']);
  expect(wordsOf('ENV')).toEqual(['NODE_ENV=production', 'NODE_ENV=production']);
  expect(wordsOf('WORKDIR')).toEqual(['/app', '/app', '/app']);
  const kinds = instructions.map((line) => line.split(' ')[0]);
  expect([...new Set(kinds)].toSorted()).toEqual([
    'ARG',
    'CMD',
    'COPY',
    'ENTRYPOINT',
    'ENV',
    'FROM',
    'LABEL',
    'RUN',
    'USER',
    'WORKDIR',
  ]);
});

test('every package is the registry’s own, and has the checksum of its content in the lock file', () => {
  type Locked = { resolved?: string; integrity?: string; link?: boolean };
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Locked> };
  const { '': _root, ...locked } = packages;
  expect(Object.keys(locked).length).toBeGreaterThan(100);
  const wrong = Object.entries(locked).filter(
    ([, { resolved, integrity = '', link }]) =>
      resolved !== undefined || link === true || !/^sha512-[\w+/]{86}==$/.test(integrity),
  );
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test('what the programs need is named by its exact version, and their number is known', () => {
  type Named = { dependencies: Record<string, string>; devDependencies: Record<string, string> };
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Named;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  }
  expect(Object.keys(dependencies)).toHaveLength(18);
});

test('its default tag is the version of package.json, and its label the commit that it is built of', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  const tags = [...textOf('compose.yaml').matchAll(/image: sealpost[^:]*:(\S+)/g)].map(([, tag]) => tag);
  expect(tags).toEqual(Array.from({ length: 4 }, () => `\${SEALPOST_VERSION:-${version}}`));
  expect(textOf('docs/docker.md')).toContain(`| \`SEALPOST_VERSION\` | \`${version}\` |`);
  expect(wordsOf('ARG')).toEqual(['COMMIT=', 'COMMIT=']);
  expect(wordsOf('LABEL').filter((label) => label.includes('revision'))).toEqual(
    Array.from({ length: 2 }, () => 'org.opencontainers.image.revision=$COMMIT'),
  );
});
