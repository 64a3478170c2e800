/** What every entry does with an error at its start: say it plainly, without a stack, and end with a code of sysexits.h. */
import { InvalidSettings } from './settings.ts';

const EX_CONFIG = 78;

export async function runMain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exit(error instanceof InvalidSettings ? EX_CONFIG : 1);
  }
}

// A name with several addresses fails with one error for each, and no message of its own.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join('; ');
  if (!(error instanceof Error) || error.message === '') return 'It did not start, and no reason was given.';
  const isConnection = (error as NodeJS.ErrnoException).syscall === 'connect';
  return isConnection ? `The database is not reachable: ${error.message}` : error.message;
}
