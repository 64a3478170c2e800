/** Settings of the embedded default, `npm start`. */
import { z } from 'zod';
import { port, setting, wholeNumber } from '../runtime/settings.ts';

export const localSettings = {
  SEALPOST_DATA: setting(z.string().default('.data'), 'Folder of the embedded database and its secrets.'),
  MAILBOX_PORT: setting(port(8005), 'Port of the local SES and its mailbox page.'),
  SEALPOST_MAIL_RATE: setting(
    wholeNumber({ default: 200, min: 1, max: 100_000 }),
    'Emails per second that the local SES accepts.',
  ),
};
