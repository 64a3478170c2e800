/** Settings of the message: its language, its looks, and the domain that a browser may fill the code in for. */
import { z } from 'zod';
import type { MessageOptions } from '../mail/message.ts';
import { readTemplates } from '../mail/overrides.ts';
import { builtInTemplates } from '../mail/templates.ts';
import { setting, type SettingsCheck, type SettingsOf } from '../runtime/settings.ts';

const HOST_NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;

export const messageSettings = {
  MAIL_LOCALE: setting(
    z.string().default('en'),
    'Language of an email if neither the request nor Accept-Language names one that exists.',
  ),
  MAIL_TEMPLATES: setting(
    // Read once, here; what is wrong in it is told by the check, a line each.
    z.string().transform(readTemplates).optional(),
    'Folder with your own wording, colours and logo. Default: the built-in ones.',
  ),
  MAIL_AUTOFILL_DOMAIN: setting(
    z.string().regex(HOST_NAME, 'must be a domain such as example.com, in lower case').optional(),
    'Domain on whose pages a browser may offer the code: the last line of an email is then "@domain #code".',
  ),
};

export const checkMessage: SettingsCheck<typeof messageSettings> = ({ MAIL_TEMPLATES, MAIL_LOCALE }) => {
  const { locales } = MAIL_TEMPLATES?.templates ?? builtInTemplates;
  const unknown = MAIL_LOCALE !== undefined && !locales.has(MAIL_LOCALE);
  return [
    ...(MAIL_TEMPLATES?.problems ?? []).map((problem) => `MAIL_TEMPLATES: ${problem}.`),
    ...(unknown ? [`MAIL_LOCALE: must be one of ${[...locales].toSorted().join(', ')}.`] : []),
  ];
};

export function messageOptions(settings: SettingsOf<typeof messageSettings>, sender: string): MessageOptions {
  return {
    sender,
    defaultLocale: settings.MAIL_LOCALE,
    autofillDomain: settings.MAIL_AUTOFILL_DOMAIN,
    templates: settings.MAIL_TEMPLATES?.templates ?? builtInTemplates,
  };
}
