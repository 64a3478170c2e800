/** Polish. */
import type { Messages } from '../messages.ts';

export const pl: Messages = {
  sent: 'Kod jest w drodze do Twojej skrzynki.',
  alreadyVerified: 'Ten adres e-mail jest już zweryfikowany.',
  verified: 'Adres e-mail został zweryfikowany.',
  notVerified: 'Ten adres e-mail nie jest zweryfikowany.',
  email: 'Na ten adres nie można wysłać wiadomości. Sprawdź go i spróbuj ponownie.',
  otp: 'To nie jest kod. Wpisz cyfry z wiadomości e-mail.',
  fault: 'Aplikacja wysłała coś niezrozumiałego. Spróbuj ponownie; jeśli to się powtórzy, zgłoś to pomocy technicznej.',
  session: 'Twoja sesja wygasła. Zaloguj się i spróbuj ponownie.',
  forbidden: 'Nie masz do tego uprawnień.',
  incorrect: 'To nie jest właściwy kod. Pozostałe próby: {n}.',
  unknown: 'Nie ma takiego kodu. Poproś o nowy.',
  expired: 'Ten kod wygasł. Poproś o nowy.',
  superseded: 'Wysłaliśmy Ci nowszy kod. Wpisz tamten.',
  used: 'Ten kod został już użyty. Poproś o nowy.',
  attempts: 'Kod był błędny zbyt wiele razy. Poproś o nowy.',
  cooldown: 'Kod został właśnie wysłany. O kolejny możesz poprosić {when}.',
  limit: 'Poproszono o zbyt wiele kodów. Możesz spróbować ponownie {when}.',
  locked: 'Wpisano zbyt wiele błędnych kodów. Możesz spróbować ponownie {when}.',
  suppressed: 'Na ten adres nie można wysłać wiadomości. Użyj innego lub poproś o pomoc.',
  credentials: 'Adres e-mail lub hasło jest nieprawidłowe.',
  passwords: 'Wpisano zbyt wiele błędnych haseł. Możesz spróbować ponownie {when}.',
  later: 'W tej chwili to nie działa. Spróbuj ponownie {when}.',
  trouble: 'Coś poszło nie tak. Spróbuj ponownie za chwilę.',
};
