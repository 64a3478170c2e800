/** The message: the code in text and HTML and never in the subject, everything escaped, nothing to click or load. */
import { describe, expect, test } from 'vitest';
import { composeMessage } from '../../services/mail/message.ts';

const message = composeMessage({ code: '012345', purpose: 'business', minutes: 10, sender: 'Tom & <b>Jerry</b>' });

describe('the message', () => {
  test('has the code first in the text, once as plain digits in the HTML, and not in the subject', () => {
    expect(message.text.startsWith('012345 is your')).toBe(true);
    expect(message.html).toContain('>012345</p>');
    expect(message.subject).not.toContain('012345');
  });

  test('says how long it lives, why it came and what to do if one did not ask', () => {
    for (const part of [message.text, message.html]) {
      expect(part).toContain('10 minutes');
      expect(part).toContain('(business)');
      expect(part).toContain('ignore this mail');
    }
    const one = composeMessage({ code: '1', purpose: 'verification', minutes: 1, sender: 'S' });
    expect(one.text).toContain('1 minute and');
    expect(one.text).not.toContain('(verification)');
  });

  test("escapes the sender's name in HTML", () => {
    expect(message.html).toContain('Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;');
    expect(message.html).not.toContain('<b>Jerry');
  });

  test('has no link, no picture, no script and nothing to load', () => {
    expect(message.html).not.toMatch(/<a\b|<img|<script|<link|https?:|url\(/i);
    expect(message.text).not.toMatch(/https?:/);
  });
});
