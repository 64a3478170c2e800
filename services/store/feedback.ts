/** Which mail a report is about. */
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
