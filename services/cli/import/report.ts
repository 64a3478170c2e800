/** What an import brought, what was there, and what was left out and why: rows by their ids, never by their addresses. */

export type Report = Readonly<{
  imported(): void;
  present(): void;
  skipped(reason: string, id: number | string): void;
  toText(): string;
  /** A JSON line for every row that was left out. */
  skippedRows(): readonly string[];
}>;

const EXAMPLES_MAX = 5;

export function createReport(table: string): Report {
  const left: { reason: string; id: number | string }[] = [];
  let imported = 0;
  let present = 0;
  return {
    imported: () => {
      imported++;
    },
    present: () => {
      present++;
    },
    skipped: (reason, id) => {
      left.push({ reason, id });
    },
    toText: () => {
      const byReason = Map.groupBy(left, ({ reason }) => reason);
      const reasons = [...byReason].map(([reason, rows]) => {
        const examples = rows.slice(0, EXAMPLES_MAX).map(({ id }) => id);
        return `  left out ${rows.length}: ${reason} (id ${examples.join(', ')}${rows.length > EXAMPLES_MAX ? ', …' : ''})`;
      });
      return [`${table}: ${imported} imported, ${present} there already, ${left.length} left out`, ...reasons].join(
        '\n',
      );
    },
    skippedRows: () => left.map((one) => JSON.stringify({ table, ...one })),
  };
}
