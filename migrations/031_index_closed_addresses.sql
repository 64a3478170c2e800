-- migrate: no-transaction
-- An erased address that got no mail is known by a keyed hash alone, and looked for with each request for a code.
create index concurrently if not exists events_that_closed_an_address
  on events ((data ->> 'addressHash'))
  where type = 'erased';
