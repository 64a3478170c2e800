-- migrate: no-transaction
-- Reports of mails that came back are few among the events, and looked for every half minute.
create index concurrently if not exists events_that_came_back
  on events (at)
  where type in ('bounced', 'complained');
