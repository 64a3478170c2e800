/** `./sealpost rotate NAME`: it looks as apply does, makes another secret, gives it to whom it is for, and takes it up. */
import { expect, test } from 'vitest';
import { lookAtStack as look, rolled, sealpostBesideFakeStack as sealpost, takeUp } from '../support/fake-stack.ts';

const made = (name: string): string =>
  `run --rm --no-deps -T secrets node services/cli/main.ts secrets --folder /secrets --from /clone/.env --rotate ${name}`;
const next = made('JWT_SECRET').replace('--rotate', '--next');
const told = 'exec -T -u postgres postgres psql --quiet --no-psqlrc -v ON_ERROR_STOP=1 -d postgres';

test('JWT_SECRET: all apis accept the next one before the first of them signs with it', () => {
  const { code, said, calls } = sealpost(['rotate', 'JWT_SECRET', '--yes']);
  expect([code, calls]).toEqual([
    0,
    [...look, next, 'run --rm --no-deps -T migrate', ...rolled, made('JWT_SECRET'), ...takeUp],
  ]);
  expect(said).toContain('Sessions of accounts end, unless');
  expect(said).toMatch(/this shows it: docker compose exec api cat \/run\/secrets\/app\/JWT_SECRET\n$/);
});

test('ERASURE_KEYS is made, and ends nothing', () => {
  const { code, said, calls } = sealpost(['rotate', 'ERASURE_KEYS', '--yes']);
  expect([code, calls]).toEqual([0, [...look, made('ERASURE_KEYS'), ...takeUp]]);
  expect(said).toContain('what was written with them is read with them. It ends nothing.');
});

test.each(['DB_PASSWORD', 'BACKUP_DB_PASSWORD'])('%s is made, and taken up by the role and what runs', (name) => {
  const { code, said, calls, psql } = sealpost(['rotate', name, '--yes']);
  expect([code, calls, psql]).toEqual([0, [...look, made(name), ...takeUp], '']);
  expect(said).toContain('It ends no token, no session and no code; connections that are open stay open.');
  expect(said).toMatch(
    /Nothing has been changed yet\.\nRotated: \w+ is another one, and what runs has it\. If you keep a secrets\.sealpost, it lacks that: [^\n]*\n$/,
  );
});

test('POSTGRES_PASSWORD is told to the database before what needs it, on no command line and in no statistics', () => {
  const { code, calls, psql } = sealpost(['rotate', 'POSTGRES_PASSWORD', '--yes']);
  expect([code, calls]).toEqual([0, [...look, made('POSTGRES_PASSWORD'), told, ...takeUp]]);
  expect(psql.split('\n')).toEqual([
    "set pg_stat_statements.track = 'none';",
    '\\set password `cat /run/secrets/postgres/POSTGRES_PASSWORD`',
    "alter role postgres password :'password';",
  ]);
});

test('it asks, and without a yes makes nothing', () => {
  const { code, said, complained, calls } = sealpost(['rotate', 'DB_PASSWORD'], {}, 'no\n');
  expect([code, calls, complained]).toEqual([1, look, 'Nothing was changed.\n']);
  expect(said).toMatch(/Nothing has been changed yet\.\nRotate\? yes or no: $/);
});

test('where it cannot be made or told, nothing is taken up', () => {
  const unmade = sealpost(['rotate', 'DB_PASSWORD', '--yes'], { FAILING: '--rotate' });
  expect([unmade.code, unmade.calls.at(-1)]).toEqual([1, made('DB_PASSWORD')]);
  expect(unmade.complained).toContain('DB_PASSWORD was not rotated. Nothing that runs was changed.');
  const unaccepted = sealpost(['rotate', 'JWT_SECRET', '--yes'], { FAILING: '--next' });
  expect([unaccepted.code, unaccepted.calls.at(-1)]).toEqual([1, next]);
  expect(unaccepted.complained).toContain('JWT_SECRET was not rotated. Nothing was changed.');
  const untold = sealpost(['rotate', 'POSTGRES_PASSWORD', '--yes'], { FAILING: 'psql' });
  expect([untold.code, untold.calls.at(-1)]).toEqual([1, told]);
  expect(untold.complained).toContain('./sealpost rotate POSTGRES_PASSWORD makes another one');
});

test.each([[[]], [['GRAFANA_PASSWORD']], [['DB_PASSWORD', 'now']], [['DB_PASSWORD', '--yes', 'now']]])(
  'rotate %j is refused with what would be right',
  (words) => {
    const { code, complained, calls } = sealpost(['rotate', ...words]);
    expect([code, calls]).toEqual([1, []]);
    expect(complained).toContain('"./sealpost rotate NAME --yes"');
  },
);
