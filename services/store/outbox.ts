/** The mails that have no answer yet: claimed for a while by one process, put back, and counted. */
import type { EmailAddress } from '../core/email-address.ts';
import type { Recorded, Requested } from '../core/events.ts';
import { CLAIM_SECONDS, type Mail } from '../core/mail.ts';
import { upcast } from '../core/upcast.ts';
import { type Grant, take } from './limits/take.ts';
import { limitKeys } from './limits/window.ts';
import type { Sql } from './database.ts';

type MailRow = {
  stream_id: EmailAddress;
  version: number;
  at: number;
  data: Requested['data'];
  tries: number;
  deferrals: number;
  lives_milliseconds: number;
};

/** Claims, for CLAIM_SECONDS, mails whose code still lives and that nobody ever held, or whose claim has been over for so long: those never refused first, and of these the oldest. */
export async function claimMails(sql: Sql, limit: number, overMilliseconds = 0): Promise<readonly Mail[]> {
  const rows = await sql<MailRow[]>`
    with claimed as (
      update outbox
      set claimed_until = event_clock() + ${CLAIM_SECONDS} * interval '1 second', tries = tries + 1
      where (otp_id, mailing) in (
        select otp_id, mailing
        from outbox
        where claimed_until <= (select event_clock())
          -- Whom nobody ever held, nobody has sent.
          and (
            claimed_until = created_at
            or claimed_until <= (select event_clock() - ${overMilliseconds} * interval '1 millisecond')
          )
          and expires_at > (select event_clock())
        order by deferrals, created_at
        limit ${limit}
        for update skip locked
      )
      returning stream_id, version, created_at, expires_at, tries, deferrals
    )
    select stream_id, version, tries, deferrals, (extract(epoch from at) * 1000)::float8 as at, data,
      (extract(epoch from claimed.expires_at - event_clock()) * 1000)::float8 as lives_milliseconds
    from claimed join events using (stream_id, version)
    order by claimed.deferrals, claimed.created_at
  `;
  return rows.map(({ stream_id, version, at, data, tries, deferrals, lives_milliseconds }) => ({
    address: stream_id,
    event: upcast({ type: 'requested', version, at, data }) as Recorded<Requested>,
    claim: tries,
    deferrals,
    livesMilliseconds: lives_milliseconds,
  }));
}

/**
 * Gives a claim back: at once, as if nobody had ever held it; or after so many milliseconds, for it was refused for now, which
 * counts. A claim that was lost stays lost.
 */
export async function deferMail(sql: Sql, { event, claim }: Mail, milliseconds: number): Promise<void> {
  await sql`
    update outbox
    set claimed_until = case
      when ${milliseconds}::float8 = 0 then created_at
      else event_clock() + ${milliseconds}::float8 * interval '1 millisecond'
    end,
    deferrals = deferrals + (${milliseconds}::float8 > 0)::integer
    where otp_id = ${event.data.otpId}
      and mailing = ${event.data.mailing}
      and tries = ${claim}
  `;
}

/** Counts a request that ended without a clear answer; how many there were of this mail, 0 where it is settled. */
export async function countUnsure(sql: Sql, { event }: Mail): Promise<number> {
  const [row] = await sql<{ unsure: number }[]>`
    update outbox
    set unsure = unsure + 1
    where otp_id = ${event.data.otpId}
      and mailing = ${event.data.mailing}
    returning unsure
  `;
  return row?.unsure ?? 0;
}

/** Permits to send, of one bucket for all processes, which holds a tenth of a second's worth and at least one. */
export async function takePermits(sql: Sql, wanted: number, perSecond: number): Promise<Grant> {
  const limit = { max: 0, windowSeconds: 1, burst: Math.max(1, Math.floor(perSecond / 10)), perSecond };
  const grants = await take(sql, [{ key: limitKeys.mailPermits, limit, n: wanted }]);
  const grant = grants.get(limitKeys.mailPermits);
  if (!grant) throw new Error('A permit was not judged.');
  return grant;
}

/** Mails waiting, and the age of the oldest in seconds (0 where none waits). */
export async function outboxSize(sql: Sql): Promise<{ mails: number; oldestSeconds: number }> {
  const [row] = await sql<[{ mails: number; oldest_seconds: number }]>`
    select
      count(*)::float8 as mails,
      coalesce(extract(epoch from event_clock() - min(created_at)), 0)::float8 as oldest_seconds
    from outbox
    where expires_at > (select event_clock())
  `;
  return { mails: row.mails, oldestSeconds: row.oldest_seconds };
}
