/** Persian. */
import type { Catalogue } from '../catalogue.ts';

export const fa: Catalogue<'one' | 'other'> = {
  subject: 'کد تأیید شما در {sender}',
  code: '{code} کد تأیید شما در {sender} است.',
  life: 'این کد {minutes} اعتبار دارد و فقط یک بار قابل استفاده است.',
  minutes: { one: '{n} دقیقه', other: '{n} دقیقه' },
  asked: 'شخصی، امیدواریم خود شما، خواسته است این نشانی ایمیل را در {sender} تأیید کند.',
  askedFor: 'شخصی، امیدواریم خود شما، خواسته است این نشانی ایمیل را در {sender} تأیید کند ({purpose}).',
  ignore: 'اگر شما نبوده‌اید، این ایمیل را نادیده بگیرید: بدون کد هیچ اتفاقی نمی‌افتد.',
  secret: 'کد را به هیچ‌کس ندهید.',
};
