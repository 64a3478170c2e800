/** Turkish. */
import type { Messages } from '../messages.ts';

export const tr: Messages = {
  sent: 'Kod, gelen kutunuza doğru yolda.',
  alreadyVerified: 'Bu e-posta adresi zaten doğrulanmış.',
  verified: 'E-posta adresi doğrulandı.',
  notVerified: 'Bu e-posta adresi doğrulanmamış.',
  email: 'Bu adrese e-posta gönderilemiyor. Adresi kontrol edip tekrar deneyin.',
  otp: 'Bu bir kod değil. E-postadaki rakamları yazın.',
  fault: 'Uygulama anlaşılamayan bir şey gönderdi. Tekrar deneyin; yine olursa destek ekibine bildirin.',
  session: 'Oturumunuz sona erdi. Oturum açıp tekrar deneyin.',
  forbidden: 'Bunu yapma izniniz yok.',
  incorrect: 'Kod doğru değil. Kalan deneme: {n}.',
  unknown: 'Böyle bir kod yok. Yeni bir kod isteyin.',
  expired: 'Bu kodun süresi doldu. Yeni bir kod isteyin.',
  superseded: 'Size daha yeni bir kod gönderildi. Onu yazın.',
  used: 'Bu kod zaten kullanıldı. Yeni bir kod isteyin.',
  attempts: 'Kod çok fazla kez yanlış girildi. Yeni bir kod isteyin.',
  cooldown: 'Az önce bir kod gönderildi. {when} yeni bir kod isteyebilirsiniz.',
  limit: 'Çok fazla kod istendi. {when} tekrar deneyebilirsiniz.',
  locked: 'Çok fazla yanlış kod yazıldı. {when} tekrar deneyebilirsiniz.',
  suppressed: 'Bu adrese e-posta gönderilemiyor. Başka bir adres kullanın veya yardım isteyin.',
  credentials: 'E-posta adresi veya parola yanlış.',
  passwords: 'Çok fazla yanlış parola yazıldı. {when} tekrar deneyebilirsiniz.',
  later: 'Bu şu anda çalışmıyor. {when} tekrar deneyin.',
  trouble: 'Bir şeyler ters gitti. Birazdan tekrar deneyin.',
};
