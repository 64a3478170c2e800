/** Faults of the monthly report by mail. */
import { mutantsOf } from '../file-rows.ts';

export const reportMailMutants = [
  ...mutantsOf('services/scheduler/jobs/monthly-report.ts', 'test/report/report-mail.test.ts', [
    [
      'a report that was not mailed is told as mailed',
      ['I45', 'I43'],
      "result.kind !== 'accepted'",
      "result.kind === 'accepted' && result.messageId === ''",
      'answered {"kind":"throttled"}',
    ],
    ['the mail service’s connection stays open', ['F20'], '    transport.close();\n', '', 'is the text, the page'],
    [
      'the pictures of the report are in no mail',
      ['I45'],
      "attachments: [attachment('html', 'text/html'), attachment(",
      'attachments: [attachment(',
      'is the text, the page',
    ],
  ]),
  ...mutantsOf('services/config/report.ts', 'test/config/report.test.ts', [
    [
      'a report is to be mailed by nobody',
      ['I45'],
      'if (error instanceof InvalidSettings) return error.problems;',
      'if (error instanceof InvalidSettings) return [];',
      'the settings of the mail are asked for',
    ],
  ]),
];
