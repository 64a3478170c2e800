/** Asks a running Alertmanager, which shares a network with the command line in the stack. */

const ANSWER_MILLISECONDS_MAX = 2500;

/** Attempts to tell somebody since Alertmanager started, of a receiver by an integration, such as email. */
export type Attempts = Readonly<{ receiver: string; integration: string; made: number; failed: number }>;

/** Undefined where nothing answers as Alertmanager does. */
export async function attemptsAt(url: string): Promise<readonly Attempts[] | undefined> {
  const answer = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX) }).catch(
    () => undefined,
  );
  const text = answer?.ok ? await answer.text().catch(() => '') : '';
  return text.includes('alertmanager_build_info') ? attemptsIn(text) : undefined;
}

const LINE =
  /^alertmanager_notification_requests(_failed)?_total\{integration="(\w+)",receiver_name="([^"]*)"\} ([\d.e+]+)$/gm;

export function attemptsIn(metrics: string): readonly Attempts[] {
  const found = new Map<string, Attempts>();
  for (const [, failed, integration = '', receiver = '', value] of metrics.matchAll(LINE)) {
    const key = `${receiver} ${integration}`;
    const before = found.get(key) ?? { receiver, integration, made: 0, failed: 0 };
    found.set(key, { ...before, [failed === undefined ? 'made' : 'failed']: Number(value) });
  }
  return [...found.values()];
}

export type Alert = Readonly<{
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  startsAt: string;
  endsAt: string;
}>;

/** Throws where Alertmanager does not take it. */
export async function postAlert(url: string, alert: Alert): Promise<void> {
  const answer = await fetch(new URL('/api/v2/alerts', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([alert]),
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
  }).catch(() => undefined);
  if (!answer) throw new Error(`Alertmanager does not answer at ${url}: docker compose ps shows whether it runs.`);
  if (!answer.ok) throw new Error(`Alertmanager refuses the alert: ${url} answers ${answer.status}.`);
}
