/** Settings of what the mail service reports, and of how many mails may come back before sending pauses. */
import { z } from 'zod';
import type { ReputationLimits } from '../mail/reputation.ts';
import type { SnsOptions } from '../mail/sns.ts';
import { list, setting, type SettingsOf } from '../runtime/settings.ts';
import type { People } from '../store/reputation.ts';

export type ReputationOptions = Readonly<{ limits: ReputationLimits; people: People }>;

const percent = (fallback: number, max: number) =>
  z.coerce
    .number(`must be a number from 0 to ${max}`)
    .min(0)
    .max(max)
    .default(fallback)
    .meta({ values: `0 to ${max}` });

const arns = list()
  .default([])
  .refine(
    (given) => given.every((one) => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(one)),
    'must be ARNs such as arn:aws:sns:us-east-1:123456789012:sealpost-feedback, separated by commas',
  );

export const feedbackSettings = {
  SES_TOPIC_ARNS: setting(
    arns,
    'SNS topics whose reports of deliveries, bounces and complaints are accepted; "sealpost ses setup" shows how to create one.',
  ),
  SNS_CERTIFICATE_URL: setting(
    z.url('must be an http or https URL').optional(),
    "URL of the certificate of SNS, for the local SES. Default: SNS's own hosts.",
  ),
  MAIL_BOUNCE_PERCENT_MAX: setting(
    percent(5, 10),
    'People whose emails bounced for good, in percent of the emails of 24 hours, from which on only proven addresses get email, before Amazon pauses the account; and of one user, from three on, from which on that user gets none sent. A person is a user, or with EMAIL_RATE_LIMIT_PER_USER_HOUR 0 or above 100 an address. 0: never.',
  ),
  MAIL_COMPLAINT_PERCENT_MAX: setting(percent(0.3, 1), 'The same for people who called an email spam. 0: never.'),
};

export function snsOptions(settings: SettingsOf<typeof feedbackSettings>): SnsOptions {
  return { topicArns: settings.SES_TOPIC_ARNS, certificateUrl: settings.SNS_CERTIFICATE_URL };
}

/** No person asks for more mails an hour: one id stands for many people then. */
const OF_A_PERSON_MAX = 100;

/** How the reputation is judged. */
export function reputationOptions(
  settings: SettingsOf<typeof feedbackSettings> & Readonly<{ EMAIL_RATE_LIMIT_PER_USER_HOUR: number }>,
): ReputationOptions {
  const perHour = settings.EMAIL_RATE_LIMIT_PER_USER_HOUR;
  return {
    limits: {
      bouncePercentMax: settings.MAIL_BOUNCE_PERCENT_MAX,
      complaintPercentMax: settings.MAIL_COMPLAINT_PERCENT_MAX,
    },
    people: perHour === 0 || perHour > OF_A_PERSON_MAX ? 'addresses' : 'users',
  };
}
