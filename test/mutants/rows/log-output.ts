/** Faults of the log's way out: a full disk or a slow reader that stops the program, lines lost in silence. */
import { mutantsOf } from '../file-rows.ts';
import type { Mutant } from '../mutant.ts';

const unit = 'test/runtime/log-output.test.ts';

export const logOutputMutants: readonly Mutant[] = [
  ...mutantsOf('services/runtime/log-output.ts', unit, [
    [
      'what waits for a slow reader has no bound',
      ['I37', 'F24'],
      'if (characters + line.length > WAITING_CHARACTERS_MAX) return false;',
      'if (characters < 0) return false;',
      'costs what does not fit and no more',
    ],
    [
      'a lost line is not counted',
      ['I37', 'F24'],
      '    onLost(count, code);',
      '    void onLost;',
      'loses its lines, each counted once',
    ],
    [
      'an output that failed is never tried again',
      ['I37', 'F24'],
      '    setTimeout(pump, AGAIN_MILLISECONDS).unref();',
      '    void AGAIN_MILLISECONDS;',
      'that cannot be opened is told by its code',
    ],
    [
      'a recovery is not told',
      ['I37', 'F24'],
      'if (failing) onRecovered();',
      'void onRecovered;',
      'that cannot be opened is told by its code',
    ],
    [
      'a line is lost wherever a write took only a part',
      ['I37', 'F24'],
      'putAll(target, bytes.subarray(taken), lines, done);',
      'done(null);',
      'costs what does not fit and no more',
    ],
    [
      'the log file grows for ever',
      ['I37', 'F24'],
      'if (facts.size < fileBytesMax) return target;',
      'if (facts) return target;',
      'turns over when it has grown too large',
    ],
    [
      'a file that another process turned over is turned over again',
      ['I37', 'F24'],
      '?.ino === facts.ino && !renamed(to)',
      ' && !renamed(to)',
      'that another process turned over is not',
    ],
  ]),
  ...mutantsOf('services/runtime/log-target.ts', unit, [
    [
      'a pipe whose reader stands still holds up the end of the process',
      ['I37', 'F20'],
      "kind === 'pipe' ? withoutWaiting(descriptor) : undefined",
      "kind === 'pipe' ? descriptor : withoutWaiting(descriptor)",
      'does not hold up the end of the process',
    ],
  ]),
  ...mutantsOf('services/runtime/log.ts', 'test/faults/log-lost.test.ts', [
    [
      'lines are lost in silence',
      ['I37', 'F24'],
      "if (lost === 0) complain(service, { event: 'log_lines_lost'",
      "if (lost < 0) complain(service, { event: 'log_lines_lost'",
      'drops and counts lines, says so once',
    ],
    [
      'every lost line is complained of',
      ['I37', 'F24'],
      "if (lost === 0) complain(service, { event: 'log_lines_lost'",
      "if (lost >= 0) complain(service, { event: 'log_lines_lost'",
      'drops and counts lines, says so once',
    ],
  ]),
  ...mutantsOf('services/api/start.ts', 'test/faults/log-lost.test.ts', [
    [
      'lost lines are in no metric',
      ['I37', 'F24'],
      '  log.onLost((lines) => metrics.logLinesLost.inc(lines));\n',
      '',
      'drops and counts lines, says so once',
    ],
  ]),
];
