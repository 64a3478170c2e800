-- migrate: no-transaction
create index concurrently if not exists email_otp_verifications_by_age
  on email_otp_verifications (created_at desc, id);
