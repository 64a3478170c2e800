/** Random histories: whatever happens, both read tables and the snapshots are the fold of the log, and a rebuild keeps every byte. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../services/core/decide.ts';
import type { EmailAddress } from '../../services/core/email-address.ts';
import { eraseAddress } from '../../services/store/erasure.ts';
import { rebuild } from '../../services/store/rebuild.ts';
import { user } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { codeOf, guessOf, handlerOn, requestOf } from '../support/handlers.ts';
import { addressOf } from '../support/rules.ts';
import { derivedRows } from '../support/derived-rows.ts';
import { wrongCode } from '../support/mailbox.ts';

const SEED = 20_261_122;
const same = { streams: 0, user_email_addresses: 0, email_otp_verifications: 0 };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const who = fc.integer({ min: 1, max: 3 });
const where = fc.constantFrom('bücher.example', 'example.com');

type Step = Readonly<{ what: string; domain: string; userId: number; n: number }>;

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'request',
    'request',
    'request',
    'wrong',
    'wrong',
    'right',
    'wait',
    'wait',
    'expire',
    'sent',
    'failed',
    'admin',
    'admin',
    'admin',
    'wrong',
    'erase',
  ),
  domain: where,
  userId: who,
  n: fc.integer({ min: 1, max: 400 }),
});

/** What an admin may say, picked by a number. */
function administration(address: EmailAddress, userId: number, n: number): readonly Command[] {
  const by = user(900);
  const said = { address, by, userId: user(userId), purpose: n % 2 ? 'business' : 'driver', method: 'admin' as const };
  const all: readonly Command[] = [
    { type: 'assert-verification', ...said, verified: true },
    { type: 'assert-verification', ...said, verified: false },
    { type: 'unlock', address, by },
    { type: 'suppress', address, by },
    { type: 'lift-suppression', address, by },
    { type: 'lift-suppression', address, by },
    { type: 'lift-suppression', address, by },
  ];
  return all.slice(n % all.length, (n % all.length) + 1);
}

describe('the read tables', () => {
  test('are the fold of the log after every random history, and a rebuild gives the same bytes', async () => {
    const handlers = [handlerOn(db.sql), handlerOn(db.sql)];
    let ahead = 0;
    let run = 0;
    const types = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (history) => {
        ahead += 100_000;
        run++;
        for (const [index, { what, domain, userId, n }] of history.entries()) {
          const address = addressOf(`h${run}@${domain}`);
          if (what === 'wait') {
            ahead += n;
            continue;
          }
          await db.setClockAhead(ahead);
          const handler = handlers[index % 2];
          const code = await codeOf(db.sql, address, user(userId));
          const [mail] = await db.owner`select otp_id, mailing from outbox where stream_id = ${address} limit 1`;
          const which = { address, otpId: mail?.otp_id ?? user(n), mailing: mail?.mailing ?? 1 };
          if (what === 'request')
            await handler?.handle(requestOf(address, user(userId), n % 2 ? 'business' : 'driver'));
          else if (what === 'wrong' || what === 'right') {
            const guess = what === 'right' ? code : wrongCode(code || '0');
            await handler?.handle(guessOf(address, user(userId), guess, await newest(address, user(userId))));
          } else if (what === 'expire') await handler?.handle({ type: 'expire-codes', address });
          else if (what === 'sent') await handler?.handle({ type: 'record-sent', ...which, messageId: 'm' });
          else if (what === 'failed')
            await handler?.handle({ type: 'record-send-failed', ...which, reason: 'rejected' });
          else if (what === 'erase') {
            if (n % 4 === 0)
              await eraseAddress({ sql: db.sql, handler: handlers[0] ?? handlerOn(db.sql) }, address, user(900));
          } else for (const command of administration(address, userId, n)) await handler?.handle(command);
        }
        expect(await rebuild(db.ownerUrl, { check: true })).toEqual(same);
        const before = await derivedRows(db);
        await rebuild(db.ownerUrl, { check: false });
        expect(await derivedRows(db)).toEqual(before);
        for (const row of await db.owner`select distinct type from events`) types.add(row.type);
      }),
      { seed: SEED, numRuns: 60, endOnFailure: true },
    );
    await db.setClockAhead(0);
    // The histories would prove little if they never reached a state.
    expect([...types].toSorted()).toEqual([
      'asserted',
      'attempted',
      'erased',
      'expired',
      'requested',
      'send_failed',
      'sent',
      'superseded',
      'suppressed',
      'unlocked',
      'unsuppressed',
      'verified',
    ]);
  });

  test('a row that is not what the log says is found by the check, which writes nothing, and mended by the rebuild', async () => {
    const address = addressOf('tampered@example.com');
    await handlerOn(db.sql).handle(requestOf(address, user(1)));
    const before = await derivedRows(db);
    await db.owner`update email_otp_verifications set attempts = 7, updated_at = updated_at + interval '1 second'
      where email = ${address}`;
    await db.owner`delete from user_email_addresses where email_address = ${address}`;
    const tampered = await derivedRows(db);
    const found = { streams: 0, user_email_addresses: 1, email_otp_verifications: 1 };
    expect(await rebuild(db.ownerUrl, { check: true })).toEqual(found);
    expect(await derivedRows(db)).toEqual(tampered);
    expect(await rebuild(db.ownerUrl, { check: false })).toEqual(found);
    expect(await derivedRows(db)).toEqual(before);
  });

  test('D10: the view counts from the log, so emptying the tables does not empty it', async () => {
    const address = addressOf('stats@example.com');
    const handler = handlerOn(db.sql);
    await handler.handle(requestOf(address, user(9), 'stats'));
    await handler.handle(
      guessOf(address, user(9), await codeOf(db.sql, address, user(9)), await newest(address, user(9))),
    );
    const view =
      () => db.sql`select total_attempts, successful_verifications, success_rate from email_verification_stats
      where purpose = 'stats'`;
    const before = await view();
    expect(before).toEqual([{ total_attempts: 1, successful_verifications: 1, success_rate: '100.00' }]);
    await db.owner`delete from email_otp_verifications`;
    expect(await view()).toEqual(before);
  });
});

async function newest(address: string, userId: string): Promise<string> {
  const [row] = await db.owner`
    select id from email_otp_verifications where email = ${address} and user_id = ${userId} order by created_at desc limit 1
  `;
  return row?.id;
}
