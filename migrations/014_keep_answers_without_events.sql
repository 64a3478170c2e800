-- What was answered under an Idempotency-Key: read off the event it points to, or that the address was verified already,
-- of which there is no event of its own.
alter table idempotency_keys add column answer text not null default 'requested'
  constraint "an answer is of two kinds" check (answer in ('requested', 'already-verified'));
