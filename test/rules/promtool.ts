/** The tables of when each alert fires, as the test files that promtool reads: one for each file of rules and pace of samples. */
import { type AlertCases, EXTERNAL } from './case.ts';
import { apiCases } from './cases/api.ts';
import { errorBudgetCases } from './cases/error-budget.ts';
import { requestCases } from './cases/requests.ts';
import { codesCases } from './cases/codes.ts';
import { databaseCases } from './cases/database.ts';
import { jobsCases } from './cases/jobs.ts';
import { backupCases } from './cases/backups.ts';
import { mailCases } from './cases/mail.ts';
import { feedbackCases } from './cases/feedback.ts';
import { monitoringCases } from './cases/monitoring.ts';
import { alertingCases } from './cases/alerting.ts';
import { type Alert, alerts, groupsOf, RECORDED } from './files.ts';

export const alertCases: readonly AlertCases[] = [
  ...apiCases,
  ...errorBudgetCases,
  ...requestCases,
  ...mailCases,
  ...feedbackCases,
  ...codesCases,
  ...databaseCases,
  ...jobsCases,
  ...backupCases,
  ...monitoringCases,
  ...alertingCases,
];

/** With the labels of the appliance, as Prometheus does it. */
const filled = (text = ''): string =>
  text.replaceAll(/\{\{ \$externalLabels\.(\w+) \}\}/g, (_, label: keyof typeof EXTERNAL) => EXTERNAL[label]);

/** Every annotation must be said, and these are the same for each case of an alert. */
const linksOf = ({ annotations }: Alert): object => ({
  runbook_url: filled(annotations.runbook_url),
  dashboard: filled(annotations.dashboard),
});

/** Promtool's files (JSON is YAML), by name; `folder` is where it finds the rules. */
export function promtoolFiles(folder: string): Map<string, string> {
  const cases = alertCases.flatMap((one) =>
    alerts.filter(({ alert }) => alert === one.alert).map((alert) => ({ ...one, of: alert })),
  );
  const together = Map.groupBy(cases, ({ of, minutes = 1 }) => `${of.file.replace('.yml', '')}-${minutes}m.json`);
  return new Map(
    [...together].map(([name, some]) => {
      const files = [RECORDED, ...some.slice(0, 1).map(({ of }) => of.file)];
      return [
        name,
        JSON.stringify({
          rule_files: files.map((file) => `${folder}/${file}`),
          group_eval_order: files.flatMap(groupsOf),
          evaluation_interval: `${some[0]?.minutes ?? 1}m`,
          tests: some.flatMap((one) => testsOf(one, linksOf(one.of))),
        }),
      ];
    }),
  );
}

function testsOf({ alert, minutes = 1, fires, silent }: AlertCases, links: object): object[] {
  const test = (when: string, given: object, at: string, exp_alerts: object[]): object => ({
    name: `${alert}: ${when}`,
    interval: `${minutes}m`,
    external_labels: EXTERNAL,
    input_series: Object.entries(given).map(([series, values]) => ({ series, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts }],
  });
  return [
    ...fires.map(({ when, given, at, labels, summary, description }) =>
      test(when, given, at, [{ exp_labels: labels, exp_annotations: { summary, description, ...links } }]),
    ),
    ...silent.map(({ when, given, at }) => test(when, given, at, [])),
  ];
}
