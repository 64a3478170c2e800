-- The addresses that get no mail, for the admin's list of them.
create index streams_suppressed on streams (id) where state ? 'suppression';
