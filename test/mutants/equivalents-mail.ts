/** Of mail: defaults that nobody reaches, guards of what is so already, and speed. */
import type { Equivalent } from './equivalent.ts';

const mail = (file: string, line: string, becomes: string, why: string): Equivalent => ({
  file: `services/mail/${file}`,
  line,
  becomes,
  why,
});

export const mailEquivalents: readonly Equivalent[] = [
  mail(
    'catalogue.ts',
    "const strange = [...text.matchAll(PLACEHOLDER)].find(([, placeholder = '']) => !may.includes(placeholder));",
    '"Stryker was here!"',
    'the pattern always gives a name',
  ),
  mail(
    'catalogue.ts',
    "return /[{}]/.test(text.replaceAll(PLACEHOLDER, ''))",
    '"Stryker was here!"',
    'only braces are looked for in what is left',
  ),
  mail(
    'message.ts',
    "const life = fill(catalogue.minutes[rules.select(minutes)] ?? '', { n: format.format(minutes) });",
    '"Stryker was here!"',
    'a catalogue has every form of its language, or was refused',
  ),
  mail('message.ts', 'habits.set(locale, known);', ';', 'only what it costs to make them again'),
  mail(
    'ses-account.ts',
    "const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
  mail('feedback.ts', '} catch {', '{}', 'a function that ends without a value gives undefined'),
  mail('locale.ts', '} catch {', '{}', 'a function that ends without a value gives undefined'),
  mail('overrides.ts', '} catch {', '{}', 'a function that ends without a value gives undefined'),
  mail(
    'mailer.ts',
    'let probeWanted = false;',
    'true',
    'it is only looked at while the circuit is half-open, and each look at the outbox before that sets it',
  ),
  mail(
    'mailer.ts',
    "probeWanted = state === 'half-open' && mails.length === 0;",
    'true',
    'it is only looked at while the circuit is half-open',
  ),
  mail(
    'otp-code.ts',
    "const same = timingSafeEqual(sha256(guess), sha256(code ?? ''));",
    '"Stryker was here!"',
    'where there is no code the answer is false, whatever was compared',
  ),
  mail(
    'sns.ts',
    "const text = Buffer.from(signedText(message), 'utf8');",
    '""',
    'Node reads an encoding without a name as UTF-8',
  ),
  mail('ses-client.ts', 'httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },', '{}', 'only how fast it is'),
  mail('ses-client.ts', 'httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },', 'false', 'only how fast it is'),
  mail('ses-client.ts', 'httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },', '{}', 'only how fast it is'),
  mail('ses-client.ts', 'httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },', 'false', 'only how fast it is'),
  mail(
    'ses-refusals.ts',
    "const { code = '', syscall = '', message = '' } = error as NodeJS.ErrnoException;",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
  ...['rtl', 'ltr'].map(() =>
    mail(
      'message.ts',
      "direction: isRightToLeft(locale) ? 'rtl' : 'ltr',",
      '""',
      'made once a language: Stryker asks only the first test of a language, and message.test.ts looks at the others',
    ),
  ),
  mail(
    'ses-account.ts',
    'const points = answer.SendDataPoints ?? [];',
    '["Stryker was here"]',
    'a point without counts adds nothing',
  ),
  mail(
    'ses-account.ts',
    'const status = $metadata?.httpStatusCode;',
    '$metadata.httpStatusCode',
    'the SDK gives every error its $metadata',
  ),
  mail('smtp.ts', 'clearTimeout(late);', ';', 'what it would close later is closed in the next line'),
  mail(
    'smtp.ts',
    "ignoreTLS: tls === 'off',",
    'true',
    'smtp.test.ts notices, which is too slow for Stryker: see rows/smtp.ts',
  ),
  ...['""', '() => undefined', '[]'].map((becomes) =>
    mail(
      'smtp.ts',
      "const ended = await Promise.race([once(connection, 'error'), once(connection, 'end')]).catch((error: unknown) => [",
      becomes,
      'an end without a reason is classified as the error would be; smtp.test.ts, too slow for Stryker, breaks connections',
    ),
  ),
  mail(
    'smtp.ts',
    "throw ended[0] ?? new Error('The connection ended.');",
    '""',
    'the text is seen by nobody: a kind is made of it',
  ),
  mail(
    'locale.ts',
    'const first = asked === undefined ? undefined : lookup(asked, available);',
    'false',
    'no language is called undefined',
  ),
  mail(
    'locale.ts',
    "for (const range of rangesOf(acceptLanguage ?? '')) {",
    '"Stryker was here!"',
    'no language is called so',
  ),
  mail(
    'override-file.ts',
    "if (message !== undefined) context.addIssue({ code: 'custom', message });",
    '""',
    'only the message is read',
  ),
  mail(
    'templates.ts',
    "const parent = lookup(locale, built) ?? '';",
    '"Stryker was here!"',
    'no layer and no catalogue is of such a language',
  ),
  mail('templates.ts', "if (purpose === '') {", 'true', 'each problem is told once, whoever finds it'),
  ...['false', '"Stryker was here!"'].map((becomes) =>
    mail(
      'templates.ts',
      "const draft = purpose === '' ? general : ['', parent, locale].reduce((d, tag) => over(d, purpose, tag), general);",
      becomes,
      'the general layers put over themselves change nothing',
    ),
  ),
  mail(
    'mailer.ts',
    'const times = await outbox.countUnsure(mail).catch(() => 0);',
    '() => undefined',
    'neither is as many as two',
  ),
];
