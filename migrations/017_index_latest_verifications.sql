-- migrate: no-transaction
create index concurrently if not exists user_email_addresses_latest_verified
  on user_email_addresses (verified_at)
  where is_verified;
