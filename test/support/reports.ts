/** Loop reports that a test can look at: every round that failed, by the loop's name. */
import type { ReportOn } from '../../services/runtime/repeat.ts';

export function collectReports(): Readonly<{
  reportOn: ReportOn;
  failures: { loop: string; error: unknown }[];
  successes: string[];
}> {
  const failures: { loop: string; error: unknown }[] = [];
  const successes: string[] = [];
  const reportOn: ReportOn = (loop) => ({
    succeeded: () => void successes.push(loop),
    failed: (error) => void failures.push({ loop, error }),
  });
  return { reportOn, failures, successes };
}
