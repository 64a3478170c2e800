/** What an operator asks first, on a stack that runs: status, db, logs and check. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../services/cli/doctor/run.ts';
import { SEEN, stack } from './support/one-stack.ts';

const run = promisify(execFile);

const told = async () => JSON.parse(await stack.sealpost('status', '--json')) as { verdict: string; parts: Result[] };

describe('the operator’s first questions', () => {
  test('status says that all is well, with the figures of the owner, the lease and the newest backup', async () => {
    await expect.poll(async () => (await told()).verdict, { timeout: 30_000, interval: 2000 }).toBe('All is well.');
    const { parts } = await told();
    const facts = Object.fromEntries(parts.map(({ name, facts: given }) => [name, given]));
    expect(facts.database).toMatchObject({ connectionsMax: 100 });
    expect(facts.scheduler).toMatchObject({ held: true });
    expect(facts.backups).toMatchObject({ manifest: true });
    expect(facts.jobs).toMatchObject({ failing: [], last: { backup: expect.stringMatching(/^20\d\d-/) } });
    const lines = (await stack.sealpost('status')).split('\n');
    expect([lines[0], lines.length]).toEqual(['All is well.', 2 + parts.length]);
  });

  test('db slow has our statements, and none of their values; db bloat has our tables', async () => {
    const slow = await stack.sealpost('db', 'slow', '--limit', '100');
    expect(slow).toMatch(/with .+ insert|with .+\(/i);
    expect(slow).toContain('leases');
    expect(slow).not.toMatch(new RegExp(`${SEEN}|example\\.com|SCRAM|password '`, 'i'));
    expect(await stack.sealpost('db', 'bloat')).toMatch(/^table +size +live rows[^]+\nevents [^]+\n\nindex +of +size/);
  });

  test('logs are in order over all containers, and without errors there are none of ours', async () => {
    const lines = (await stack.sealpost('logs', '--since', '1h')).split('\n');
    const times = lines.map((line) => line.split(/\s+/)[2] ?? '');
    expect(times).toEqual(times.toSorted());
    expect(new Set(lines.map((line) => line.replace(/-\d+ .*$/, '')))).toEqual(
      new Set(['secrets', 'migrate', 'api', 'scheduler', 'receiver', 'mailbox']),
    );
    expect(await stack.sealpost('logs', 'migrate', '--errors')).toBe('');
    expect(lines.join('\n')).not.toContain(SEEN);
  });

  test('check finds nothing wrong, and that its ports are its own', async () => {
    const { stdout } = await run(join(stack.folder, 'sealpost'), ['check'], { env: stack.environment });
    expect(stdout).toContain('Port 443 (HTTPS_PORT) is held by this stack.');
    expect(stdout).toContain('ok       The settings are valid.');
    expect(stdout).toMatch(/\nNothing is wrong: start with docker compose up -d --wait\n$/);
  });
});
