-- The guide's view, 30 days by day and purpose. It counts from the log, so that cleaning up the read tables cannot
-- empty it. Days are UTC.
create view email_verification_stats as
select
  (requested.at at time zone 'UTC')::date as date,
  requested.data ->> 'purpose' as purpose,
  count(*) as total_attempts,
  count(verified.position) as successful_verifications,
  round(count(verified.position) * 100.0 / count(*), 2) as success_rate
from events as requested
left join events as verified
  on verified.stream_id = requested.stream_id
  and verified.type = 'verified'
  and verified.data ->> 'otpId' = requested.data ->> 'otpId'
where requested.type = 'requested'
  and requested.data ->> 'mailing' = '1'
  and requested.at >= ((now() at time zone 'UTC')::date - 30) at time zone 'UTC'
group by 1, 2
order by date desc, purpose;
