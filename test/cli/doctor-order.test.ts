/** The doctor's checks: which there are, in which order they stand and are told, and what it takes for an api that is well. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkApi } from '../../services/cli/doctor/programs.ts';
import { type Check, checksFor } from '../../services/cli/doctor/checks.ts';
import type { DoctorContext } from '../../services/cli/doctor/context.ts';
import { reportAsJson, reportAsText } from '../../services/cli/doctor/print.ts';
import { type Result, runChecks } from '../../services/cli/doctor/run.ts';

const names = (list: readonly Check[]) => list.map(({ name }) => name).join(', ');

describe('the checks', () => {
  test('are these, from the lowest layer to the highest; with SMTP those of SES are left out', () => {
    expect(names(checksFor('ses'))).toBe(
      'settings, keys, versions, disk, database, schema, durability, rights, clock, read tables, backups, off-site, secrets, api, edge, scheduler, ' +
        'alerts, ses, identity, dkim, sandbox, quota, reputation, sending, spf record, dkim records, dmarc record, outbox',
    );
    expect(names(checksFor('smtp'))).toBe(
      'settings, keys, versions, disk, database, schema, durability, rights, clock, read tables, backups, off-site, secrets, api, edge, scheduler, ' +
        'alerts, sending, spf record, dmarc record, outbox',
    );
  });

  test('stand with what is wrong first, then what is a warning, each in the order of the layers', async () => {
    const table = ['ok', 'warning', 'wrong', 'ok', 'wrong', 'warning'].map((status, n) => ({
      name: `${status} ${n}`,
      look: () => ({ status, what: 'So it is.' }) as Result,
    }));
    const results = await runChecks(table, {} as DoctorContext);
    expect(results.map(({ name }) => name)).toEqual(['wrong 2', 'wrong 4', 'warning 1', 'warning 5', 'ok 0', 'ok 3']);
    expect(JSON.parse(reportAsJson(results))).toEqual({ healthy: false, failing: 'wrong 2', checks: results });
    expect(reportAsText(results).split('\n').at(-1)).toBe(
      'Look at this first: wrong 2 (2 wrong, 2 warnings, 2 ok, 0 skipped).',
    );
  });

  test.each([
    [200, 'OK', 'ok'],
    [200, '{"status":"OK"}', 'ok'],
    [200, 'welcome', 'wrong'],
    [503, 'OK', 'wrong'],
  ])('an api that answers %i %s is %s', async (status, body, judged) => {
    const paths: unknown[] = [];
    const server = createServer(({ url }, response) => void (paths.push(url), response.writeHead(status).end(body)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/somewhere`;
    expect((await checkApi({ apiUrl } as DoctorContext)).status).toBe(judged);
    expect(paths).toEqual(['/health']);
    expect((await checkApi({ apiUrl: undefined } as DoctorContext)).status).toBe('skipped');
  });
});
