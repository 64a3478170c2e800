/** English. */
import type { Messages } from '../messages.ts';

export const en: Messages = {
  sent: 'A verification code is on its way.',
  alreadyVerified: 'This address is already verified.',
  verified: 'The email address is verified.',
  notVerified: 'The address is not verified.',
  email: 'This is not an email address that mail can be sent to. Check it, and try again.',
  otp: 'This is not a code. Type the digits from the email.',
  fault: 'The app sent something that could not be understood. Try again; if it happens again, tell its support.',
  session: 'You are no longer signed in. Sign in, and try again.',
  forbidden: 'You are not allowed to do this.',
  incorrect: 'That is not the right code. Attempts left: {n}.',
  unknown: 'There is no such code. Request a new one.',
  expired: 'This code has expired. Request a new one.',
  superseded: 'A newer code was sent to you. Type that one.',
  used: 'This code has already been used. Request a new one.',
  attempts: 'The code was wrong too often. Request a new one.',
  cooldown: 'A code was just sent. You can request another {when}.',
  limit: 'Too many codes were requested. You can try again {when}.',
  locked: 'Too many wrong codes were typed. You can try again {when}.',
  suppressed: 'No email can be sent to this address. Use another one, or ask for help.',
  credentials: 'The email address or the password is wrong.',
  passwords: 'Too many wrong passwords were typed. You can try again {when}.',
  later: 'This does not work at the moment. Try again {when}.',
  trouble: 'Something went wrong. Try again in a moment.',
};
