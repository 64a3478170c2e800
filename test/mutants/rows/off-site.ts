/** Faults of the copy of the backups elsewhere. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

export const offSiteMutants: readonly Mutant[] = [
  ...mutantsOf('services/backup/off-site.ts', 'test/backup/off-site.test.ts', [
    [
      'a repository that cannot be reached is made anew',
      ['I48'],
      "    if (!endedWith(error, 'noRepository')) throw error;\n",
      '',
      'makes a repository where there is none',
    ],
    [
      'a copy that lacks files is good',
      ['I48'],
      "if (endedWith(error, 'incomplete')) return make();",
      "if (endedWith(error, 'incomplete')) return JSON.stringify({ message_type: 'summary', total_files_processed: 0, data_added: 0, snapshot_id: '' });",
      'is made once more',
    ],
    [
      'a copy that says nothing is good',
      ['I48'],
      "if (!parsed.success) throw new BackupFailed('restic",
      "if (parsed.data === null) throw new BackupFailed('restic",
      'does not say what it copied',
    ],
    [
      'the work of a copy is left behind',
      ['I48'],
      '  } finally {\n    await rm(scratch, { recursive: true, force: true });',
      '  } finally {\n    void scratch;',
      'that fails thins out nothing',
    ],
  ]),
  ...mutantsOf('services/backup/restic.ts', 'test/backup/off-site.test.ts', [
    [
      'the password of the repository stands in a command line',
      ['T25'],
      "[command, '--no-cache', ...args]",
      '[command, `--option=${repository.password}`, ...args]',
      'stands in no command line',
    ],
    [
      'what restic says of a secret is told',
      ['T25'],
      'withoutSecrets(wordsOf(words), repository)',
      'wordsOf(words)',
      'says restic’s own words',
    ],
  ]),
  ...mutantsOf('services/config/off-site.ts', 'test/config/forms-refused.test.ts', [
    [
      'a repository may have a password in its URL',
      ['T25'],
      '!HAS_PASSWORD.test(at)',
      '!HAS_PASSWORD.test(at) || at.length > 0',
      'BACKUP_REPOSITORY',
    ],
  ]),
  ...mutantsOf('services/cli/sealed-secrets.ts', 'test/cli/sealed-secrets.test.ts', [
    [
      'a secret that is there is overwritten unasked',
      ['I48'],
      'if (differing.length > 0 && !force)',
      'if (differing.length > 100 && !force)',
      'overwrite no other secret',
    ],
    [
      'a name in the file leads out of the folder',
      ['T25'],
      'z.string().regex(/^[A-Z][A-Z\\d_]*$/)',
      'z.string()',
      'a name that leads elsewhere',
    ],
  ]),
  ...mutantsOf('services/runtime/sealed.ts', 'test/runtime/sealed.test.ts', [
    [
      'the head of a sealed file is not authenticated, nor looked at',
      ['T25'],
      'const FORM = new RegExp(`^(${HEAD} salt',
      'const FORM = new RegExp(`^(.* salt',
      'is not one that asks for more work',
    ],
    [
      'every sealed file has the same nonce',
      ['T25'],
      'randomBytes(NONCE_BYTES)]',
      'Buffer.alloc(NONCE_BYTES)]',
      'is another one each time',
    ],
  ]),
  ...mutantsOf('services/cli/secrets.ts', 'test/cli/secrets.test.ts', [
    [
      'the programs read the password of the copy elsewhere',
      ['T25'],
      '!isMail(name) && !isOffSite(name)',
      '!isMail(name)',
      'no reader finds another one',
    ],
  ]),
];
