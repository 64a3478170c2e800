/** What the mail service reports: recorded once, in any order, and who may get no more mail. */
import { describe, expect, test } from 'vitest';
import type { RecordFeedback } from '../../services/core/record-feedback.ts';
import { latestDelivery } from '../../services/core/state.ts';
import { user } from '../support/api.ts';
import { anAddress, Story, told } from '../support/rules.ts';

const DAY = 86_400;
const soft = { kind: 'bounced', permanent: false, subType: 'MailboxFull' } as const;
const hard = { kind: 'bounced', permanent: true, subType: 'General' } as const;
const complaint = { kind: 'complained', complaint: 'abuse' } as const;
const delivered = { kind: 'delivered' } as const;

let reports = 0;

function asked(): Story {
  const story = new Story();
  story.request();
  story.decide({ type: 'record-sent', address: anAddress, otpId: 'otp-1', mailing: 1, messageId: 'm-1' });
  return story;
}

function report(story: Story, what: RecordFeedback['report'], feedbackId = `report-${++reports}`) {
  const which = { address: anAddress, otpId: story.state.codes.at(-1)?.otpId ?? '', mailing: 1 };
  return told(story.decide({ type: 'record-feedback', ...which, feedbackId, report: what }));
}

describe('a report', () => {
  test('that comes twice is recorded once', () => {
    const story = asked();
    expect([report(story, delivered, 'same'), report(story, delivered, 'same')]).toEqual([
      'delivered',
      'nothing-to-do',
    ]);
    expect(story.types()).toEqual(['requested', 'sent', 'delivered']);
  });

  test.each([
    [[delivered, complaint], 'complained'],
    [[complaint, delivered], 'complained'],
    [[delivered, hard], 'bounced'],
    [[hard, delivered], 'bounced'],
  ])('in whatever order %j: what says most of the mail stays', (all, expected) => {
    const story = asked();
    for (const one of all) report(story, one);
    expect(latestDelivery(story.state, user(1))).toBe(expected);
  });

  test('that overtakes `sent` stays when `sent` is recorded', () => {
    const story = new Story();
    story.request();
    report(story, delivered);
    story.decide({ type: 'record-sent', address: anAddress, otpId: 'otp-1', mailing: 1, messageId: 'm-1' });
    expect(latestDelivery(story.state, user(1))).toBe('delivered');
  });
});

describe('an address', () => {
  test.each([
    [hard, 'bounce', 'bounced suppressed'],
    [complaint, 'complaint', 'complained suppressed'],
  ])('that answers with %j gets no more mail, until an admin lifts it', (what, reason, events) => {
    const story = asked();
    expect(report(story, what)).toBe(events);
    expect(story.state.suppression).toMatchObject({ reason });
    expect(told(story.after(3600).request(user(2)))).toBe('address_suppressed');
    story.decide({ type: 'lift-suppression', address: anAddress, by: user(9) });
    expect(told(story.request(user(2)))).toBe('requested');
  });

  test('may bounce for now twice in seven days; the third time suppresses it', () => {
    const story = asked();
    expect([report(story, soft), report(story.after(DAY), soft)]).toEqual(['bounced', 'bounced']);
    expect(report(story.after(DAY), soft)).toBe('bounced suppressed');
  });

  test('is not suppressed by bounces for now that are more than seven days apart', () => {
    const story = asked();
    for (const _ of [1, 2, 3, 4]) expect(report(story.after(4 * DAY), soft)).toBe('bounced');
    expect(story.state.suppression).toBeUndefined();
  });

  test.each([
    [7 * DAY - 0.001, 'bounced suppressed'],
    [7 * DAY, 'bounced'],
  ])('counts a bounce for now for seven days to the millisecond: the third %d s after the first', (seconds, events) => {
    const story = asked().after(10);
    for (const _ of [1, 2]) report(story, soft);
    expect(report(story.after(seconds), soft)).toBe(events);
    expect(story.state.suppression !== undefined).toBe(events !== 'bounced');
  });

  test('starts anew when it is lifted: the next bounce for now is the first again', () => {
    const story = asked();
    for (const _ of [1, 2, 3]) report(story, soft);
    story.decide({ type: 'lift-suppression', address: anAddress, by: user(9) });
    expect(report(story, soft)).toBe('bounced');
  });

  test('that is suppressed already is not suppressed twice', () => {
    const story = asked();
    report(story, hard);
    expect(report(story, complaint)).toBe('complained');
  });

  test('of which nothing is known gets no event: a late report brings no erased address back', () => {
    const story = new Story();
    expect(report(story, hard)).toBe('nothing-to-do');
    expect(story.events).toEqual([]);
  });
});
