/** Dutch. */
import type { Messages } from '../messages.ts';

export const nl: Messages = {
  sent: 'Er is een code onderweg naar je mailbox.',
  alreadyVerified: 'Dit e-mailadres is al geverifieerd.',
  verified: 'Het e-mailadres is geverifieerd.',
  notVerified: 'Dit e-mailadres is niet geverifieerd.',
  email: 'Naar dit adres kan geen e-mail worden gestuurd. Controleer het en probeer het opnieuw.',
  otp: 'Dit is geen code. Typ de cijfers uit de e-mail.',
  fault:
    'De app heeft iets gestuurd dat niet te begrijpen is. Probeer het opnieuw; gebeurt het weer, meld het dan bij de support.',
  session: 'Je bent niet meer ingelogd. Log in en probeer het opnieuw.',
  forbidden: 'Dit mag je niet doen.',
  incorrect: 'Dat is niet de juiste code. Resterende pogingen: {n}.',
  unknown: 'Die code bestaat niet. Vraag een nieuwe aan.',
  expired: 'Deze code is verlopen. Vraag een nieuwe aan.',
  superseded: 'Je hebt een nieuwere code gekregen. Typ die.',
  used: 'Deze code is al gebruikt. Vraag een nieuwe aan.',
  attempts: 'De code was te vaak fout. Vraag een nieuwe aan.',
  cooldown: 'Er is net een code verstuurd. Je kunt er {when} nog een aanvragen.',
  limit: 'Er zijn te veel codes aangevraagd. Je kunt het {when} opnieuw proberen.',
  locked: 'Er zijn te veel foute codes getypt. Je kunt het {when} opnieuw proberen.',
  suppressed: 'Naar dit adres kan geen e-mail worden gestuurd. Gebruik een ander of vraag om hulp.',
  credentials: 'Het e-mailadres of het wachtwoord is onjuist.',
  passwords: 'Er zijn te veel foute wachtwoorden getypt. Je kunt het {when} opnieuw proberen.',
  later: 'Dit werkt op dit moment niet. Probeer het {when} opnieuw.',
  trouble: 'Er ging iets mis. Probeer het zo dadelijk opnieuw.',
};
