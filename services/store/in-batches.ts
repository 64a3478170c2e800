/** Deletions in batches, so that no statement grows with what is there. */

/** Some tenths of a second's work. */
export const BATCH_ROWS = 5000;

/**
 * Repeats a deletion of so many rows at most until there was less to delete, or between two batches it is told to stop. By
 * ctid, so that no plan reads the table for rows that an index has found; a row that changes meanwhile is left to the next run.
 */
export async function inBatches(
  signal: AbortSignal,
  deleteSome: (rows: number) => Promise<{ count: number }>,
): Promise<number> {
  for (let deleted = 0; ;) {
    const { count } = await deleteSome(BATCH_ROWS);
    deleted += count;
    if (count < BATCH_ROWS || signal.aborted) return deleted;
  }
}
