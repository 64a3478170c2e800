/** Indonesian. */
import type { Messages } from '../messages.ts';

export const id: Messages = {
  sent: 'Kode sedang dikirim ke kotak surat Anda.',
  alreadyVerified: 'Alamat email ini sudah diverifikasi.',
  verified: 'Alamat email telah diverifikasi.',
  notVerified: 'Alamat email ini belum diverifikasi.',
  email: 'Email tidak dapat dikirim ke alamat ini. Periksa alamatnya, lalu coba lagi.',
  otp: 'Ini bukan kode. Ketik angka dari email.',
  fault:
    'Aplikasi mengirim sesuatu yang tidak dapat dipahami. Coba lagi; jika terjadi lagi, beri tahu tim dukungannya.',
  session: 'Anda tidak lagi masuk. Masuk, lalu coba lagi.',
  forbidden: 'Anda tidak diizinkan melakukan ini.',
  incorrect: 'Kodenya salah. Sisa percobaan: {n}.',
  unknown: 'Kode itu tidak ada. Minta kode baru.',
  expired: 'Kode ini sudah kedaluwarsa. Minta kode baru.',
  superseded: 'Kode yang lebih baru telah dikirim kepada Anda. Ketik kode itu.',
  used: 'Kode ini sudah digunakan. Minta kode baru.',
  attempts: 'Kode terlalu sering salah. Minta kode baru.',
  cooldown: 'Kode baru saja dikirim. Anda dapat meminta kode lain {when}.',
  limit: 'Terlalu banyak kode diminta. Anda dapat mencoba lagi {when}.',
  locked: 'Terlalu banyak kode yang salah diketik. Anda dapat mencoba lagi {when}.',
  suppressed: 'Email tidak dapat dikirim ke alamat ini. Gunakan alamat lain atau minta bantuan.',
  credentials: 'Alamat email atau kata sandi salah.',
  passwords: 'Terlalu banyak kata sandi yang salah diketik. Anda dapat mencoba lagi {when}.',
  later: 'Saat ini hal ini tidak berfungsi. Coba lagi {when}.',
  trouble: 'Terjadi kesalahan. Coba lagi sebentar lagi.',
};
