/** How the local SES reads addresses, and the XML in which it answers. */
import { describe, expect, test } from 'vitest';
import { readAddress, readAddresses } from '../../services/ses-local/addresses.ts';
import { element, failure, SesError } from '../../services/ses-local/answers.ts';

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('an address', () => {
  test.each([
    ['a@example.com', 'a@example.com'],
    ['Name <a@example.com>', 'a@example.com'],
    ['"a, b" <a@example.com>', 'a@example.com'],
  ])('%j is read as %s', (text, address) => {
    expect(readAddress(text)).toBe(address);
  });

  test.each([
    ['a@example.com,b@example.com', 'Illegal address'],
    ['a@example.com\u0000', 'Illegal address'],
    ['', "Missing final '@domain'"],
    ['a', "Missing final '@domain'"],
    ['a@', "Missing final '@domain'"],
    ['@example.com', 'Missing local name'],
    [`${'a'.repeat(65)}@example.com!`, 'Address length is more than 320 characters long'],
    ['a@b@example.com', 'Local address contains control or whitespace'],
    ['ü@example.com', 'Local address contains non-ASCII characters'],
    ['a@ex..ample.com', 'Domain contains dot-dot'],
    ['a@.example.com', 'Domain starts with dot'],
    ['a@example.com.', 'Domain ends with dot'],
    ['a@exämple.com', 'Domain contains illegal character'],
    ['a@localhost', 'Domain contains illegal character'],
  ])('%j is refused: %s', (text, why) => {
    expect(refusal(() => readAddress(text))).toMatchObject({
      status: 400,
      code: 'InvalidParameterValue',
      message: why,
    });
  });

  test('is one of several in a header, groups unwrapped, and one bad refuses all', () => {
    const header = 'A <a@example.com>, friends: b@example.com, C <c@example.com>;';
    expect(readAddresses(header)).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
    expect(refusal(() => readAddresses('a@example.com, b@localhost'))).toMatchObject({ code: 'InvalidParameterValue' });
  });
});

test('an answer is XML whatever stands in it, and says whose fault it is', () => {
  expect(element('A', `<b>&"\u0000\u000bx`)).toBe('<A>&lt;b&gt;&amp;&quot;x</A>');
  expect(failure(new SesError(499, 'Code', '<why>'), 'id')).toContain(
    '<Type>Sender</Type><Code>Code</Code><Message>&lt;why&gt;</Message>',
  );
  expect(failure(new SesError(500, 'Code', 'why'), 'id')).toContain('<Type>Receiver</Type>');
});
