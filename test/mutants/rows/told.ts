/** Faults of what is told at night: the edge, thresholds and rules of alerts, ids and traces. */
import { mutantsOf } from '../file-rows.ts';

export const toldMutants = [
  ...mutantsOf('services/scheduler/jobs/watch-edge.ts', 'test/scheduler/watch-edge.test.ts', [
    [
      'a certificate that clients refuse is measured as well',
      ['F25', 'F23'],
      'if (trusted && shown.refused !== null)',
      'if (trusted && shown.validTo.getTime() === 0)',
      'whose certificate clients do not believe',
    ],
    [
      'an edge that is away is available',
      ['F25', 'F23'],
      'services.metrics.edgeAvailable.set(fault === undefined ? 1 : 0);',
      'services.metrics.edgeAvailable.set(1);',
      'that is away is not available',
    ],
  ]),
  ...mutantsOf('services/scheduler/jobs/watch-edge.ts', 'test/scheduler/watch-edge.test.ts', [
    [
      'an edge that comes up is told as away',
      ['F25', 'F23'],
      'if (!seen && ageSeconds() < COMES_UP_SECONDS)',
      'if (!seen && ageSeconds() < 0)',
      'is not told as away for two minutes',
    ],
  ]),
  ...mutantsOf('services/config/alert-thresholds.ts', 'test/scheduler/settings.test.ts', [
    [
      'alerts take percents for ratios',
      ['F25'],
      'settings.ALERT_DISK_PERCENT / 100',
      'settings.ALERT_DISK_PERCENT',
      'the thresholds of alerts',
    ],
  ]),
  ...mutantsOf('services/core/request-code.ts', 'test/api/request-id.test.ts', [
    [
      'nobody knows which request a mail is of',
      ['F25'],
      '...(requestId && { requestId })',
      '...(requestId && {})',
      'it is in the answer, in the line of the request',
    ],
  ]),
  ...mutantsOf('services/api/traced.ts', 'test/api/traces.test.ts', [
    [
      'a mail is in no trace',
      ['F25'],
      '{ ...command, traceparent }',
      '{ ...command }',
      'goes from the caller through the request and the store to the mail',
    ],
  ]),
  ...mutantsOf('services/runtime/open-traces.ts', 'test/api/traces.test.ts', [
    [
      'a collector that is away is told nowhere',
      ['F25'],
      'report.failed(result.error);',
      'report.succeeded();',
      'a collector that is away holds nobody up',
    ],
  ]),
  ...mutantsOf('prometheus/rules/recorded.yml', 'test/rules/rules.test.ts', [
    [
      'alerts know another default than the settings',
      ['F25'],
      'vector(0.85), "name", "disk_ratio"',
      'vector(0.95), "name", "disk_ratio"',
      'are known by the rules with the defaults of the settings',
    ],
  ]),
  ...mutantsOf('prometheus/rules/mail.yml', 'test/rules/rules.test.ts', [
    [
      'an alert asks for what nobody exports',
      ['F25'],
      'expr: min(sealpost_mail_available) == 0\n',
      'expr: min(sealpost_mail_service_up) == 0\n',
      'MailServiceUnavailable asks only for what is exported',
    ],
  ]),
];
