/** French. */
import type { Messages } from '../messages.ts';

export const fr: Messages = {
  sent: 'Un code est en route vers votre boîte de réception.',
  alreadyVerified: 'Cette adresse e-mail est déjà vérifiée.',
  verified: 'L’adresse e-mail est vérifiée.',
  notVerified: 'Cette adresse e-mail n’est pas vérifiée.',
  email: 'Aucun e-mail ne peut être envoyé à cette adresse. Vérifiez-la et réessayez.',
  otp: 'Ce n’est pas un code. Saisissez les chiffres de l’e-mail.',
  fault:
    'L’application a envoyé une demande incompréhensible. Réessayez ; si cela se reproduit, contactez son assistance.',
  session: 'Vous n’êtes plus connecté. Connectez-vous et réessayez.',
  forbidden: 'Vous n’êtes pas autorisé à faire cela.',
  incorrect: 'Ce n’est pas le bon code. Tentatives restantes : {n}.',
  unknown: 'Ce code n’existe pas. Demandez-en un nouveau.',
  expired: 'Ce code a expiré. Demandez-en un nouveau.',
  superseded: 'Un code plus récent vous a été envoyé. Saisissez celui-là.',
  used: 'Ce code a déjà été utilisé. Demandez-en un nouveau.',
  attempts: 'Trop de tentatives erronées. Demandez un nouveau code.',
  cooldown: 'Un code vient d’être envoyé. Vous pourrez en demander un autre {when}.',
  limit: 'Trop de codes ont été demandés. Vous pourrez réessayer {when}.',
  locked: 'Trop de codes erronés ont été saisis. Vous pourrez réessayer {when}.',
  suppressed: 'Aucun e-mail ne peut être envoyé à cette adresse. Utilisez-en une autre ou demandez de l’aide.',
  credentials: 'L’adresse e-mail ou le mot de passe est incorrect.',
  passwords: 'Trop de mots de passe erronés ont été saisis. Vous pourrez réessayer {when}.',
  later: 'Cela ne fonctionne pas pour le moment. Réessayez {when}.',
  trouble: 'Une erreur s’est produite. Réessayez dans un instant.',
};
