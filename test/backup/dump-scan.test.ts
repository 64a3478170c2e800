/** What is read of a dump as it passes, however it is cut into pieces. */
import { describe, expect, test } from 'vitest';
import { createDumpScan, type DumpContent } from '../../services/backup/dump-scan.ts';
import { dumpText } from '../support/fake-pg-dump.ts';

const whole: DumpContent = {
  whole: true,
  server: '18.4',
  rows: { accounts: 0, events: 3, installation: 1, schema_migrations: 3 },
  position: 7,
  schema: { number: 22, name: '022_last.sql' },
  epoch: 4,
};

function scan(text: string | Buffer, size = 65_536): DumpContent {
  const bytes = Buffer.from(text as string);
  const read = createDumpScan();
  for (let from = 0; from < bytes.length; from += size) read.write(bytes.subarray(from, from + size));
  return read.end();
}

test.each([1, 2, 3, 7, 64, 1000, 65_536])('is the same in pieces of %i bytes', (size) => {
  expect(scan(dumpText(), size)).toEqual(whole);
});

describe('is not taken in by', () => {
  test.each<[string, string, Partial<DumpContent>]>([
    ['an end that is missing', dumpText({ end: '' }), { whole: false }],
    [
      'an end within a row',
      dumpText({
        tables: {
          accounts: ['id, email', ['1\t-- PostgreSQL database dump complete', '-- PostgreSQL database dump complete']],
        },
        end: '',
      }),
      { whole: false, rows: { ...whole.rows, accounts: 2 } },
    ],
    [
      'a row that looks like the end of its table',
      dumpText({ tables: { accounts: ['id', ['\\\\.', '\\.x', '.']] } }),
      { rows: { ...whole.rows, accounts: 3 } },
    ],
    [
      'a row that looks like a table',
      dumpText({ tables: { accounts: ['id', ['COPY public.events ("position") FROM stdin;', '99']] } }),
      { rows: { ...whole.rows, accounts: 2 } },
    ],
    [
      'columns in another order',
      dumpText({ tables: { events: ['stream_id, "position"', ['99\t5', '98\t12']] } }),
      { position: 12, rows: { ...whole.rows, events: 2 } },
    ],
    [
      'a row longer than a piece',
      dumpText({ tables: { accounts: ['id', ['x'.repeat(200_000)]] } }),
      { rows: { ...whole.rows, accounts: 1 } },
    ],
    [
      'bytes that are no text',
      dumpText({ tables: { accounts: ['id', ['\u0000\u00ff']] } }),
      { rows: { ...whole.rows, accounts: 1 } },
    ],
    ['a table of another schema', `COPY other.events (position) FROM stdin;\n9999\n\\.\n${dumpText()}`, {}],
    [
      'quotes around a name',
      `COPY public."events" (a) FROM stdin;\nx\n\\.\n`,
      { whole: false, server: '', rows: { events: 1 }, position: 0, schema: undefined, epoch: undefined },
    ],
    ['nothing', '', { whole: false, server: '', rows: {}, position: 0, schema: undefined, epoch: undefined }],
  ])('%s', (_, text, expected) => {
    expect(scan(text)).toEqual({ ...whole, ...expected });
  });
});
