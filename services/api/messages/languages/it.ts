/** Italian. */
import type { Messages } from '../messages.ts';

export const it: Messages = {
  sent: 'Un codice è in arrivo nella tua casella di posta.',
  alreadyVerified: 'Questo indirizzo email è già verificato.',
  verified: 'L’indirizzo email è verificato.',
  notVerified: 'Questo indirizzo email non è verificato.',
  email: 'Non è possibile inviare email a questo indirizzo. Controllalo e riprova.',
  otp: 'Questo non è un codice. Inserisci le cifre che trovi nell’email.',
  fault: 'L’app ha inviato qualcosa di incomprensibile. Riprova; se succede di nuovo, contatta l’assistenza.',
  session: 'La tua sessione è terminata. Accedi e riprova.',
  forbidden: 'Non hai il permesso di farlo.',
  incorrect: 'Il codice non è giusto. Tentativi rimasti: {n}.',
  unknown: 'Questo codice non esiste. Richiedine uno nuovo.',
  expired: 'Questo codice è scaduto. Richiedine uno nuovo.',
  superseded: 'Ti è stato inviato un codice più recente. Inserisci quello.',
  used: 'Questo codice è già stato usato. Richiedine uno nuovo.',
  attempts: 'Il codice è stato sbagliato troppe volte. Richiedine uno nuovo.',
  cooldown: 'Un codice è appena stato inviato. Potrai richiederne un altro {when}.',
  limit: 'Sono stati richiesti troppi codici. Potrai riprovare {when}.',
  locked: 'Sono stati inseriti troppi codici sbagliati. Potrai riprovare {when}.',
  suppressed: 'Non è possibile inviare email a questo indirizzo. Usane un altro o chiedi aiuto.',
  credentials: 'L’indirizzo email o la password non è corretta.',
  passwords: 'Sono state inserite troppe password sbagliate. Potrai riprovare {when}.',
  later: 'Al momento non funziona. Riprova {when}.',
  trouble: 'Qualcosa è andato storto. Riprova tra un momento.',
};
