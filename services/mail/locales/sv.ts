/** Swedish. */
import type { Catalogue } from '../catalogue.ts';

export const sv: Catalogue<'one' | 'other'> = {
  subject: 'Din verifieringskod för {sender}',
  code: '{code} är din verifieringskod för {sender}.',
  life: 'Den gäller i {minutes} och kan användas en gång.',
  minutes: { one: '{n} minut', other: '{n} minuter' },
  asked: 'Någon, förhoppningsvis du, vill bekräfta den här e-postadressen hos {sender}.',
  askedFor: 'Någon, förhoppningsvis du, vill bekräfta den här e-postadressen hos {sender} ({purpose}).',
  ignore: 'Om det inte var du kan du bortse från mejlet: utan koden händer ingenting.',
  secret: 'Dela aldrig koden med någon.',
};
