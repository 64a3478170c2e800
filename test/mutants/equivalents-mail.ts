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
    "return /[{}]/.test(text.replaceAll(PLACEHOLDER, '')) ? `has an unmatched brace; placeholders are ${known}` : undefined;",
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
  mail('mailer.ts', '} catch {', '{}', 'a function that ends without a value gives undefined'),
  mail(
    'mailer.ts',
    'let probeWanted = false;',
    'true',
    'it is only looked at while the circuit is half-open, and each look at the outbox before that sets it',
  ),
  mail('mailer.ts', 'if (late) track(giveBack(late, 0));', 'true', 'the queue is not empty there'),
  mail(
    'mailer.ts',
    'if ((queue[0]?.until ?? 0) < now) {',
    'queue[0].until',
    'the loop looks at it only while there is a first mail',
  ),
  mail(
    'mailer.ts',
    'if (mail) track(sendOne(mail));',
    'true',
    'the circuit was looked at just before, and the queue is not empty',
  ),
  mail(
    'mailer.ts',
    "probeWanted = now === 'half-open' && mails.length === 0;",
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
    'otp-code.ts',
    "const bytes = Buffer.from(field, 'utf8');",
    '""',
    'Node reads an encoding without a name as UTF-8',
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
    'ses.ts',
    "if (/^Throttling|^TooManyRequests|^RequestLimitExceeded/.test(name ?? '') || status === 429) {",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
  mail(
    'ses.ts',
    "return /daily/i.test(message ?? '') ? { kind: 'unavailable', reason: 'quota' } : { kind: 'throttled' };",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
  mail(
    'ses.ts',
    "if (/SendingPaused/.test(name ?? '') || /sending paused/i.test(message ?? ''))",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
  mail(
    'ses.ts',
    "const { code = '', syscall = '', message = '' } = error as NodeJS.ErrnoException;",
    '"Stryker was here!"',
    'no default that is a word of its own matches a pattern',
  ),
];
