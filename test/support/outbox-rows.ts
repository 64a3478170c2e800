/** Rows of the outbox, written by hand with the events that they point to. */
import type { Mail } from '../../services/core/mail.ts';
import { requestedData } from './additions.ts';
import { user } from './api.ts';
import type { TestDatabase } from './database.ts';
import { addressOf } from './rules.ts';

export const address = addressOf('a@example.com');

export type Times = Partial<{
  created: string;
  expires: string;
  claimed: string;
  tries: number;
  mailing: number;
  deferrals: number;
}>;

const day = (time: string) => `2026-05-04T${time}Z`;

/** A mail of the number that waits: its event and its row. Free, young and alive unless said otherwise. */
export async function waitingMail(db: TestDatabase, n: number, times: Times = {}): Promise<void> {
  const { created = '09:59:00', expires = '10:05:00', claimed = '09:59:00', tries = 0, mailing = 1 } = times;
  const { deferrals = 0 } = times;
  const version = n * 10 + mailing;
  const data = requestedData(n, { mailing });
  await db.owner`insert into events (stream_id, version, type, at, data)
    values (${address}, ${version}, 'requested', ${day(created)}, ${db.owner.json(data)})`;
  await db.owner`insert into outbox
    (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until, tries, deferrals)
    values (${user(n)}, ${mailing}, ${address}, ${version}, ${day(created)}, ${day(expires)}, ${day(claimed)}, ${tries},
      ${deferrals})`;
}

export const numbers = (mails: readonly Mail[]) => mails.map(({ event }) => Number(event.data.otpId.slice(-3)));
