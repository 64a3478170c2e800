/** For each alert of prometheus/rules, the panel that explains it and its chapter in the runbooks. */
import type { AlertName } from './alert-names.ts';
import type { Dashboard, Panel, Uid } from './panel.ts';

/** The page of all runbooks, on Grafana's own origin. */
export const RUNBOOKS = '/runbooks';

export const runbookOf = (alert: AlertName): string => `${RUNBOOKS}#${alert.toLowerCase()}`;

export type Explained = Readonly<{ uid: Uid; panel: number; path: string }>;

export const panelsOf = ({ rows }: Dashboard): readonly Panel[] => rows.flatMap(({ panels }) => panels);

/** By alert, the dashboard and the panel that explain it, and the path to it as Grafana 11 and later take it. */
export function explainedBy(dashboards: readonly Dashboard[]): ReadonlyMap<AlertName, Explained> {
  const rows = dashboards.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ id, alerts = [] }) =>
      alerts.map((alert): [AlertName, Explained] => [
        alert,
        { uid: dashboard.uid, panel: id, path: `/d/${dashboard.uid}?viewPanel=panel-${id}` },
      ]),
    ),
  );
  return new Map(rows);
}
