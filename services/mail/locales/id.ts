/** Indonesian. */
import type { Catalogue } from '../catalogue.ts';

export const id: Catalogue<'other'> = {
  subject: 'Kode verifikasi {sender} Anda',
  code: '{code} adalah kode verifikasi {sender} Anda.',
  life: 'Kode ini berlaku selama {minutes} dan hanya dapat digunakan satu kali.',
  minutes: { other: '{n} menit' },
  asked: 'Seseorang, semoga Anda, meminta konfirmasi alamat email ini di {sender}.',
  askedFor: 'Seseorang, semoga Anda, meminta konfirmasi alamat email ini di {sender} ({purpose}).',
  ignore: 'Jika bukan Anda, abaikan email ini: tanpa kode, tidak akan terjadi apa-apa.',
  secret: 'Jangan bagikan kode ini kepada siapa pun.',
};
