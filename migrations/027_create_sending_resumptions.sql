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

create trigger refuse_stale_lease before insert or update or delete on sending_resumptions
for each statement when (current_setting('sealpost.lease_token', true) <> '')
execute function refuse_stale_lease();

do $$
begin
  if exists (select from pg_roles where rolname = 'sealpost_app') then
    grant select, insert on sending_resumptions to sealpost_app;
    grant select on mails_that_came_back to sealpost_app;
    if current_setting('server_version_num')::integer >= 170000 then
      execute 'grant maintain on sending_resumptions to sealpost_app';
    end if;
  end if;
end;
$$;
