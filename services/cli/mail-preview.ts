/** `sealpost mail preview`: every message there is, in every language, as files to look at. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { mailSettings } from '../config/mail.ts';
import { checkMessage, messageOptions, messageSettings } from '../config/message.ts';
import { createComposer, PLAIN_PURPOSE, selfContained } from '../mail/message.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { previewPage } from './mail-preview-page.ts';

/** Those of the deployment guide; a folder of templates adds its own. */
const PURPOSES = [PLAIN_PURPOSE, 'business', 'driver'] as const;
const SAMPLE = { code: '123456', minutes: 10 } as const;

export function addMailPreview(program: Command, environment: Environment): void {
  program
    .command('mail')
    .description('the mails that are sent')
    .command('preview')
    .description('write every mail, in every language, as HTML and text, and a page that shows them all')
    .requiredOption('--out <folder>', 'target folder; it is created, and files of the same names are replaced')
    .action(({ out }: { out: string }) => writePreview(environment, out));
}

// The settings are those of the api, so that a folder it would refuse is refused here as well.
async function writePreview(environment: Environment, out: string): Promise<void> {
  const { SES_FROM_NAME } = mailSettings;
  const settings = readSettings({ ...messageSettings, SES_FROM_NAME }, environment, checkMessage);
  const options = messageOptions(settings, settings.SES_FROM_NAME);
  const { compose } = createComposer(options);
  const locales = [...options.templates.locales].toSorted();
  const purposes = [...new Set([...PURPOSES, ...options.templates.purposes])];
  for (const purpose of purposes) {
    await mkdir(join(out, purpose), { recursive: true });
    for (const locale of locales) {
      const message = compose({ ...SAMPLE, purpose, locale });
      await writeFile(join(out, purpose, `${locale}.html`), selfContained(message));
      await writeFile(join(out, purpose, `${locale}.txt`), `Subject: ${message.subject}\n\n${message.text}\n`);
    }
  }
  await writeFile(join(out, 'index.html'), previewPage(purposes, locales));
  console.log(`${purposes.length * locales.length} mails: open ${join(out, 'index.html')}`);
}
