/** Dutch. */
import type { Catalogue } from '../catalogue.ts';

export const nl: Catalogue<'one' | 'other'> = {
  subject: 'Je verificatiecode voor {sender}',
  code: '{code} is je verificatiecode voor {sender}.',
  life: 'De code is {minutes} geldig en kan één keer worden gebruikt.',
  minutes: { one: '{n} minuut', other: '{n} minuten' },
  asked: 'Iemand, hopelijk jij, wil dit e-mailadres bevestigen bij {sender}.',
  askedFor: 'Iemand, hopelijk jij, wil dit e-mailadres bevestigen bij {sender} ({purpose}).',
  ignore: 'Was jij dit niet? Negeer deze e-mail: zonder de code gebeurt er niets.',
  secret: 'Deel de code met niemand.',
};
