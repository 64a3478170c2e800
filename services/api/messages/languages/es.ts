/** Spanish. */
import type { Messages } from '../messages.ts';

export const es: Messages = {
  sent: 'Un código va de camino a su buzón.',
  alreadyVerified: 'Esta dirección de correo ya está verificada.',
  verified: 'La dirección de correo está verificada.',
  notVerified: 'Esta dirección de correo no está verificada.',
  email: 'No se puede enviar correo a esta dirección. Revísela e inténtelo de nuevo.',
  otp: 'Esto no es un código. Escriba los dígitos del correo.',
  fault: 'La aplicación ha enviado algo que no se ha entendido. Inténtelo de nuevo; si se repite, avise a su soporte.',
  session: 'Ya no tiene la sesión iniciada. Inicie sesión e inténtelo de nuevo.',
  forbidden: 'No tiene permiso para hacer esto.',
  incorrect: 'Ese no es el código correcto. Intentos restantes: {n}.',
  unknown: 'Ese código no existe. Solicite uno nuevo.',
  expired: 'Este código ha caducado. Solicite uno nuevo.',
  superseded: 'Se le ha enviado un código más reciente. Escriba ese.',
  used: 'Este código ya se ha usado. Solicite uno nuevo.',
  attempts: 'El código ha sido incorrecto demasiadas veces. Solicite uno nuevo.',
  cooldown: 'Se acaba de enviar un código. Podrá solicitar otro {when}.',
  limit: 'Se han solicitado demasiados códigos. Podrá intentarlo de nuevo {when}.',
  locked: 'Se han escrito demasiados códigos incorrectos. Podrá intentarlo de nuevo {when}.',
  suppressed: 'No se puede enviar correo a esta dirección. Use otra o pida ayuda.',
  credentials: 'La dirección de correo o la contraseña es incorrecta.',
  passwords: 'Se han escrito demasiadas contraseñas incorrectas. Podrá intentarlo de nuevo {when}.',
  later: 'Esto no funciona en este momento. Inténtelo de nuevo {when}.',
  trouble: 'Algo ha salido mal. Inténtelo de nuevo en un momento.',
};
