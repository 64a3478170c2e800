/** Faults of erasing a person, continued. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const erasureMutants2: readonly Mutant[] = [
  {
    fault: 'anyone may erase',
    breaks: ['T26', 'I29'],
    file: 'migrations/011_create_erasure.sql',
    from: 'revoke execute on function erase_stream(text) from public;\n',
    to: 'grant execute on function erase_stream(text) to public;\n',
    test: 'test/store/erasure.test.ts',
    named: 'is the programs’ and the owner’s',
  },
  {
    fault: 'the gate of erasure looks where its caller says',
    breaks: ['T26', 'T30'],
    file: 'migrations/032_erase_ids_of_requests.sql',
    from: 'security definer set search_path = public, pg_temp as',
    to: 'security definer as',
    test: 'test/store/erasure.test.ts',
    named: 'is the programs’ and the owner’s',
  },
  {
    fault: 'an erasure is recorded and nothing is taken out',
    breaks: ['I29'],
    file: 'services/store/erasure.ts',
    from: '  await takeOutPersonalFields(sql, address);\n',
    to: '',
    test: 'test/store/erasure.test.ts',
    named: 'takes out of its events the users’ ids',
  },
  {
    fault: 'finished erasures are finished again and again',
    breaks: ['I29'],
    file: 'services/store/erasure.ts',
    from: "      and id not like 'erased-%@erased.invalid'\n",
    to: '',
    test: 'test/store/erasure.test.ts',
    named: 'erasures that are not finished are found',
  },
  {
    fault: 'an erasure is never finished where its process died',
    breaks: ['I29', 'F01'],
    file: 'services/store/erasure.ts',
    from: "    where state ? 'erasedAt'\n",
    to: "    where state ? 'erased'\n",
    test: 'test/store/erasure.test.ts',
    named: 'erasures that are not finished are found',
  },
  {
    fault: 'a page of addresses begins with the last of the one before',
    breaks: ['I29', 'F16'],
    file: 'services/store/erasure.ts',
    from: 'where id > ${last}',
    to: 'where id >= ${last}',
    test: 'test/store/erasure.test.ts',
    named: 'erasures that are not finished are found',
  },
];

export const closedAddresses = [
  ...mutantsOf('services/core/erase.ts', 'test/attack/erased-traces.test.ts', [
    [
      'an erasure opens an address that was closed',
      ['I66', 'I12'],
      '  if (closed) return { addressHash, reason: closed.reason };\n',
      '',
      'keeps it closed, and names it nowhere',
    ],
    [
      'an address that was opened again is closed by the next erasure',
      ['I66'],
      'return context.closed ? { addressHash } : {};',
      'return {};',
      'keeps it closed, and names it nowhere',
    ],
  ]),
  ...mutantsOf('migrations/032_erase_ids_of_requests.sql', 'test/attack/erased-traces.test.ts', [
    [
      'what a relay said of the recipient stays',
      ['I66', 'I29'],
      `|| case when data ? 'words' then '{"words": ""}' else '{}' end::jsonb`,
      '',
      'leaves no word of the mail service',
    ],
  ]),
  ...mutantsOf('migrations/032_erase_ids_of_requests.sql', 'test/store/erasure.test.ts', [
    [
      'the id of a request outlives its person',
      ['I66', 'I29'],
      "data - 'requestId' - 'traceparent'",
      "data - 'traceparent'",
      'takes out of its events the users’ ids',
    ],
  ]),
  ...mutantsOf('migrations/030_erase_all_traces.sql', 'test/attack/erased-traces.test.ts', [
    [
      'the planner keeps samples of addresses',
      ['I66', 'I29'],
      "execute format('alter table %I alter column %I set statistics 0', named.tab, named.col);",
      'null;',
      'keeps no samples of addresses',
    ],
  ]),
  ...mutantsOf('services/store/idempotency.ts', 'test/attack/erased-traces.test.ts', [
    [
      'a verified user’s keys fill the table',
      ['I66'],
      ') < ${KEPT_WITHOUT_EVENT_MAX}',
      ') < 100 * ${KEPT_WITHOUT_EVENT_MAX}',
      '1,500 requests of one verified user',
    ],
  ]),
];
