/** German. */
import type { Messages } from '../messages.ts';

export const de: Messages = {
  sent: 'Ein Code ist auf dem Weg in Ihr Postfach.',
  alreadyVerified: 'Diese E-Mail-Adresse ist bereits bestätigt.',
  verified: 'Die E-Mail-Adresse ist bestätigt.',
  notVerified: 'Diese E-Mail-Adresse ist nicht bestätigt.',
  email: 'An diese E-Mail-Adresse kann nichts gesendet werden. Prüfen Sie sie und versuchen Sie es noch einmal.',
  otp: 'Das ist kein Code. Geben Sie die Ziffern aus der E-Mail ein.',
  fault:
    'Die App hat etwas gesendet, das nicht verstanden wurde. Versuchen Sie es noch einmal; passiert es wieder, sagen Sie es dem Support.',
  session: 'Sie sind nicht mehr angemeldet. Melden Sie sich an und versuchen Sie es noch einmal.',
  forbidden: 'Das dürfen Sie nicht.',
  incorrect: 'Das ist nicht der richtige Code. Verbleibende Versuche: {n}.',
  unknown: 'Diesen Code gibt es nicht. Fordern Sie einen neuen an.',
  expired: 'Dieser Code ist abgelaufen. Fordern Sie einen neuen an.',
  superseded: 'Sie haben einen neueren Code bekommen. Geben Sie diesen ein.',
  used: 'Dieser Code wurde schon verwendet. Fordern Sie einen neuen an.',
  attempts: 'Der Code war zu oft falsch. Fordern Sie einen neuen an.',
  cooldown: 'Ein Code wurde gerade gesendet. Einen weiteren können Sie {when} anfordern.',
  limit: 'Es wurden zu viele Codes angefordert. Sie können es {when} noch einmal versuchen.',
  locked: 'Es wurden zu viele falsche Codes eingegeben. Sie können es {when} noch einmal versuchen.',
  suppressed: 'An diese Adresse können keine E-Mails gesendet werden. Nehmen Sie eine andere oder bitten Sie um Hilfe.',
  credentials: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  passwords: 'Es wurden zu viele falsche Passwörter eingegeben. Sie können es {when} noch einmal versuchen.',
  later: 'Das geht im Moment nicht. Versuchen Sie es {when} noch einmal.',
  trouble: 'Etwas ist schiefgegangen. Versuchen Sie es gleich noch einmal.',
};
