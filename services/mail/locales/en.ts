/** English. */
import type { Catalogue } from '../catalogue.ts';

export const en: Catalogue<'one' | 'other'> = {
  subject: 'Your {sender} verification code',
  code: '{code} is your {sender} verification code.',
  life: 'It is valid for {minutes} and can be used once.',
  minutes: { one: '{n} minute', other: '{n} minutes' },
  asked: 'Someone, hopefully you, asked {sender} to confirm this email address.',
  askedFor: 'Someone, hopefully you, asked {sender} to confirm this email address ({purpose}).',
  ignore: 'If it was not you, ignore this mail: without the code nothing happens.',
  secret: 'Never share the code with anyone.',
};
