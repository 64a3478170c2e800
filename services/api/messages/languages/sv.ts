/** Swedish. */
import type { Messages } from '../messages.ts';

export const sv: Messages = {
  sent: 'En kod är på väg till din inkorg.',
  alreadyVerified: 'Den här e-postadressen är redan verifierad.',
  verified: 'E-postadressen är verifierad.',
  notVerified: 'Den här e-postadressen är inte verifierad.',
  email: 'Det går inte att skicka e-post till den här adressen. Kontrollera den och försök igen.',
  otp: 'Det här är ingen kod. Skriv siffrorna från mejlet.',
  fault: 'Appen skickade något som inte gick att förstå. Försök igen; om det händer igen, kontakta supporten.',
  session: 'Du är inte längre inloggad. Logga in och försök igen.',
  forbidden: 'Du har inte behörighet att göra detta.',
  incorrect: 'Det är inte rätt kod. Försök kvar: {n}.',
  unknown: 'Det finns ingen sådan kod. Begär en ny.',
  expired: 'Koden har gått ut. Begär en ny.',
  superseded: 'En nyare kod har skickats till dig. Skriv den.',
  used: 'Koden har redan använts. Begär en ny.',
  attempts: 'Koden var fel för många gånger. Begär en ny.',
  cooldown: 'En kod har just skickats. Du kan begära en till {when}.',
  limit: 'För många koder har begärts. Du kan försöka igen {when}.',
  locked: 'För många felaktiga koder har skrivits in. Du kan försöka igen {when}.',
  suppressed: 'Det går inte att skicka e-post till den här adressen. Använd en annan eller be om hjälp.',
  credentials: 'E-postadressen eller lösenordet är fel.',
  passwords: 'För många felaktiga lösenord har skrivits in. Du kan försöka igen {when}.',
  later: 'Det fungerar inte just nu. Försök igen {when}.',
  trouble: 'Något gick fel. Försök igen om en stund.',
};
