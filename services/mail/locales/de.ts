/** German. */
import type { Catalogue } from '../catalogue.ts';

export const de: Catalogue<'one' | 'other'> = {
  subject: 'Ihr Bestätigungscode für {sender}',
  code: '{code} ist Ihr Bestätigungscode für {sender}.',
  life: 'Er gilt {minutes} und kann einmal verwendet werden.',
  minutes: { one: '{n} Minute', other: '{n} Minuten' },
  asked: 'Jemand, hoffentlich Sie, möchte diese E-Mail-Adresse bei {sender} bestätigen.',
  askedFor: 'Jemand, hoffentlich Sie, möchte diese E-Mail-Adresse bei {sender} bestätigen ({purpose}).',
  ignore: 'Waren Sie es nicht, ignorieren Sie diese E-Mail: Ohne den Code passiert nichts.',
  secret: 'Geben Sie den Code niemals weiter.',
};
