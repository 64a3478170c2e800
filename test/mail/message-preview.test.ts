/** `sealpost mail preview`: every purpose in every language is written, the operator's own too, and a wrong folder is refused. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { builtInTemplates } from '../../services/mail/templates.ts';
import { folderWith, png } from '../support/templates.ts';

const run = promisify(execFile);

async function preview(env: Readonly<Record<string, string>>) {
  const out = mkdtempSync(join(tmpdir(), 'sealpost-preview-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const args = ['services/cli/main.ts', 'mail', 'preview', '--out', out];
  const result = await run(process.execPath, args, { env: { PATH: process.env.PATH ?? '', ...env } }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, output: stderr }),
  );
  return { ...result, out, read: (name: string) => readFileSync(join(out, name), 'utf8') };
}

test('writes each mail as HTML and as text, and a page that shows them all in light and dark', async () => {
  const { code, output, out, read } = await preview({ SES_FROM_NAME: 'Acme', MAIL_AUTOFILL_DOMAIN: 'example.com' });
  const locales = [...builtInTemplates.locales];
  expect([code, output.trim()]).toEqual([0, `${3 * locales.length} mails: open ${join(out, 'index.html')}`]);
  expect(readdirSync(out).toSorted()).toEqual(['business', 'driver', 'index.html', 'verification']);
  const index = read('index.html');
  for (const purpose of ['verification', 'business', 'driver']) {
    expect(readdirSync(join(out, purpose))).toHaveLength(2 * locales.length);
    for (const locale of locales) {
      expect(read(`${purpose}/${locale}.html`)).toContain(`<html lang="${locale}"`);
      expect(read(`${purpose}/${locale}.txt`)).toMatch(
        /^Subject: .*Acme.*\n\n123456.*\n[\s\S]*\n@example\.com #123456\n$/,
      );
      expect(index.split(`src="${purpose}/${locale}.html"`)).toHaveLength(3);
    }
  }
});

test("shows the operator's purposes and languages, with the logo inside the file", async () => {
  const folder = folderWith({
    'default.json': { logo: { file: 'logo.png', width: 120 } },
    'logo.png': png,
    'en-GB.json': { wording: { subject: 'Your code, please' } },
    'payout/en.json': { wording: { askedFor: 'You asked {sender} for a payout.' } },
  });
  const { code, read } = await preview({ MAIL_TEMPLATES: folder });
  expect(code).toBe(0);
  expect(read('verification/en-GB.txt')).toContain('Subject: Your code, please');
  expect(read('payout/en.txt')).toContain('You asked Sealpost for a payout.');
  const html = read('payout/ja.html');
  expect(html).toContain('src="data:image/png;base64,');
  expect(html).not.toMatch(/cid:|https?:/);
});

test('refuses a folder that the api would refuse, and writes nothing', async () => {
  const folder = folderWith({ 'de.json': '{', 'en.json': { colours: { brand: 'blue' } } });
  const { code, output, out } = await preview({ MAIL_TEMPLATES: folder });
  expect(code).toBe(78);
  expect(output).toContain('MAIL_TEMPLATES: de.json: is not valid JSON');
  expect(output).toContain('MAIL_TEMPLATES: en.json: colours.brand: must be a colour such as #0f625c');
  expect(readdirSync(out)).toEqual([]);
});
