/** Which mail a report is about, and how many of the last day's mails came back. */
import type { EmailAddress } from '../core/email-address.ts';
import type { Sql } from './database.ts';

export type MailingName = Readonly<{ otpId: string; mailing: number }>;

/** The mail that was sent under this id of the mail service, or else the last one of this otpId. */
export async function findMailing(
  sql: Sql,
  address: EmailAddress,
  messageId: string,
  reference: string | undefined,
): Promise<MailingName | undefined> {
  const [row] = await sql<{ otp_id: string; mailing: number }[]>`
    select data ->> 'otpId' as otp_id, (data -> 'mailing')::integer as mailing
    from events
    where stream_id = ${address}
      and (
        type = 'sent' and data ->> 'messageId' = ${messageId}
        or type = 'requested' and data ->> 'otpId' = ${reference ?? ''}
      )
    order by type = 'sent' desc, version desc
    limit 1
  `;
  return row && { otpId: row.otp_id, mailing: row.mailing };
}

export type Reputation = Readonly<{ sent: number; bounced: number; complained: number }>;

/** Of the last 24 hours: mails taken by the mail service, those that bounced permanently, and complaints. */
export async function readReputation(sql: Sql): Promise<Reputation> {
  const [row] = await sql<[Reputation]>`
    select
      (count(*) filter (where type = 'sent'))::float8 as sent,
      (count(*) filter (where type = 'bounced' and data -> 'permanent' = 'true'))::float8 as bounced,
      (count(*) filter (where type = 'complained'))::float8 as complained
    from events
    where at > (select event_clock()) - interval '24 hours'
      and type in ('sent', 'bounced', 'complained')
  `;
  return row;
}
