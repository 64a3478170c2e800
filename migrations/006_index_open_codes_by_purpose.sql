-- migrate: no-transaction
create index concurrently if not exists idx_email_otp_purpose_created
  on email_otp_verifications (purpose, created_at)
  where verified = false;
