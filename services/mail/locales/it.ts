/** Italian. */
import type { Catalogue } from '../catalogue.ts';

export const it: Catalogue<'one' | 'other'> = {
  subject: 'Il tuo codice di verifica {sender}',
  code: '{code} è il tuo codice di verifica {sender}.',
  life: 'È valido per {minutes} e si può usare una sola volta.',
  minutes: { one: '{n} minuto', other: '{n} minuti' },
  asked: 'Qualcuno, speriamo tu, ha chiesto di confermare questo indirizzo email su {sender}.',
  askedFor: 'Qualcuno, speriamo tu, ha chiesto di confermare questo indirizzo email su {sender} ({purpose}).',
  ignore: 'Se la richiesta non è tua, ignora questa email: senza il codice non succede nulla.',
  secret: 'Non condividere il codice con nessuno.',
};
