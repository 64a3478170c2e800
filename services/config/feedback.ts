/** Settings of what the mail service reports, and of how many mails may come back before sending pauses. */
import { z } from 'zod';
import type { ReputationLimits } from '../mail/reputation.ts';
import type { SnsOptions } from '../mail/sns.ts';
import { list, setting, type SettingsOf } from '../runtime/settings.ts';

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
    'Hard bounces, in percent of the emails of 24 hours, at which sending pauses before Amazon pauses the account; 0 never pauses.',
  ),
  MAIL_COMPLAINT_PERCENT_MAX: setting(
    percent(0.3, 1),
    'Complaints, in percent of the emails of 24 hours, at which sending pauses; 0 never pauses.',
  ),
};

export function snsOptions(settings: SettingsOf<typeof feedbackSettings>): SnsOptions {
  return { topicArns: settings.SES_TOPIC_ARNS, certificateUrl: settings.SNS_CERTIFICATE_URL };
}

export function reputationLimits(settings: SettingsOf<typeof feedbackSettings>): ReputationLimits {
  return {
    bouncePercentMax: settings.MAIL_BOUNCE_PERCENT_MAX,
    complaintPercentMax: settings.MAIL_COMPLAINT_PERCENT_MAX,
  };
}
