/** What SES reports, read from the texts that AWS documents: as a notification and as an event, and what says nothing. */
import { describe, expect, test } from 'vitest';
import { readFeedback } from '../../services/mail/feedback.ts';

const mail = { messageId: 'm-1', destination: ['a@example.com'] };
const bounce = { bounceType: 'Permanent', bounceSubType: 'General', feedbackId: 'f-1' };
const complaint = { complaintFeedbackType: 'abuse', feedbackId: 'f-2' };
const read = (text: object) => readFeedback(JSON.stringify(text));

const common = { messageId: 'm-1', destination: ['a@example.com'], reference: undefined };

describe.each(['notificationType', 'eventType'])('a report by %s', (member) => {
  test.each([
    ['Delivery', { delivery: {} }, { kind: 'delivered' }, 'delivered m-1'],
    ['Bounce', { bounce }, { kind: 'bounced', permanent: true, subType: 'General' }, 'f-1'],
    [
      'Bounce',
      { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull', feedbackId: 'f-1' } },
      { kind: 'bounced', permanent: false, subType: 'MailboxFull' },
      'f-1',
    ],
    [
      'Bounce',
      { bounce: { bounceType: 'Undetermined', bounceSubType: 'Undetermined' } },
      { kind: 'bounced', permanent: false, subType: 'Undetermined' },
      'bounced m-1',
    ],
    ['Bounce', { bounce: {} }, { kind: 'bounced', permanent: false, subType: 'unknown' }, 'bounced m-1'],
    ['Complaint', { complaint }, { kind: 'complained', complaint: 'abuse' }, 'f-2'],
    ['Complaint', { complaint: {} }, { kind: 'complained', complaint: 'unknown' }, 'complained m-1'],
    ['Complaint', {}, { kind: 'complained', complaint: 'unknown' }, 'complained m-1'],
  ])(`${member} %s with %j is %j under %s`, (type, more, report, feedbackId) => {
    expect(read({ [member]: type, mail, ...more })).toEqual({ ...common, report, feedbackId });
  });
});

test.each([
  ['no JSON', 'Successfully validated SNS topic for Amazon SES event publishing.'],
  ['null', 'null'],
  ['no type', JSON.stringify({ mail, bounce })],
  ['another event', JSON.stringify({ eventType: 'Send', mail, bounce })],
  ['an event that is delayed only', JSON.stringify({ eventType: 'DeliveryDelay', mail })],
  ['a bounce that says nothing of one', JSON.stringify({ notificationType: 'Bounce', mail, complaint })],
  ['a type in other letters', JSON.stringify({ notificationType: 'bounce', mail, bounce })],
  ['no mail', JSON.stringify({ notificationType: 'Delivery' })],
  ['a mail without an id', JSON.stringify({ notificationType: 'Delivery', mail: { destination: [] } })],
  ['a mail to nobody named', JSON.stringify({ notificationType: 'Delivery', mail: { messageId: 'm' } })],
  ['an id too long', JSON.stringify({ notificationType: 'Delivery', mail: { ...mail, messageId: 'x'.repeat(201) } })],
  [
    'a report’s id too long',
    JSON.stringify({ notificationType: 'Bounce', mail, bounce: { ...bounce, feedbackId: 'x'.repeat(201) } }),
  ],
  [
    'a complaint’s id too long',
    JSON.stringify({ notificationType: 'Complaint', mail, complaint: { ...complaint, feedbackId: 'x'.repeat(201) } }),
  ],
  [
    'too many recipients',
    JSON.stringify({ notificationType: 'Delivery', mail: { ...mail, destination: Array(51).fill('a@example.com') } }),
  ],
])('%s says nothing of a delivery', (_what, text) => {
  expect(readFeedback(text)).toBeUndefined();
});

test('the longest ids and the most recipients that SES gives are read', () => {
  const long = { messageId: 'm'.repeat(200), destination: Array(50).fill('a@example.com') };
  const read200 = read({ notificationType: 'Bounce', mail: long, bounce: { ...bounce, feedbackId: 'f'.repeat(200) } });
  expect(read200).toMatchObject({ messageId: 'm'.repeat(200), feedbackId: 'f'.repeat(200) });
  expect(read200?.destination).toHaveLength(50);
});

test('a notification that is called otherwise as an event is what the notification says', () => {
  expect(read({ notificationType: 'Delivery', eventType: 'Bounce', mail, bounce })?.report.kind).toBe('delivered');
});

test('the words of SES are kept as words: letters, digits, blanks and dashes, sixty of them', () => {
  const said = (bounceSubType: string) => read({ eventType: 'Bounce', mail, bounce: { ...bounce, bounceSubType } });
  expect(said(`On-Account_Suppression List 1`)?.report).toMatchObject({ subType: 'On-Account_Suppression List 1' });
  expect(said(`<b>"x"\r\n\u0000é${'y'.repeat(80)}`)?.report).toMatchObject({ subType: `bx${'y'.repeat(58)}` });
  const kind = read({ eventType: 'Complaint', mail, complaint: { complaintFeedbackType: '<not-spam>\n' } });
  expect(kind?.report).toEqual({ kind: 'complained', complaint: 'not-spam' });
});

test('the otpId is read from the header that our mails carry, whatever its case, and from no other', () => {
  const headers = [
    { name: 'Subject', value: 'x' },
    { name: 'x-ENTITY-Ref-ID', value: 'otp-1' },
    { name: 'X-Entity-Ref-ID', value: 'second' },
  ];
  expect(read({ eventType: 'Delivery', mail: { ...mail, headers } })?.reference).toBe('otp-1');
  expect(read({ eventType: 'Delivery', mail: { ...mail, headers: headers.slice(0, 1) } })?.reference).toBeUndefined();
});
