/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { appendMutants } from './rows/append.ts';
import { mailerQueueMutants } from './rows/mailer-queue.ts';
import { mailerRateMutants } from './rows/mailer-rate.ts';
import { mailerAnswersMutants } from './rows/mailer-answers.ts';
import { mailerCircuitMutants } from './rows/mailer-circuit.ts';
import { mailerStoreMutants } from './rows/mailer-store.ts';
import { breakerMutants } from './rows/breaker-and-reputation.ts';
import { paceMutants } from './rows/pace.ts';
import { sesMutants } from './rows/ses.ts';
import { mailHeadersMutants } from './rows/mail-headers.ts';
import { smtpMutants } from './rows/smtp.ts';
import { snsMutants } from './rows/sns.ts';
import { snsCertificatesMutants } from './rows/sns-certificates.ts';
import { feedbackMutants } from './rows/feedback.ts';
import { codesMutants } from './rows/codes.ts';
import { localSesMutants } from './rows/local-ses.ts';
import { localSesMoreMutants } from './rows/local-ses-more.ts';
import { messageMutants } from './rows/message.ts';
import { templatesMutants } from './rows/templates.ts';

export const mutants: readonly Mutant[] = [
  ...appendMutants,
  ...mailerQueueMutants,
  ...mailerRateMutants,
  ...mailerAnswersMutants,
  ...mailerCircuitMutants,
  ...mailerStoreMutants,
  ...breakerMutants,
  ...paceMutants,
  ...sesMutants,
  ...mailHeadersMutants,
  ...smtpMutants,
  ...snsMutants,
  ...snsCertificatesMutants,
  ...feedbackMutants,
  ...codesMutants,
  ...localSesMutants,
  ...localSesMoreMutants,
  ...messageMutants,
  ...templatesMutants,
];
