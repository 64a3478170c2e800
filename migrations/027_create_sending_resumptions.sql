-- When somebody let sending go on after too many mails had come back: what came back before no longer counts.
create table sending_resumptions (
  at timestamptz not null,
  by text not null
);

-- Permanent bounces and complaints, and which user had asked for the mail. An address that the mail service itself kept closed was
-- not mailed, and says nothing of who asked.
create view mails_that_came_back as
select report.type as kind, report.stream_id, report.at, asked.user_id
from events as report
left join lateral (
  select data ->> 'userId' as user_id
  from events
  where stream_id = report.stream_id and type = 'requested' and data ->> 'otpId' = report.data ->> 'otpId'
  limit 1
) as asked on true
where report.type in ('bounced', 'complained')
  and (
    report.type = 'complained'
    or report.data -> 'permanent' = 'true' and report.data ->> 'subType' <> 'OnAccountSuppressionList'
  );

-- From when on what came back counts: a day ago, or when sending was last resumed.
create function reputation_since() returns timestamptz language sql stable as $$
  select greatest(
    event_clock() - interval '24 hours',
    (select max(at) from sending_resumptions where at <= (select event_clock()))
  )
$$;

-- How many mails went out in each hour, as the apis count them: to count them in the log each half minute would read a day of it.
create table mails_sent (
  hour timestamptz primary key,
  sent bigint not null
);

insert into mails_sent
select date_trunc('hour', at), count(*)
from events
where type = 'sent' and at > now() - interval '25 hours'
group by date_trunc('hour', at);

create trigger refuse_stale_lease before insert or update or delete on sending_resumptions
for each statement when (current_setting('sealpost.lease_token', true) <> '')
execute function refuse_stale_lease();

create trigger refuse_stale_lease before insert or update or delete on mails_sent
for each statement when (current_setting('sealpost.lease_token', true) <> '')
execute function refuse_stale_lease();

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select, insert on sending_resumptions to sealpost_app;
    grant select, insert, update, delete on mails_sent to sealpost_app;
    grant select on mails_that_came_back to sealpost_app;
    if current_setting('server_version_num')::integer >= 170000 then
      execute 'grant maintain on sending_resumptions, mails_sent to sealpost_app';
    end if;
  end if;
end;
$$;
