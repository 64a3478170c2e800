/** A question before what cannot be undone. */
import { createInterface } from 'node:readline/promises';

/** Prints the warning; unless `yes` was given, goes on only when the person types the name. Throws otherwise. */
export async function confirm(warning: string, name: string, yes: boolean): Promise<void> {
  console.log(warning);
  if (yes) return;
  if (!process.stdin.isTTY) throw new Error('Add --yes: there is nobody to ask. Nothing was changed.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Type ${name} to go on: `);
    if (answer.trim() !== name) throw new Error('Nothing was changed.');
  } finally {
    terminal.close();
  }
}
