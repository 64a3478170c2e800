/**
 * The erasures, kept outside the database so that a restore of an older backup can be told of them: a JSON line each,
 * with a keyed hash in the address's place.
 */
import { open, readFile } from 'node:fs/promises';
import { z } from 'zod';

const line = z.object({ at: z.iso.datetime(), keyId: z.string(), addressHash: z.string() });

export type LedgerEntry = Readonly<z.output<typeof line>>;

/** On the disk when it returns. */
export async function appendToLedger(file: string, entry: LedgerEntry): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(`${JSON.stringify(entry)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** All entries; none where there is no such file. Throws with the number of a line that is not one. */
export async function readLedger(file: string): Promise<readonly LedgerEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((written, index) => {
    if (written === '') return [];
    const parsed = line.safeParse(parse(written));
    if (!parsed.success) throw new Error(`Line ${index + 1} of the erasure ledger cannot be read.`);
    return [parsed.data];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
