/** MA3: logs that nobody has written to for a week go, and nothing else of their folder. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forgetOldLogs } from '../../services/scheduler/jobs/forget-old-logs.ts';

const NOW = Date.UTC(2026, 2, 8);
const WEEK_SECONDS = 7 * 86_400;

function folderWith(files: Readonly<Record<string, number>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, age] of Object.entries(files)) {
    const file = join(folder, name);
    if (name.endsWith('/')) mkdirSync(file);
    else writeFileSync(file, 'x');
    utimesSync(file, NOW / 1000 - age, NOW / 1000 - age);
  }
  return folder;
}

test('a second beyond a week, and not a second before; what is no log stays', async () => {
  const folder = folderWith({
    'app.log': WEEK_SECONDS - 1,
    'app.log.1': WEEK_SECONDS + 1,
    'other.log': WEEK_SECONDS + 1,
    'health-check.log': WEEK_SECONDS + 1,
    'notes.txt': 10 * WEEK_SECONDS,
    applog: 10 * WEEK_SECONDS,
    'app.log.gz': 10 * WEEK_SECONDS,
    'folder.log/': 10 * WEEK_SECONDS,
  });
  expect(await forgetOldLogs(join(folder, 'app.log'), NOW)).toBe(3);
  expect(readdirSync(folder).toSorted()).toEqual(['app.log', 'app.log.gz', 'applog', 'folder.log', 'notes.txt']);
  expect(await forgetOldLogs(join(folder, 'app.log'), NOW)).toBe(0);
});

test('without LOG_FILE there is nothing to do, and a folder that is not there is an error', async () => {
  expect(await forgetOldLogs(undefined)).toBe(0);
  await expect(forgetOldLogs('/no/such/folder/app.log')).rejects.toThrow('ENOENT');
});
