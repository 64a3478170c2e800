-- Requests of a mail that were refused for now. Whose mail was never refused goes first: nobody waits behind another's trouble.
alter table outbox add column deferrals integer not null default 0;
create index outbox_least_deferred_first on outbox (deferrals, created_at);
drop index outbox_oldest_first;
