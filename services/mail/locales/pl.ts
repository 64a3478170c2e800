/** Polish; the minutes stand in the accusative. */
import type { Catalogue } from '../catalogue.ts';

export const pl: Catalogue<'one' | 'few' | 'many'> = {
  subject: 'Twój kod weryfikacyjny {sender}',
  code: '{code} to Twój kod weryfikacyjny {sender}.',
  life: 'Jest ważny przez {minutes} i można go użyć tylko raz.',
  minutes: { one: '{n} minutę', few: '{n} minuty', many: '{n} minut' },
  asked: 'Ktoś, mamy nadzieję, że Ty, prosi o potwierdzenie tego adresu e-mail w serwisie {sender}.',
  askedFor: 'Ktoś, mamy nadzieję, że Ty, prosi o potwierdzenie tego adresu e-mail w serwisie {sender} ({purpose}).',
  ignore: 'Jeśli to nie Ty, zignoruj tę wiadomość: bez kodu nic się nie stanie.',
  secret: 'Nikomu nie podawaj tego kodu.',
};
