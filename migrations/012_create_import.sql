-- What `sealpost import` brings over. A code comes once, however often and by however many it is imported.
create unique index "a code is imported once" on events ((data ->> 'otpId'))
  where type = 'imported' and data ->> 'what' = 'code';

-- The guide's view, now also over the imported codes. Counted from the log, days are UTC.
create or replace view email_verification_stats as
select
  date,
  purpose,
  count(*) as total_attempts,
  count(*) filter (where verified) as successful_verifications,
  round(count(*) filter (where verified) * 100.0 / count(*), 2) as success_rate
from (
  select
    (requested.at at time zone 'UTC')::date as date,
    requested.data ->> 'purpose' as purpose,
    verified.position is not null as verified
  from events as requested
  left join events as verified
    on verified.stream_id = requested.stream_id
    and verified.type = 'verified'
    and verified.data ->> 'otpId' = requested.data ->> 'otpId'
  where requested.type = 'requested'
    and requested.data ->> 'mailing' = '1'
    and requested.at >= ((now() at time zone 'UTC')::date - 30) at time zone 'UTC'
  union all
  select
    ((data ->> 'issuedAt')::timestamptz at time zone 'UTC')::date,
    data ->> 'purpose',
    data ->> 'verifiedAt' is not null
  from events
  where type = 'imported'
    and data ->> 'what' = 'code'
    and (data ->> 'issuedAt')::timestamptz >= ((now() at time zone 'UTC')::date - 30) at time zone 'UTC'
) as codes
group by date, purpose
order by date desc, purpose;
