/** Reads what stands in a dump of pg_dump from its own text, as it passes: what can be told of a backup without loading it. */

export type DumpContent = Readonly<{
  /** False where the dump ends before pg_dump's own last line. */
  whole: boolean;
  /** PostgreSQL's version, such as 18.4; empty where the dump does not say. */
  server: string;
  /** Rows of each table of schema public. */
  rows: Readonly<Record<string, number>>;
  /** The newest event's; 0 without events. */
  position: number;
  /** The newest migration; undefined where it is no dump of Sealpost's. */
  schema: Readonly<{ number: number; name: string }> | undefined;
  /** What a restore counts up, so that no older code lives. */
  epoch: number | undefined;
}>;

export type DumpScan = Readonly<{ write(chunk: Buffer): void; end(): DumpContent }>;

const NEWLINE = 10;
const TAB = 9;
const COPY = /^COPY public\.("?)(\w+)\1 \((.*)\) FROM stdin;$/;
const SERVER = /^-- Dumped from database version (\S+)/;
const LAST_LINE = '-- PostgreSQL database dump complete';
/** A line of data is a row, of any length; one of SQL that is longer says nothing that is looked for. */
const SQL_LINE_MAX = 10_000;

type Table = { name: string; columns: readonly string[]; rows: number };

export function createDumpScan(): DumpScan {
  const tables: Table[] = [];
  const found = { whole: false, server: '', position: 0, epoch: undefined as number | undefined };
  let schema: { number: number; name: string } | undefined;
  let current: Table | undefined;
  let rest: Buffer = Buffer.alloc(0);
  return { write, end };

  function write(chunk: Buffer): void {
    const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let to = text.indexOf(NEWLINE); to >= 0; to = text.indexOf(NEWLINE, from)) {
      readLine(text.subarray(from, to));
      from = to + 1;
    }
    rest = text.subarray(from);
  }

  function readLine(line: Buffer): void {
    if (!current) return readSql(line);
    if (line.length === 2 && line.toString('latin1') === '\\.') {
      current = undefined;
      return;
    }
    current.rows++;
    if (current.name === 'events') {
      found.position = Math.max(found.position, numberIn(line, current, 'position'));
    } else if (current.name === 'schema_migrations') {
      const number = numberIn(line, current, 'number');
      if (!schema || number > schema.number) schema = { number, name: fieldIn(line, current, 'name') };
    } else if (current.name === 'installation') {
      found.epoch = numberIn(line, current, 'epoch');
    }
  }

  function readSql(line: Buffer): void {
    if (line.length === 0 || line.length > SQL_LINE_MAX) return;
    const sql = line.toString();
    const copy = COPY.exec(sql);
    if (copy) {
      const [, , name = '', columns = ''] = copy;
      current = { name, columns: columns.split(', ').map((column) => column.replaceAll('"', '')), rows: 0 };
      tables.push(current);
    } else if (sql === LAST_LINE) {
      found.whole = true;
    } else {
      found.server = SERVER.exec(sql)?.[1] ?? found.server;
    }
  }

  function end(): DumpContent {
    const rows = Object.fromEntries(tables.map(({ name, rows: count }) => [name, count] as const).toSorted());
    return { ...found, rows, schema };
  }
}

const numberIn = (line: Buffer, table: Table, column: string): number => Number(fieldIn(line, table, column)) || 0;

/** Of a row the field of that column; empty where there is no such column. */
function fieldIn(line: Buffer, { columns }: Table, column: string): string {
  const nth = columns.indexOf(column);
  if (nth < 0) return '';
  let from = 0;
  for (let n = 0; n < nth; n++) from = line.indexOf(TAB, from) + 1;
  const to = line.indexOf(TAB, from);
  return line.toString('utf8', from, to < 0 ? undefined : to);
}
