/** Faults put in without looking at the tests: the store's. */
import type { Mutant } from '../mutant.ts';
import { mutantsOf } from '../file-rows.ts';

export const blindStoreMutants: readonly Mutant[] = [
  ...mutantsOf('services/store/database.ts', 'test/store/database.test.ts', [
    [
      'a statement that was answered leaves its timer behind',
      ['F20'],
      '  } finally {\n    clearTimeout(timer);\n  }\n}\n\n/** SQLSTATE',
      '  }\n}\n\n/** SQLSTATE',
      'leaves no timer behind',
    ],
    [
      'a pool that ended opens another',
      ['F20'],
      '    ended = true;\n',
      '',
      'none once it ended, whatever is asked of it',
    ],
  ]),
  ...mutantsOf('services/store/limits/take-one.ts', 'test/store/windows.test.ts', [
    [
      'what is asked while a statement is under way waits for ever',
      ['I06', 'C07'],
      'while (waiting.length > 0) {\n      const batch = waiting;\n      waiting = [];\n      await serve(batch);\n    }',
      '{\n      const batch = waiting;\n      waiting = [];\n      await serve(batch);\n    }',
      'nobody is forgotten',
    ],
  ]),
  ...mutantsOf('services/store/handle.ts', 'test/store/handle.test.ts', [
    [
      'who lost a race goes behind those who came after',
      ['I05'],
      'queue = [...lost.filter((item) => mayRetry(item, racesMax)), ...queue];',
      'queue = [...queue, ...lost.filter((item) => mayRetry(item, racesMax))];',
      'keeps its turn',
    ],
  ]),
  ...mutantsOf('services/store/admin-queries.ts', 'test/store/figures.test.ts', [
    [
      'purposes stand by their names and not by their number',
      ['C23'],
      'order by purposes.total desc, purposes.purpose',
      'order by purposes.purpose',
      'each figure counts its own',
    ],
  ]),
  ...mutantsOf('services/store/login-role.ts', 'test/store/login-role.test.ts', [
    [
      'a password is kept as it was typed',
      ['T24'],
      "password.normalize('NFKC')",
      'password',
      'a password of forms that are alike gives',
    ],
    [
      'a password is kept with its forms that look alike',
      ['T24'],
      "normalize('NFKC')",
      "normalize('NFC')",
      'a password of forms that are alike gives',
    ],
  ]),
  ...mutantsOf('services/store/login-role.ts', 'test/cli/database-commands.test.ts', [
    [
      'the password of a login that is there stays the old one',
      ['T24'],
      "        end if;\n        execute format('alter role %I login password %L'",
      "        else return; end if;\n        execute format('alter role %I login password %L'",
      'changes its password, and never',
    ],
  ]),
  ...mutantsOf('services/store/server-facts.ts', 'test/cli/doctor-database.test.ts', [
    [
      'a role that may empty the log is not told of it',
      ['T26', 'I20'],
      "values ('update'), ('delete'), ('truncate')",
      "values ('update'), ('delete')",
      'the owner as role may change events',
    ],
  ]),
  ...mutantsOf('services/store/import-source.ts', 'test/store/import-source.test.ts', [
    [
      'a system with a table of events is taken for Sealpost',
      ['I31'],
      "to_regclass('schema_migrations') is not null and to_regclass",
      "to_regclass('schema_migrations') is not null or to_regclass",
      'a table events of its own',
    ],
  ]),
  ...mutantsOf('services/store/migrate.ts', 'test/store/migrate-story.test.ts', [
    [
      'line ends of Windows make an applied file another',
      ['I25'],
      ".replaceAll('\\r\\n', '\\n')",
      '',
      'the line ends of Windows',
    ],
  ]),
  ...mutantsOf('services/store/migrate.ts', 'test/store/migrate.test.ts', [
    [
      'a file outside a transaction is written down before it ran',
      ['I25'],
      '      await sql.unsafe(text).simple();\n      await sql`insert into schema_migrations ${sql({ number, name, checksum, breaking })}`;',
      '      await sql`insert into schema_migrations ${sql({ number, name, checksum, breaking })}`;\n      await sql.unsafe(text).simple();',
      'outside a transaction that fails',
    ],
  ]),
];
