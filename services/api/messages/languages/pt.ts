/** Portuguese. */
import type { Messages } from '../messages.ts';

export const pt: Messages = {
  sent: 'Um código está a caminho da sua caixa de correio.',
  alreadyVerified: 'Este endereço de e-mail já está verificado.',
  verified: 'O endereço de e-mail está verificado.',
  notVerified: 'Este endereço de e-mail não está verificado.',
  email: 'Não é possível enviar e-mails para este endereço. Verifique-o e tente novamente.',
  otp: 'Isto não é um código. Digite os algarismos do e-mail.',
  fault: 'O aplicativo enviou algo que não foi compreendido. Tente novamente; se voltar a acontecer, avise o suporte.',
  session: 'A sua sessão terminou. Entre e tente novamente.',
  forbidden: 'Não tem permissão para fazer isto.',
  incorrect: 'Este não é o código certo. Tentativas restantes: {n}.',
  unknown: 'Este código não existe. Peça um novo.',
  expired: 'Este código expirou. Peça um novo.',
  superseded: 'Foi-lhe enviado um código mais recente. Digite esse.',
  used: 'Este código já foi usado. Peça um novo.',
  attempts: 'O código estava errado vezes demais. Peça um novo.',
  cooldown: 'Um código acabou de ser enviado. Pode pedir outro {when}.',
  limit: 'Foram pedidos códigos demais. Pode tentar novamente {when}.',
  locked: 'Foram digitados códigos errados demais. Pode tentar novamente {when}.',
  suppressed: 'Não é possível enviar e-mails para este endereço. Use outro ou peça ajuda.',
  credentials: 'O endereço de e-mail ou a senha está incorreta.',
  passwords: 'Foram digitadas senhas erradas demais. Pode tentar novamente {when}.',
  later: 'Isto não funciona neste momento. Tente novamente {when}.',
  trouble: 'Algo correu mal. Tente novamente dentro de um momento.',
};
