/** Turkish. */
import type { Catalogue } from '../catalogue.ts';

export const tr: Catalogue<'one' | 'other'> = {
  subject: '{sender} doğrulama kodunuz',
  code: '{code}, {sender} doğrulama kodunuzdur.',
  life: 'Kod {minutes} geçerlidir ve yalnızca bir kez kullanılabilir.',
  minutes: { one: '{n} dakika', other: '{n} dakika' },
  asked: 'Birisi, umarız siz, {sender} için bu e-posta adresini doğrulamak istedi.',
  askedFor: 'Birisi, umarız siz, {sender} için bu e-posta adresini doğrulamak istedi ({purpose}).',
  ignore: 'Siz değilseniz bu e-postayı yok sayın: Kod olmadan hiçbir şey olmaz.',
  secret: 'Kodu kimseyle paylaşmayın.',
};
