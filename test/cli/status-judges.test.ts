/** How each part of the status is judged: what is well, what is worth a look and what is wrong, at its very limits. */
import { describe, expect, test } from 'vitest';
import { ok } from '../../services/cli/doctor/finding.ts';
import { judgeDumps } from '../../services/cli/doctor/backups.ts';
import { judgeSlots, judgeUse } from '../../services/cli/status/database.ts';
import { inBytes, inTime } from '../../services/cli/in-words.ts';
import { judgeLeader, lastRun } from '../../services/cli/status/programs.ts';
import type { ListedDump } from '../../services/backup/folder.ts';
import type { JobRun } from '../../services/store/job-runs.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

describe('the database', () => {
  const use = { databaseBytes: 2 ** 30, connections: 10, connectionsMax: 100, oldestTransactionSeconds: null };

  test.each([
    [{}, 'ok', '1.0 GiB, 10 of 100 connections, no open transaction.'],
    [{ connections: 79 }, 'ok', '79 of 100'],
    [{ connections: 80 }, 'warning', '80 of 100'],
    [{ connections: 95 }, 'wrong', '95 of 100'],
    [{ oldestTransactionSeconds: 900 }, 'ok', 'oldest transaction 15 min'],
    [{ oldestTransactionSeconds: 901 }, 'warning', 'oldest transaction 15 min'],
  ])('%j is %s', (given, status, told) => {
    const found = judgeUse({ ...use, ...given });
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(told)]);
  });

  const slot = { name: 's', active: true, walStatus: 'reserved', lagBytes: 16 };
  test.each([
    [[], 'ok', 'There are no replication slots.'],
    [[slot], 'ok', 's is read, 16 bytes behind, wal_status reserved.'],
    [[slot, { ...slot, name: 't', lagBytes: 2 ** 30 + 1 }], 'warning', 't is read, 1.0 GiB behind'],
    [[{ ...slot, active: false }], 'warning', 's is read by nobody'],
    [[{ ...slot, walStatus: 'extended' }], 'ok', 'extended'],
    [[{ ...slot, walStatus: 'unreserved' }], 'wrong', 'unreserved'],
    [[{ ...slot, walStatus: 'lost', lagBytes: null }], 'wrong', 'lost'],
  ])('slots %j are %s', (slots, status, told) => {
    const found = judgeSlots(slots);
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(told)]);
  });
});

describe('the programs', () => {
  const well = ok('Codes are closed when they expire.');
  test.each([
    [{ held: true, term: 3, endedSeconds: null }, 'ok', 'One leads, in term 3. Codes are closed'],
    [{ held: false, term: 0, endedSeconds: null }, 'wrong', 'none has ever led'],
    [{ held: false, term: 3, endedSeconds: null }, 'wrong', 'the last one stopped'],
    [{ held: false, term: 3, endedSeconds: 7200 }, 'wrong', 'has been silent for 2 h'],
  ])('a lease %j is %s', (leader, status, told) => {
    const found = judgeLeader(leader, well);
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(told)]);
  });

  test('one that leads and leaves codes open is wrong', () => {
    const overdue = { status: 'wrong' as const, what: 'A code is still open.' };
    expect(judgeLeader({ held: true, term: 3, endedSeconds: null }, overdue)).toBe(overdue);
  });

  test.each([
    [undefined, 'backup never ran.'],
    [
      { started_at: new Date(NOW - HOUR * 5), ended_at: new Date(NOW), error: null },
      'backup ran 5 h ago and succeeded.',
    ],
    [{ started_at: new Date(NOW - 9000), ended_at: null, error: null }, 'backup ran 9 s ago and is under way.'],
    [
      { started_at: new Date(NOW - HOUR * 99), ended_at: new Date(NOW), error: 'x' },
      'backup ran 4 days ago and failed.',
    ],
  ])('a run %j is told', (run, told) => expect(lastRun('backup', run as JobRun | undefined, NOW)).toBe(told));
});

const dump = (hours: number, manifest: object | 'none' | 'damaged' = {}): ListedDump => ({
  file: `db_${hours}`,
  madeAt: new Date(NOW - hours * HOUR),
  bytes: 2048,
  manifest: manifest === 'none' ? undefined : (manifest as ListedDump['manifest']),
});

describe('the backups', () => {
  test.each([
    [[], 'wrong', 'There is no backup in /b.'],
    [[dump(26)], 'ok', 'db_26, is 26 h old, has 2.0 KiB and a manifest.'],
    [[dump(26.1)], 'warning', 'db_26.1'],
    [[dump(50.1)], 'wrong', 'db_50.1'],
    [[dump(1, 'none'), dump(20)], 'warning', 'no manifest; the newest with one is 20 h old.'],
    [[dump(1, 'damaged'), dump(20)], 'warning', 'a damaged manifest; the newest'],
    [[dump(1, 'none'), dump(60)], 'wrong', 'no manifest; the newest with one is 3 days old.'],
    [[dump(1, 'none')], 'wrong', 'no manifest; none has one.'],
  ])('%# are judged by those with a manifest: %s', (dumps, status, told) => {
    const found = judgeDumps('/b', dumps, NOW);
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(told)]);
  });
});

test('sizes and times are told in one unit', () => {
  expect([0, 1023, 1024, 5 * 2 ** 20, 2 ** 51].map(inBytes)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1.0 KiB',
    '5.0 MiB',
    '2048.0 TiB',
  ]);
  expect([0, 99, 100, 5999, 6000, 179_999, 180_000].map(inTime)).toEqual([
    '0 s',
    '99 s',
    '2 min',
    '100 min',
    '2 h',
    '50 h',
    '2 days',
  ]);
});
