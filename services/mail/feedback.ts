/**
 * What SES reports of a mail, as an identity's notification (`notificationType`) or as an event of a configuration set
 * (`eventType`), in the words of the rules. AWS: "Amazon SNS notification contents", "Examples of event data".
 */
import { z } from 'zod';
import type { RecordFeedback } from '../core/record-feedback.ts';

export type Feedback = Readonly<{
  messageId: string;
  /** The recipients as we named them; ours have one. */
  destination: readonly string[];
  /** X-Entity-Ref-ID of the mail, where SES was told to include headers: the otpId. */
  reference: string | undefined;
  report: RecordFeedback['report'];
  /** Names the report itself, by whichever road it comes. */
  feedbackId: string;
}>;

const WORD_CHARACTERS_MAX = 60;
const word = z
  .string()
  .default('unknown')
  .transform((text) => text.replaceAll(/[^\w -]/g, '').slice(0, WORD_CHARACTERS_MAX));

const mail = z.object({
  messageId: z.string().max(200),
  destination: z.array(z.string()).max(50),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});

const body = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail,
  bounce: z.object({ bounceType: word, bounceSubType: word, feedbackId: z.string().max(200).optional() }).optional(),
  complaint: z.object({ complaintFeedbackType: word, feedbackId: z.string().max(200).optional() }).optional(),
});

/** Undefined for what says nothing of a delivery: other events, SNS's own greeting, another text. */
export function readFeedback(text: string): Feedback | undefined {
  const parsed = body.safeParse(json(text));
  if (!parsed.success) return undefined;
  const { notificationType, eventType, mail: about, bounce, complaint } = parsed.data;
  const report = reportOf(notificationType ?? eventType, bounce, complaint);
  if (!report) return undefined;
  const reference = about.headers?.find(({ name }) => name.toLowerCase() === 'x-entity-ref-id')?.value;
  const { messageId, destination } = about;
  const feedbackId = (bounce ?? complaint)?.feedbackId ?? `${report.kind} ${messageId}`;
  return { messageId, destination, reference, report, feedbackId };
}

function reportOf(
  type: string | undefined,
  bounce: z.output<typeof body>['bounce'],
  complaint: z.output<typeof body>['complaint'],
): RecordFeedback['report'] | undefined {
  if (type === 'Delivery') return { kind: 'delivered' };
  if (type === 'Bounce' && bounce) {
    return { kind: 'bounced', permanent: bounce.bounceType === 'Permanent', subType: bounce.bounceSubType };
  }
  if (type === 'Complaint') return { kind: 'complained', complaint: complaint?.complaintFeedbackType ?? 'unknown' };
  return undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
