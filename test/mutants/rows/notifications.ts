/** Faults of what SNS posts. */
import type { Mutant } from '../mutant.ts';

const file = 'services/api/routes/notifications.ts';
const test = 'test/api/notifications.test.ts';

export const notificationMutants: readonly Mutant[] = [
  {
    fault: 'a SubscribeURL is fetched',
    breaks: ['T11', 'I10'],
    file,
    from: "    if (message.Type !== 'Notification') tellOperator(message);\n",
    to: "    if (message.Type !== 'Notification') tellOperator(message);\n    if (message.SubscribeURL) await fetch(message.SubscribeURL);\n",
    test,
    named: 'a SubscribeURL is never opened',
  },
  {
    fault: 'a subscription is not told to the operator',
    breaks: ['T11'],
    file,
    from: "    if (message.Type !== 'Notification') tellOperator(message);\n",
    to: '    void tellOperator;\n',
    test,
    named: 'a SubscribeURL is never opened',
  },
  {
    fault: 'a subscription is read as a report',
    breaks: ['T11', 'I10'],
    file,
    from: "message.Type === 'Notification' ? readFeedback(message.Message) : undefined",
    to: 'readFeedback(message.Message)',
    test,
    named: 'that subscribes and holds a report records none',
  },
  {
    fault: 'a certificate that is away refuses the report for ever',
    breaks: ['I10'],
    file,
    from: "throw new Refused('keys_unavailable', { retryAfterSeconds: 20 }, { cause: error });",
    to: "throw new Refused('notification_refused');",
    test,
    named: 'a certificate that cannot be fetched is a 503',
  },
  {
    fault: 'a report that is there before `sent` is lost',
    breaks: ['I10', 'I12'],
    file,
    from: "        if (mayCome) throw new Refused('store_unavailable', { retryAfterSeconds: 5 });\n",
    to: '        void mayCome;\n',
    test,
    named: 'whose `sent` is not recorded yet',
  },
  {
    fault: 'one recipient that is no address loses the others',
    breaks: ['I12'],
    file,
    from: '      if (!parsed.ok) continue;',
    to: '      if (!parsed.ok) return;',
    test,
    named: 'of several recipients is recorded for each',
  },
  {
    fault: 'the reports of strangers are counted as ours',
    breaks: ['I12', 'T10'],
    file,
    from: 'known: String(found !== undefined)',
    to: "known: 'true'",
    test,
    named: 'of a mail that is not ours',
  },
  {
    fault: 'a message of SNS has the bound of other bodies',
    breaks: ['I10'],
    file,
    from: 'const BODY_BYTES_MAX = 262_144;',
    to: 'const BODY_BYTES_MAX = 4096;',
    test,
    named: 'is as large as SNS makes it',
  },
  {
    fault: 'SNS is under the limit per IP',
    breaks: ['I10', 'I12'],
    file: 'services/api/app.ts',
    from: "  notifications(app, services);\n  app.use('/api/*', limitByIp(services), smallBody);\n",
    to: "  app.use('/api/*', limitByIp(services), smallBody);\n  notifications(app, services);\n",
    test,
    named: 'a SubscribeURL is never opened',
  },
];
