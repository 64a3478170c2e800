-- Requests of a mail that ended without a clear answer: it may have been taken, and is tried once more and not again.
alter table outbox add column unsure integer not null default 0;
