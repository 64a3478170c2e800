/** In place of psql, as services/backup/load.ts calls it: reads a dump on standard input and loads it in one transaction. */
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';

// The driver reads the same variables as psql.
const sql = postgres({ max: 1, fetch_types: false, onnotice: () => {} });

const lines = (await text(process.stdin)).split('\n');
try {
  await sql.begin(async (transaction) => {
    let statements: string[] = [];
    const flush = async (): Promise<void> => {
      if (statements.some((line) => line.trim() !== '')) await transaction.unsafe(statements.join('\n')).simple();
      statements = [];
    };
    for (let n = 0; n < lines.length; n++) {
      const line = lines[n] ?? '';
      if (/^COPY .* FROM stdin;$/.test(line)) {
        await flush();
        const end = lines.indexOf('\\.', n);
        const rows = lines.slice(n + 1, end).map((row) => `${row}\n`);
        await pipeline(Readable.from(rows), await transaction.unsafe(line).writable());
        n = end;
      } else if (!line.startsWith('\\')) {
        statements.push(line);
      }
    }
    await flush();
  });
} catch (error) {
  process.stderr.write(`psql: ERROR: ${(error as Error).message}\n`);
  process.exitCode = 3;
} finally {
  await sql.end();
}
