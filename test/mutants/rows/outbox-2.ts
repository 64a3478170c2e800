/** Faults of the outbox and the permits to send, continued. */
import type { Mutant } from '../mutant.ts';

export const outboxMutants2: readonly Mutant[] = [
  {
    fault: 'the age of the outbox is that of its newest mail',
    breaks: ['I11'],
    file: 'services/store/outbox.ts',
    from: 'min(created_at)), 0)',
    to: 'max(created_at)), 0)',
    test: 'test/store/outbox.test.ts',
    named: 'its size is of mails that can still be used',
  },
  {
    fault: 'a second’s worth of permits at once',
    breaks: ['I09', 'F03'],
    file: 'services/store/outbox.ts',
    from: 'Math.floor(perSecond / 10)',
    to: 'Math.floor(perSecond)',
    test: 'test/store/outbox.test.ts',
    named: 'at 50 mails a second',
  },
  {
    fault: 'a slow SES never gets a permit',
    breaks: ['I09', 'I14'],
    file: 'services/store/outbox.ts',
    from: 'Math.max(1, Math.floor(perSecond / 10))',
    to: 'Math.max(0, Math.floor(perSecond / 10))',
    test: 'test/store/outbox.test.ts',
    named: 'at 5 mails a second',
  },
];
