/** What is not told of while its cause is: an alert names the layers it stands on in its label `depends_on`. */
import type { Yaml } from './yaml.ts';

/** By layer, the alert that says it is down: what depends on the layer is then noise. */
export const DOWN: Readonly<Record<string, string>> = {
  database: 'DatabaseDown',
  api: 'ApiDown',
  mail: 'MailServiceUnavailable',
  sending: 'SendingPaused',
  scheduler: 'SchedulerDown',
  edge: 'EdgeDown',
};

/** Alertmanager matches a whole value: the layer is one of a list separated by commas. An alert is never its own cause. */
const ofLayers = Object.entries(DOWN).map(([layer, alert]): Yaml => ({
  source_matchers: [`alertname="${alert}"`],
  target_matchers: [`depends_on=~"(.*,)?${layer}(,.*)?"`, `alertname!="${alert}"`],
}));

export const INHIBIT_RULES: readonly Yaml[] = [
  ...ofLayers,
  {
    source_matchers: ['alertname="ErrorBudgetBurningFast"'],
    target_matchers: ['alertname="ErrorBudgetBurningSlowly"'],
  },
  {
    source_matchers: ['alertname="DiskFullSoon"'],
    target_matchers: ['alertname="DiskNearlyFull"'],
    equal: ['disk'],
  },
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: ['alertname', 'job', 'instance'],
  },
];
