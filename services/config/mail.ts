/** Settings of the mail: Amazon SES and the sender. */
import { z } from 'zod';
import type { SesOptions } from '../mail/ses.ts';
import { secret, setting, type SettingsOf } from '../runtime/settings.ts';

export const mailSettings = {
  AWS_REGION: setting(
    z
      .string()
      .regex(/^[a-z0-9-]+$/, 'a region such as us-east-1 is needed')
      .default('us-east-1'),
    'Region of SES.',
  ),
  AWS_ACCESS_KEY_ID: secret(z.string('it is required'), 'Access key of the IAM user that sends.'),
  AWS_SECRET_ACCESS_KEY: secret(z.string('it is required'), 'Secret of that access key.'),
  SES_ENDPOINT: setting(
    z.url('an http or https URL is needed').optional(),
    "Another address of the SES API; absent: Amazon's.",
  ),
  SES_FROM_EMAIL: setting(z.email('an email address is needed'), 'Sender of the mails, an identity verified in SES.'),
  SES_FROM_NAME: setting(
    z
      .string()
      .max(100, 'at most 100 characters are possible')
      .regex(/^\P{Cc}*$/u, 'no control characters or line breaks are possible')
      .default('Sealpost'),
    'Name of the sender, also in the text.',
  ),
};

export function sesOptions(settings: SettingsOf<typeof mailSettings>): SesOptions {
  return {
    region: settings.AWS_REGION,
    credentials: { accessKeyId: settings.AWS_ACCESS_KEY_ID, secretAccessKey: settings.AWS_SECRET_ACCESS_KEY },
    endpoint: settings.SES_ENDPOINT,
    fromEmail: settings.SES_FROM_EMAIL,
    fromName: settings.SES_FROM_NAME,
  };
}
