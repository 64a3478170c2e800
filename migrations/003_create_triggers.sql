-- The guide's triggers, for SQL written by hand. A writer that sets updated_at itself keeps its value: the read model
-- takes it from the event, whose time is new with every event of an address, so that a rebuild gives the same bytes.
create function update_updated_at_column() returns trigger language plpgsql as $$
begin
  if new.updated_at is not distinct from old.updated_at then
    new.updated_at = current_timestamp;
  end if;
  return new;
end;
$$;

create trigger update_user_email_addresses_updated_at
  before update on user_email_addresses
  for each row execute function update_updated_at_column();

create trigger update_email_otp_verifications_updated_at
  before update on email_otp_verifications
  for each row execute function update_updated_at_column();
