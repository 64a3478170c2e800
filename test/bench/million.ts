/** Many addresses, each imported, as the log, the snapshots and the read tables have them; and the codes of a busy day. */
import type postgres from 'postgres';

const at = `timestamptz '2026-01-01Z' + n * interval '10 seconds'`;
const milliseconds = `(extract(epoch from ${at}) * 1000)::bigint`;
const iso = `to_char((${at}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
const userId = `lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000'`;
const address = `'person-' || n || '@example.com'`;

export async function fillAddresses(owner: postgres.Sql, count: number): Promise<void> {
  const each = `from generate_series(1, ${count}) as n`;
  const verified = `n % 2 = 0`;
  const statements = [
    `insert into events (stream_id, version, type, at, data)
     select ${address}, 1, 'imported', ${at}, jsonb_build_object('what', 'address', 'emailId', n, 'userId', ${userId},
       'purpose', 'verification', 'method', 'otp', 'verifiedAt', case when ${verified} then ${iso} end,
       'createdAt', ${iso}, 'updatedAt', ${iso}) ${each}`,
    `insert into streams (id, version, state)
     select ${address}, 1, jsonb_build_object('codes', '[]'::jsonb, 'lastEventAt', ${milliseconds},
       'wrongGuesses', jsonb_build_object('count', 0, 'lastAt', 0), 'links', jsonb_build_array(jsonb_build_object(
         'emailId', n, 'userId', ${userId}, 'purpose', 'verification', 'createdAt', ${milliseconds}, 'changedAt', ${milliseconds},
         'proof', case when ${verified} then jsonb_build_object('kind', 'verified', 'at', ${milliseconds}, 'method', 'otp')
           else '{"kind": "none"}' end))) ${each}`,
    `insert into user_email_addresses
     select n, (${userId})::uuid, ${address}, ${verified}, case when ${verified} then ${at} end, 'verification', 'otp', ${at}, ${at}
     ${each}`,
    `select setval('user_email_addresses_id_seq', ${count})`,
    `insert into email_otp_verifications (id, user_id, email, otp, expires_at, created_at, updated_at)
     select gen_random_uuid(), gen_random_uuid(), ${address}, 'x', now() - n * interval '10 milliseconds',
       now() - n * interval '10 milliseconds' - interval '10 minutes', now() from generate_series(1, ${count / 4}) as n`,
  ];
  for (const statement of statements) await owner.unsafe(statement);
  await owner.unsafe('vacuum analyze');
}
