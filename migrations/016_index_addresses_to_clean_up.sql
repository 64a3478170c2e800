-- migrate: no-transaction
create index concurrently if not exists user_email_addresses_to_clean_up
  on user_email_addresses (updated_at)
  where not is_verified;
