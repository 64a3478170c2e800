/** Ukrainian; the minutes stand in the accusative. */
import type { Catalogue } from '../catalogue.ts';

export const uk: Catalogue<'one' | 'few' | 'many'> = {
  subject: 'Ваш код підтвердження {sender}',
  code: '{code} — ваш код підтвердження {sender}.',
  life: 'Він дійсний {minutes}, і використати його можна один раз.',
  minutes: { one: '{n} хвилину', few: '{n} хвилини', many: '{n} хвилин' },
  asked: 'Хтось, сподіваємося, що ви, просить підтвердити цю електронну адресу для {sender}.',
  askedFor: 'Хтось, сподіваємося, що ви, просить підтвердити цю електронну адресу для {sender} ({purpose}).',
  ignore: 'Якщо це не ви, не зважайте на цей лист: без коду нічого не станеться.',
  secret: 'Нікому не повідомляйте цей код.',
};
