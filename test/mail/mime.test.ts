/** The mail as bytes: from whom and to whom, and nothing that a name or an address could add to it. */
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { mimeOf } from '../../services/mail/mime.ts';

const from = { fromEmail: 'noreply@example.com', fromName: 'Acme' };
const message = { subject: 'Your code', text: '012345 is your code.', html: '<p>012345</p>' };
const outgoing = { to: 'a@example.com', reference: 'otp-1', message };

test('has subject, text and HTML, one sender, one recipient, its reference, and asks for no answer', async () => {
  const mail = await PostalMime.parse(await mimeOf(outgoing, from));
  expect(mail).toMatchObject({
    from: { name: 'Acme', address: 'noreply@example.com' },
    to: [{ name: '', address: 'a@example.com' }],
    subject: 'Your code',
    text: '012345 is your code.\n',
    html: '<p>012345</p>\n',
    attachments: [],
  });
  const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
  expect(headers.get('auto-submitted')).toBe('auto-generated');
  expect(headers.get('x-auto-response-suppress')).toBe('All');
  expect(headers.get('x-entity-ref-id')).toBe('otp-1');
  for (const none of ['cc', 'bcc', 'reply-to', 'sender', 'list-unsubscribe'])
    expect([...headers.keys()]).not.toContain(none);
});

test.each([
  ['line breaks', 'Acme\r\nBcc: evil@example.test'],
  ['an address', 'Acme <evil@example.test>, x'],
  ['quotes', '"Acme" <evil@example.test>'],
])('a name with %s stays a name: no header and no address more', async (_what, fromName) => {
  const mail = await PostalMime.parse(await mimeOf(outgoing, { ...from, fromName }));
  expect(mail.from?.address).toBe('noreply@example.com');
  expect(mail.to?.map((to) => to.address)).toEqual(['a@example.com']);
  expect(mail.bcc).toBeUndefined();
});

test('carries a picture inside, named by its cid', async () => {
  const content = Buffer.from('89504e470d0a1a0a', 'hex');
  const logo = { cid: 'logo@sealpost', filename: 'logo.png', contentType: 'image/png', content } as const;
  const attachments = [{ ...logo, contentDisposition: 'inline' as const }];
  const mail = await PostalMime.parse(await mimeOf({ ...outgoing, message: { ...message, attachments } }, from));
  expect(mail.attachments).toMatchObject([
    { contentId: '<logo@sealpost>', mimeType: 'image/png', disposition: 'inline' },
  ]);
  expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).equals(content)).toBe(true);
});

test.each([{ path: '/etc/hostname' }, { path: 'http://127.0.0.1:9/x.png' }])(
  'opens no file and no address: %j is refused',
  async (attachment) => {
    const attachments = [attachment] as never;
    await expect(mimeOf({ ...outgoing, message: { ...message, attachments } }, from)).rejects.toThrow(
      /access rejected/i,
    );
  },
);
