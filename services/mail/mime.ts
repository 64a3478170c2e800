/** A mail as MIME: both transports send the same bytes. */
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { OutgoingMail } from './transport.ts';

export type From = Readonly<{ fromEmail: string; fromName: string }>;

/** RFC 3834: no vacation notice shall answer it. SES's SendEmail could not carry the headers. */
export function mimeOf({ to, reference, message }: OutgoingMail, { fromEmail, fromName }: From): Promise<Buffer> {
  return new MailComposer({
    from: { name: fromName, address: fromEmail },
    to: { name: '', address: to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    ...(message.attachments && { attachments: [...message.attachments] }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': reference,
    },
    disableUrlAccess: true,
    disableFileAccess: true,
  })
    .compile()
    .build();
}
