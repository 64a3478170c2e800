/** French; no line break before a colon. */
import type { Catalogue } from '../catalogue.ts';

export const fr: Catalogue<'one' | 'other'> = {
  subject: 'Votre code de vérification {sender}',
  code: '{code} est votre code de vérification {sender}.',
  life: 'Il est valable {minutes} et ne peut être utilisé qu’une fois.',
  minutes: { one: '{n} minute', other: '{n} minutes' },
  asked: 'Une personne, vous sans doute, souhaite confirmer cette adresse e-mail auprès de {sender}.',
  askedFor: 'Une personne, vous sans doute, souhaite confirmer cette adresse e-mail auprès de {sender} ({purpose}).',
  ignore: 'Si ce n’est pas vous, ignorez cet e-mail\u00a0: sans le code, rien ne se passe.',
  secret: 'Ne communiquez ce code à personne.',
};
