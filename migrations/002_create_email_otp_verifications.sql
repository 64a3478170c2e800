-- The guide's table of codes, a read model of the event log. The column otp never holds a code, but a keyed digest of
-- it cut to ten characters; a replaced code's expires_at is the moment of its replacement.
create table email_otp_verifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  email varchar(255) not null,
  otp varchar(10) not null,
  purpose varchar(50) default 'verification',
  verified boolean default false,
  verified_at timestamptz default null,
  expires_at timestamptz not null,
  attempts integer default 0,
  max_attempts integer default 3,
  created_at timestamptz default current_timestamp,
  updated_at timestamptz default current_timestamp
);

create index idx_email_otp_verifications_email on email_otp_verifications (email);
create index idx_email_otp_verifications_user_id on email_otp_verifications (user_id);
create index idx_email_otp_verifications_expires_at on email_otp_verifications (expires_at);
