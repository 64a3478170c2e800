/** A database as it is after a year of service: a million events, and about a hundred thousand rows of everything that grows. */
import type postgres from 'postgres';

/** In the order of time, as they came; most of what has a time is young enough to stay. */
const STATEMENTS = [
  `insert into events (stream_id, version, type, at, data)
   select 'person-' || n % 200000 || '@example.com', 1 + n / 200000,
     (array['requested', 'sent', 'attempted', 'verified', 'delivered'])[1 + n / 200000],
     now() - (1000000 - n) * interval '30 seconds', '{"otpId": "x", "mailing": 1, "messageId": "y"}'
   from generate_series(0, 999999) as n`,
  `insert into events (stream_id, version, type, at, data)
   select 'erased-' || n || '@erased.invalid', 1, 'erased', now() - interval '1 day', jsonb_build_object('by', 'x', 'addressHash', 'k1:' || md5(n::text), 'reason', 'bounce')
   from generate_series(1, 120000) as n`,
  `insert into streams (id, version, state, expires_at)
   select 'person-' || n || '@example.com', 5, '{"links": [], "codes": []}', case when n % 2000 = 0 then now() - interval '1 minute' end
   from generate_series(0, 199999) as n`,
  `insert into user_email_addresses (user_id, email_address, is_verified, verified_at, created_at, updated_at)
   select gen_random_uuid(), 'person-' || n || '@example.com', n % 2 = 0,
     case when n % 2 = 0 then now() - (100000 - n) * interval '5 minutes' end,
     now() - (100000 - n) * interval '5 minutes', now() - (100000 - n) * interval '3 minutes'
   from generate_series(0, 99999) as n`,
  `insert into email_otp_verifications (id, user_id, email, otp, expires_at)
   select gen_random_uuid(), gen_random_uuid(), 'person-' || n || '@example.com', 'x', now() - (100000 - n) * interval '0.88 seconds'
   from generate_series(0, 99999) as n`,
  `insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at)
   select gen_random_uuid(), 'hash-' || n, 'f', 'person-' || n || '@example.com', 1, now() - (100000 - n) * interval '0.88 seconds'
   from generate_series(0, 99999) as n`,
  `insert into rate_windows (key, started_at, count)
   select 'key-' || n, now() - (100000 - n) * interval '0.88 seconds', 1
   from generate_series(0, 99999) as n`,
  `insert into accounts (id, email, role, password_hash)
   values ('00000000-0000-4000-8000-000000000001', 'op@example.com', 'admin', 'x')`,
  `insert into refresh_tokens (token_hash, family, account_id, expires_at)
   select 'token-' || n, gen_random_uuid(), '00000000-0000-4000-8000-000000000001', now() + n * interval '1 second' - interval '1 hour'
   from generate_series(0, 99999) as n`,
  `insert into sign_ins (what, account_id, network, at)
   select case when n % 10 = 0 then 'login' else 'failure' end, '00000000-0000-4000-8000-000000000001', 'net-' || n % 1000,
     now() - (100000 - n) * interval '77 seconds'
   from generate_series(0, 99999) as n`,
  `insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until)
   select gen_random_uuid(), 1, 'person-' || n || '@example.com', 1, now(), now() + interval '5 minutes', now()
   from generate_series(0, 1999) as n`,
] as const;

export async function fillLog(owner: postgres.Sql): Promise<void> {
  for (const statement of STATEMENTS) await owner.unsafe(statement);
  await owner.unsafe('vacuum analyze');
}
