/** Spanish. */
import type { Catalogue } from '../catalogue.ts';

export const es: Catalogue<'one' | 'other'> = {
  subject: 'Su código de verificación de {sender}',
  code: '{code} es su código de verificación de {sender}.',
  life: 'Es válido durante {minutes} y solo se puede usar una vez.',
  minutes: { one: '{n} minuto', other: '{n} minutos' },
  asked: 'Alguien, esperamos que usted, ha pedido confirmar esta dirección de correo en {sender}.',
  askedFor: 'Alguien, esperamos que usted, ha pedido confirmar esta dirección de correo en {sender} ({purpose}).',
  ignore: 'Si no ha sido usted, ignore este correo: sin el código no ocurre nada.',
  secret: 'No comparta el código con nadie.',
};
