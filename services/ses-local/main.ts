/** The local SES as a process of its own: settings from the environment, secrets also from files, stops on SIGTERM. */
import process from 'node:process';
import { z } from 'zod';
import { feedbackSettings } from '../config/feedback.ts';
import { localSettings } from '../config/local.ts';
import { mailSettings } from '../config/mail.ts';
import { runMain } from '../runtime/main.ts';
import { InvalidSettings, readSettings, secret, setting } from '../runtime/settings.ts';
import { startLocalSes } from './server.ts';

const needed = z.string('required');
const table = {
  ...localSettings,
  AWS_REGION: mailSettings.AWS_REGION,
  SNS_CERTIFICATE_URL: feedbackSettings.SNS_CERTIFICATE_URL,
  SES_FEEDBACK_URL: setting(
    z.url('must be an http or https URL').optional(),
    'Where each mail is reported to, as SNS does.',
  ),
  AWS_ACCESS_KEY_ID: secret(needed, 'Access key that the sender signs with.'),
  AWS_SECRET_ACCESS_KEY: secret(needed, 'Secret of that access key.'),
};

await runMain(async () => {
  const settings = read();
  const ses = await startLocalSes({
    port: settings.MAILBOX_PORT,
    // Not the api's default, which is every address: the mailbox has no password.
    host: process.env.HOST || '127.0.0.1',
    credentials: { accessKeyId: settings.AWS_ACCESS_KEY_ID, secretAccessKey: settings.AWS_SECRET_ACCESS_KEY },
    region: settings.AWS_REGION,
    maxSendRate: settings.SEALPOST_MAIL_RATE,
    ...(settings.SNS_CERTIFICATE_URL && { certificateUrl: settings.SNS_CERTIFICATE_URL }),
  }).catch((error: Error) => {
    throw new Error(`The local SES cannot listen: ${error.message}.`, { cause: error });
  });
  if (settings.SES_FEEDBACK_URL) ses.reportTo(settings.SES_FEEDBACK_URL);
  console.log(`Local SES and its inbox: ${ses.url}`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void ses.close());
});

function read() {
  try {
    return readSettings(table, process.env);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    const hint = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are what the sender signs with. Any values will do.';
    throw new InvalidSettings([...error.problems, hint]);
  }
}
