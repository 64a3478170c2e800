/** Hebrew, addressed to no one's gender; one and two minutes are words of their own. */
import type { Catalogue } from '../catalogue.ts';

export const he: Catalogue<'one' | 'two' | 'other'> = {
  subject: 'קוד האימות שלך ב-{sender}',
  code: '{code} הוא קוד האימות שלך ב-{sender}.',
  life: 'הקוד תקף למשך {minutes} וניתן להשתמש בו פעם אחת.',
  minutes: { one: 'דקה אחת', two: 'שתי דקות', other: '{n} דקות' },
  asked: 'התקבלה בקשה לאשר את כתובת האימייל הזו ב-{sender}.',
  askedFor: 'התקבלה בקשה לאשר את כתובת האימייל הזו ב-{sender} ({purpose}).',
  ignore: 'אם הבקשה לא הגיעה ממך, אפשר להתעלם מההודעה: בלי הקוד לא יקרה דבר.',
  secret: 'אין לשתף את הקוד עם אף אחד.',
};
