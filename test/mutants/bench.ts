/** A process in a workshop's folder that keeps one vitest and runs in it what it is asked for: one test of one file at a time. */
import { join } from 'node:path';
import postgres from 'postgres';
import { createVitest } from 'vitest/node';
import { migrate } from '../../services/store/migrate.ts';
import { TEMPLATE } from '../support/global-setup.ts';

/** The file that was changed, and the test to run. */
export type Asked = Readonly<{ file: string; test: string; named: string }>;

export type Result = Readonly<{ name: string; state: string; message: string }>;

const folder = process.cwd();
const [, , config] = process.argv;
const vitest = await createVitest('test', {
  ...(config ? { config } : {}),
  watch: false,
  // Nothing is told here: the results are.
  reporters: [{}],
});

let previous = '';

process.on('message', (asked: Asked) => {
  void run(asked).then((results) => process.send?.(results));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** The results of the tests of that name; those without a name are the file's own, which could not be run. */
async function run({ file, test, named }: Asked): Promise<readonly Result[]> {
  // What it compiled of the fault before is not to stay either.
  for (const changed of [previous, file]) vitest.invalidateFile(join(folder, changed));
  previous = file;
  const literal = named.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  vitest.setGlobalTestNamePattern(new RegExp(literal));
  if (file.startsWith('migrations/')) await remakeTemplate();
  const specifications = await vitest.globTestSpecifications([join(folder, test)]);
  const { testModules } = await vitest.runTestSpecifications(specifications);
  return testModules.flatMap((testModule) => [
    ...testModule.errors().map(({ message }) => ({ name: '', state: 'failed', message })),
    ...[...testModule.children.allTests()].map((one) => ({
      name: one.fullName.replaceAll(' > ', ' '),
      state: one.result().state,
      message: one.result().errors?.[0]?.message ?? '',
    })),
  ]);
}

/** The database that each test file copies, by the migrations as they stand in the folder now. */
async function remakeTemplate(): Promise<void> {
  const url = new URL(String(vitest.projects[0]?.getProvidedContext().clusterUrl ?? process.env.TEST_DATABASE_URL));
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await sql.unsafe(`drop database if exists ${TEMPLATE} with (force)`);
  await sql.unsafe(`create database ${TEMPLATE}`);
  await sql.end();
  url.pathname = `/${TEMPLATE}`;
  await migrate(url.href);
}
