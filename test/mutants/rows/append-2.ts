/** Faults of the statement that records, continued. */
import type { Mutant } from '../mutant.ts';

export const appendMutants2: readonly Mutant[] = [
  {
    fault: 'the row of a code keeps the time of its last change',
    breaks: ['I01'],
    file: 'services/store/append.ts',
    from: '        attempts = excluded.attempts,\n        updated_at = excluded.updated_at\n',
    to: '        attempts = excluded.attempts\n',
    test: 'test/store/append-rows.test.ts',
    named: 'a change of a code’s row',
  },
  {
    fault: '`sent` of one mailing settles every mailing of its code',
    breaks: ['I14', 'F01'],
    file: 'services/store/append.ts',
    from: '        and outbox.mailing = s.mailing\n',
    to: '',
    test: 'test/store/append-rows.test.ts',
    named: 'sent takes its own mailing out of the outbox',
  },
  {
    fault: '`sent` of one code settles the mailing of that number of every code',
    breaks: ['I14', 'F01'],
    file: 'services/store/append.ts',
    from: '      where outbox.otp_id = s.otp_id\n        and outbox.mailing',
    to: '      where outbox.mailing',
    test: 'test/store/append-rows.test.ts',
    named: 'sent takes its own mailing out of the outbox',
  },
  {
    fault: 'a code that was cleaned away is there again',
    breaks: ['I30'],
    file: 'services/store/append.ts',
    from: '      where c.expires_at >= (select codes_cleaned_before from installation)\n',
    to: '',
    test: 'test/store/append-rows.test.ts',
    named: 'a code whose time was over before the mark',
  },
  {
    fault: 'an address that was cleaned away is there again',
    breaks: ['I30'],
    file: 'services/store/append.ts',
    from: '      where e.is_verified or e.updated_at >= (select emails_cleaned_before from installation)\n',
    to: '',
    test: 'test/store/append-rows.test.ts',
    named: 'an unverified address unchanged since before the mark',
  },
  {
    fault: 'a verified address behind the mark makes no row',
    breaks: ['I30', 'C19'],
    file: 'services/store/append.ts',
    from: 'where e.is_verified or e.updated_at >=',
    to: 'where e.updated_at >=',
    test: 'test/store/append-rows.test.ts',
    named: 'an unverified address unchanged since before the mark',
  },
];
