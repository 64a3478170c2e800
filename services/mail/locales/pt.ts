/** Portuguese, in words that are at home on both sides of the Atlantic. */
import type { Catalogue } from '../catalogue.ts';

export const pt: Catalogue<'one' | 'other'> = {
  subject: 'O seu código de verificação de {sender}',
  code: '{code} é o seu código de verificação de {sender}.',
  life: 'É válido por {minutes} e só pode ser usado uma vez.',
  minutes: { one: '{n} minuto', other: '{n} minutos' },
  asked: 'Recebemos um pedido para confirmar este endereço de e-mail em {sender}.',
  askedFor: 'Recebemos um pedido para confirmar este endereço de e-mail em {sender} ({purpose}).',
  ignore: 'Se não fez este pedido, ignore este e-mail: sem o código, nada acontece.',
  secret: 'Nunca revele o código a ninguém.',
};
