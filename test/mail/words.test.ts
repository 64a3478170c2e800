/** What of a mail service's words is kept: a line that names nobody, in whatever form the address, a code or a control character comes. */
import { describe, expect, test } from 'vitest';
import { receiptOf, WORDS_CHARACTERS_MAX, wordsOf } from '../../services/mail/words.ts';

const TO = 'anna.schmidt+news@xn--mller-kva.example';

describe('the words', () => {
  test.each([
    ['as it is', '5.1.1 <anna.schmidt+news@xn--mller-kva.example>: unknown', '5.1.1 … unknown'],
    ['in capitals', '5.1.1 ANNA.SCHMIDT+NEWS@XN--MLLER-KVA.EXAMPLE unknown', '5.1.1 … unknown'],
    ['with a name and blanks', 'no "Anna Schmidt" <anna.schmidt+news@xn--mller-kva.example> here', 'no "…" … here'],
    ['with a domain in Unicode', 'to anna.schmidt+news@müller.example', 'to …'],
    ['the domain alone, in both forms', 'hosts müller.example and mx.xn--mller-kva.example', 'hosts … and mx.…'],
    ['the name alone', 'mailbox anna.schmidt+news is full', 'mailbox … is full'],
    ['its parts', 'mailbox of Schmidt, Anna: full', 'mailbox of …: full'],
    ['as a URL', 'see https://x.test/?to=anna.schmidt%2Bnews%40xn--mller-kva.example', 'see …'],
    ['as quoted-printable', 'to anna.schmidt=2Bnews=40xn--mller-kva.example', 'to …'],
    ['as HTML', 'to anna.schmidt&#43;news&#64;xn--mller-kva.example, &#x40;x', 'to …'],
    ['in wide letters', 'to anna.schmidt+news＠xn--mller-kva.example', 'to …'],
    ['with an invisible character in it', 'to anna.\u200bschmidt+news@xn--mller-kva.example', 'to …'],
    ['for people', 'to anna.schmidt+news [at] xn--mller-kva.example', 'to …'],
    ['as VERP', 'to bounce-anna.schmidt+news=xn--mller-kva.example@relay.test', 'to …'],
    ["somebody else's", 'from noreply@example.com, ben@example.org; and', 'from … and'],
    ['with nothing around it', 'anna.schmidt+news@xn--mller-kva.example', '…'],
  ])('have no address in them: %s', (_form, said, words) => {
    expect(wordsOf(said, TO)).toBe(words);
  });

  test.each([
    ['a code', 'Spam: "012345 is your code"', 'Spam: "… is your code"'],
    ['a code with blanks or dashes', 'code 012 345, 012-345', 'code …, …'],
    ['a code in other digits', 'الرمز ٠١٢٣٤٥', 'الرمز …'],
    ['line ends', 'a\r\nb\nc\u2028d\u0085e', 'a b c d e'],
    ['control characters and escapes', 'a\u0000b\u001b[31mc\u007f', 'a b [31mc'],
    ['marks that turn the text', 'a\u202eb\u2066c\u200fd', 'abcd'],
    ['half of a pair', 'a\ud800b', 'a b'],
    ['nothing', '', ''],
  ])('have in them no %s', (_what, said, words) => {
    expect(wordsOf(said, TO)).toBe(words);
  });

  test('keep what an operator looks for: status, addresses of machines, links and numbers of errors', () => {
    const said = '5.7.1 [192.0.2.1] 4.7.500 blocked, see https://www.spamhaus.org/query/ip/192.0.2.1 (S77719)';
    expect(wordsOf(said, TO)).toBe(said);
  });

  test.each([
    ['letters', 'x'.repeat(70_000)],
    ['words', 'busy '.repeat(20_000)],
    ['addresses', `${TO} `.repeat(5000)],
    ['pairs', '😀'.repeat(30_000)],
    ['half of an address at the very end of what is read', `${'busy '.repeat(798)}     ${TO}`],
    ['nothing but @', '@'.repeat(70_000)],
    ['open brackets', '[ '.repeat(40_000)],
  ])('are a line of 200 characters at most, of whole ones, and quickly found in 64 KB of %s', (_what, said) => {
    const words = wordsOf(said, TO);
    expect([...words].length).toBeLessThanOrEqual(WORDS_CHARACTERS_MAX);
    expect(words.isWellFormed()).toBe(true);
    expect(words).not.toMatch(/anna|schmidt/);
  });
});

test.each([
  ['250 2.0.0 Ok: queued as 4F5D9C1', '250 2.0.0 Ok: queued as 4F5D9C1'],
  ['250 2.0.0 OK  1732800000 d2e1a72fcca58-72af8', '250 2.0.0 OK 1732800000 d2e1a72fcca58-72af8'],
  ['250 2.0.0 <anna.schmidt+news@xn--mller-kva.example>... accepted as \u00001Ab', '250 2.0.0 … accepted as 1Ab'],
])('a receipt keeps the number of the mail, and names nobody: %j', (said, receipt) => {
  expect(receiptOf(said, TO)).toBe(receipt);
});

test.each(['$&', '.*', '(a+)+', '[', '\\d', '{1}', "o'neil", '^', '|'])(
  'a name that a pattern would read, %s, is a name',
  (name) => {
    expect(wordsOf(`user ${name}@x.test, ${name}: unknown`, `${name}@x.test`)).not.toContain(`${name}@`);
  },
);
