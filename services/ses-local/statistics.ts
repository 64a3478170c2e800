/** Keeps the sending statistics: one data point per 15 minutes with activity, for two weeks. */

const POINT_MILLISECONDS = 15 * 60 * 1000;
const KEEP_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

type Counts = { deliveryAttempts: number; bounces: number; complaints: number; rejects: number };
export type DataPoint = Counts & { timestamp: number };
export type Statistics = Readonly<{
  /** Counts an accepted mail, and what the mailbox simulator makes of its recipients. */
  accepted(now: number, recipients: readonly string[]): void;
  /** Oldest first. */
  points(now: number): DataPoint[];
}>;

// bounce+label@ counts too: the simulator takes labels.
const SIMULATOR = /^(bounce|complaint|suppressionlist)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

/**
 * Data points as GetSendStatistics gives them. Rejects are mails that SES accepted and then found a virus in, which nobody looks for here:
 * what is refused at once was no attempt and is in no figure. Source: "SendDataPoint", "Reject" events, "Using the mailbox simulator".
 */
export function createStatistics(): Statistics {
  const points = new Map<number, DataPoint>();
  const at = (now: number): DataPoint => {
    const timestamp = now - (now % POINT_MILLISECONDS);
    let point = points.get(timestamp);
    if (!point) {
      point = { timestamp, deliveryAttempts: 0, bounces: 0, complaints: 0, rejects: 0 };
      points.set(timestamp, point);
      for (const old of points.keys()) if (now - old > KEEP_MILLISECONDS) points.delete(old);
    }
    return point;
  };
  return {
    accepted(now, recipients) {
      const point = at(now);
      point.deliveryAttempts += recipients.length;
      for (const recipient of recipients) {
        const kind = SIMULATOR.exec(recipient)?.[1]?.toLowerCase();
        if (kind === 'complaint') point.complaints += 1;
        else if (kind !== undefined) point.bounces += 1;
      }
    },
    points: (now) => [...points.values()].filter((point) => now - point.timestamp <= KEEP_MILLISECONDS),
  };
}
