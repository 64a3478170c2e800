/** What every entry does with an error at its start: say it plainly, without a stack, and end with a code of sysexits.h. */
import { InvalidSettings } from './settings.ts';

const EX_CONFIG = 78;

export async function runMain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const known = error instanceof Error ? error : new Error('It did not start.');
    process.stderr.write(`${known.message}\n`);
    process.exit(error instanceof InvalidSettings ? EX_CONFIG : 1);
  }
}
