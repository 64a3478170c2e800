/** Russian; the minutes stand in the accusative. */
import type { Catalogue } from '../catalogue.ts';

export const ru: Catalogue<'one' | 'few' | 'many'> = {
  subject: 'Ваш код подтверждения {sender}',
  code: '{code} — ваш код подтверждения {sender}.',
  life: 'Он действует {minutes}, использовать его можно один раз.',
  minutes: { one: '{n} минуту', few: '{n} минуты', many: '{n} минут' },
  asked: 'Кто-то, надеемся, что вы, просит подтвердить этот адрес электронной почты для {sender}.',
  askedFor: 'Кто-то, надеемся, что вы, просит подтвердить этот адрес электронной почты для {sender} ({purpose}).',
  ignore: 'Если это не вы, не обращайте внимания на письмо: без кода ничего не произойдёт.',
  secret: 'Никому не сообщайте этот код.',
};
