-- The guide's table of addresses, a read model of the event log (see 004). Names and types are the guide's;
-- times are timestamptz, because the guide's TIMESTAMP shifts with the client's time zone.
create table user_email_addresses (
  id serial primary key,
  user_id uuid not null,
  email_address varchar(255) not null,
  is_verified boolean default false,
  verified_at timestamptz default null,
  purpose varchar(50) default 'verification',
  verification_method varchar(50) default 'otp',
  created_at timestamptz default current_timestamp,
  updated_at timestamptz default current_timestamp,
  unique (user_id, email_address, purpose)
);

create index idx_user_email_addresses_user_id on user_email_addresses (user_id);
create index idx_user_email_addresses_email on user_email_addresses (email_address);
create index idx_user_email_addresses_verified on user_email_addresses (is_verified);
