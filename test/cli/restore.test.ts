/** `sealpost restore`: what a backup held is what serves, no code of before lives, and nothing that was ended since comes back. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addBackup } from '../../services/cli/backup.ts';
import { addressHash } from '../../services/runtime/keys.ts';
import { createAccount, disableAccount } from '../../services/store/accounts.ts';
import { eraseAddress } from '../../services/store/erasure.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { compareSample } from '../../services/store/sample.ts';
import { user } from '../support/api.ts';
import { runCommand } from '../support/command.ts';
import { codeOf, guessOf, handlerOn, requestOf } from '../support/handlers.ts';
import { backUpTestDatabase } from '../support/loadable-dump.ts';
import {
  anna,
  ben,
  cleo,
  databases,
  dora,
  environment,
  nameOf,
  on,
  restore,
  restoreEachTime,
  restoring,
  typesOf,
  withName,
} from '../support/restore.ts';
import { addressOf, testKeys } from '../support/rules.ts';

restoreEachTime();

const drop = (...args: string[]) => runCommand(addBackup, ['backup', 'drop', ...args], environment());

const account = (email: string) => ({ id: randomUUID(), email: addressOf(email), role: 'admin', password_hash: 'x' });

describe('a restore', () => {
  test('puts what the backup held in the place of what there is, and keeps that under another name', async () => {
    const handler = handlerOn(restoring.db.sql);
    await handler.handle(requestOf(anna, user(1)));
    const code = await codeOf(restoring.db.sql, anna, user(1));
    const made = await backUpTestDatabase(restoring.db, restoring.folder);
    await handler.handle(requestOf(ben, user(2)));
    const { code: exit, stdout, stderr } = await restore(['latest', '--yes']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.any(String) as string });
    const [name, kept, ...others] = await databases();
    expect([name, others]).toEqual([nameOf(restoring.db), []]);
    expect(kept).toMatch(new RegExp(`^${nameOf(restoring.db)}_before_20\\d{6}_\\d{6}$`));
    expect(stdout).toContain(`${made.file}: of `);
    expect(stdout).toContain('Lost would be 1 event (1 requested).');
    expect(stdout).toContain('Compared with the backup: ');
    expect(stdout).toContain('Rebuilt from the log: no row differed.');
    expect(stdout).toContain(`The old database is ${kept}; it alone has 1 event (1 requested).`);
    await on(restoring.db.url, async (sql) => {
      // The code that was on its way is dead, its mail is given up, and the programs work on with the rights they had.
      expect(await typesOf(sql, anna)).toEqual(['requested', 'expired', 'send_failed']);
      expect(await sql`select from outbox`).toHaveLength(0);
      expect(await handlerOn(sql).handle(guessOf(anna, user(1), code))).toMatchObject({ kind: 'rejected' });
      expect(await typesOf(sql, ben)).toEqual([]);
      await expect(sql`delete from events`).rejects.toThrow('permission denied');
      await handlerOn(sql).handle(requestOf(cleo, user(3)));
      const fresh = await codeOf(sql, cleo, user(3));
      expect(await handlerOn(sql).handle(guessOf(cleo, user(3), fresh))).toMatchObject({ kind: 'recorded' });
    });
    await on(withName(restoring.db.url, kept ?? ''), async (sql) =>
      expect(await typesOf(sql, ben)).toEqual(['requested']),
    );
    expect(Object.values(await rebuild(restoring.db.ownerUrl, { check: true }))).toEqual([0, 0, 0]);
  });

  test('believes the log of a backup, and puts right what its tables have wrong', async () => {
    await handlerOn(restoring.db.sql).handle(requestOf(anna, user(1)));
    await restoring.db.owner`update user_email_addresses set is_verified = true, verified_at = now()`;
    await backUpTestDatabase(restoring.db, restoring.folder);
    const { stdout } = await restore(['latest', '--yes']);
    expect(stdout).toContain('Rebuilt from the log: 1 rows differed and were put right.');
    await on(restoring.db.url, async (sql) => {
      expect(await sql`select is_verified from user_email_addresses`).toEqual([{ is_verified: false }]);
    });
  });

  test('kills every code of either database, and refuses what a scheduler of either still writes', async () => {
    await restoring.db.owner`update installation set epoch = 3`;
    await restoring.db.owner`update leases set token = 5, holder = 'b', expires_at = now() + interval '1 hour'`;
    await backUpTestDatabase(restoring.db, restoring.folder);
    await restoring.db.owner`update installation set epoch = 9`;
    await restoring.db.owner`update leases set token = 12, holder = 'a', expires_at = now() + interval '1 hour'`;
    expect((await restore(['latest', '--yes'])).code).toBe(0);
    await on(restoring.db.url, async (sql) => {
      expect(await sql`select epoch from installation`).toEqual([{ epoch: 10 }]);
      const [lease] = await sql<[{ token: number; holder: string; free: boolean }]>`
        select token, holder, expires_at < now() as free from leases
      `;
      expect(lease).toEqual({ token: 1012, holder: '', free: true });
    });
  });

  test('brings back nobody who was erased since, and opens no address that was closed since', async () => {
    const handler = handlerOn(restoring.db.sql);
    for (const [n, address] of [anna, ben, cleo].entries()) await handler.handle(requestOf(address, user(n)));
    await handler.handle({ type: 'suppress', address: ben, by: user(9) });
    await backUpTestDatabase(restoring.db, restoring.folder);
    await handler.handle({ type: 'suppress', address: cleo, by: user(9), reason: 'bounce' });
    await handler.handle({ type: 'suppress', address: dora, by: user(9), reason: 'complaint' });
    const eve = addressOf('eve@example.com');
    await handler.handle({ type: 'suppress', address: eve, by: user(9) });
    await eraseAddress({ sql: restoring.db.sql, handler }, eve, user(9));
    const ledger = join(restoring.folder, 'erasures.jsonl');
    const line = { at: '2026-03-01T12:00:00Z', keyId: 'k1', addressHash: addressHash(testKeys, 'k1', anna) };
    writeFileSync(ledger, `${JSON.stringify(line)}\n`);
    const { code, stdout } = await restore(['latest', '--yes'], { ERASURE_LEDGER: ledger });
    expect(code).toBe(0);
    expect(stdout).toContain('Told again: 1 erasures, 3 suppressed addresses.');
    await on(restoring.db.url, async (sql) => {
      const text = JSON.stringify([
        await sql`select * from events`,
        await sql`select * from streams`,
        await sql`select * from user_email_addresses`,
      ]);
      expect(text).not.toContain(anna);
      expect(text).not.toContain(user(0));
      const closed = await sql`
        select id, state -> 'suppression' ->> 'reason' as reason from streams where state ? 'suppression' order by id
      `;
      expect(closed).toEqual([
        { id: ben, reason: 'admin' },
        { id: cleo, reason: 'bounce' },
        { id: dora, reason: 'complaint' },
      ]);
      expect(text).not.toContain(eve);
      expect((await compareSample(sql, 50)).rowsDiffering).toBe(0);
      for (const address of [ben, cleo, dora, eve]) {
        expect(await handlerOn(sql).handle(requestOf(address, user(7)))).toMatchObject({ kind: 'rejected' });
      }
    });
  });

  test('leaves accounts as they are now, and ends every session', async () => {
    const [stays, goes, fresh] = [
      account('stays@example.com'),
      account('goes@example.com'),
      account('new@example.com'),
    ];
    for (const one of [stays, goes]) await createAccount(restoring.db.sql, one);
    await restoring.db.owner`
      insert into refresh_tokens values ('hash', ${randomUUID()}, ${stays.id}, now() + interval '1 day')
    `;
    await backUpTestDatabase(restoring.db, restoring.folder);
    await disableAccount(restoring.db.sql, goes.email);
    await restoring.db.owner`delete from accounts where email = ${stays.email}`;
    await createAccount(restoring.db.sql, fresh);
    expect((await restore(['latest', '--yes'])).code).toBe(0);
    await on(restoring.db.url, async (sql) => {
      const rows = await sql`select email, disabled_at is not null as disabled from accounts order by email`;
      expect(rows).toEqual([
        { email: goes.email, disabled: true },
        { email: fresh.email, disabled: false },
        { email: stays.email, disabled: false },
      ]);
      expect(await sql`select from refresh_tokens`).toHaveLength(0);
      expect(await sql`select from sessions`).toHaveLength(0);
    });
  });

  test('works where there is no database, and where the one there is cannot be read', async () => {
    await handlerOn(restoring.db.sql).handle(requestOf(anna, user(1)));
    await backUpTestDatabase(restoring.db, restoring.folder);
    await restoring.db.owner`drop table leases`;
    const { code, stdout } = await restore(['latest', '--yes']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('cannot be read: ')]);
    await on(restoring.db.url, async (sql) => expect(await typesOf(sql, anna)).toHaveLength(3));
    await Promise.all([restoring.db.owner.end(), restoring.db.sql.end({ timeout: 1 })]);
    for (const name of await databases()) await restoring.admin`drop database ${restoring.admin(name)} with (force)`;
    const again = await restore(['latest', '--yes']);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing is lost')]);
    expect(await databases()).toEqual([nameOf(restoring.db)]);
    await on(restoring.db.url, async (sql) => expect(await typesOf(sql, anna)).toHaveLength(3));
  });

  test('is taken back by a restore of the database that it kept, which is then dropped by name alone', async () => {
    await backUpTestDatabase(restoring.db, restoring.folder);
    await handlerOn(restoring.db.sql).handle(requestOf(anna, user(1)));
    await restore(['latest', '--yes']);
    const [, first = ''] = await databases();
    expect((await runCommand(addBackup, ['backup', 'list'], environment())).stdout).toContain(
      `Kept by a restore: the database ${first}, `,
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { code, stdout } = await restore([first, '--yes']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('it alone has no event.')]);
    await on(restoring.db.url, async (sql) => expect((await typesOf(sql, anna))[0]).toBe('requested'));
    expect((await drop(nameOf(restoring.db), '--yes')).stderr).toContain('is no database that a restore has kept');
    expect((await drop(first)).stderr).toBe('Add --yes: there is nobody to ask. Nothing was changed.\n');
    expect(await databases()).toHaveLength(3);
    expect((await drop(first, '--yes')).stdout).toContain(`Dropped ${first}.`);
    expect(await databases()).not.toContain(first);
  });
});
