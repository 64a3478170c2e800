/** O2, MA5: the edge as a client finds it, from within the stack: whether /health answers by it, and until when its certificate is good. */
import type { EdgeOptions } from '../../config/edge.ts';
import { askEdge, type Shown } from '../../runtime/ask-edge.ts';
import type { Metrics } from '../../runtime/metrics.ts';
import { PlainError } from '../../runtime/safe-error.ts';
import type { JobServices } from '../job.ts';

const ANSWER_MILLISECONDS_MAX = 10_000;

/** Says what a client would see. */
export class EdgeUnavailable extends PlainError {
  override readonly name = 'EdgeUnavailable';
}

/** As long as the stack comes up: the edge waits for an api, which nobody waits for here. */
const COMES_UP_SECONDS = 120;

/**
 * The job of one process. It returns 0, for it changes nothing. It throws EdgeUnavailable where a client would not be served; but for
 * an edge that it has never seen, as long as the process is younger than two minutes: of that nothing is told yet.
 */
export function createEdgeWatch(edge: EdgeOptions, ageSeconds = () => process.uptime()) {
  let seen = false;
  return async (services: Pick<JobServices, 'metrics' | 'say'>): Promise<number> => {
    const fault = await look(edge, services.metrics);
    seen ||= fault === undefined;
    if (!seen && ageSeconds() < COMES_UP_SECONDS) {
      services.say('not up yet');
      return 0;
    }
    services.metrics.edgeAvailable.set(fault === undefined ? 1 : 0);
    if (fault !== undefined) throw new EdgeUnavailable(fault);
    return 0;
  };
}

/** What a client would not be served for; undefined where it is. */
async function look(edge: EdgeOptions, metrics: Metrics): Promise<string | undefined> {
  const began = performance.now();
  const shown = await askEdge(edge, ANSWER_MILLISECONDS_MAX);
  metrics.edgeProbeSeconds.set((performance.now() - began) / 1000);
  showCertificate(shown, metrics);
  return faultOf(shown, edge);
}

/** Of an edge that shows none, the last one stays known until it is seen again: it ends when it ends. */
function showCertificate(shown: Shown | string, metrics: Metrics): void {
  if (typeof shown === 'string') return;
  metrics.certificateExpiry.set(shown.validTo.getTime() / 1000);
  metrics.certificateLifetime.set((shown.validTo.getTime() - shown.validFrom.getTime()) / 1000);
}

function faultOf(shown: Shown | string, { name, trusted }: EdgeOptions): string | undefined {
  const where = `https://${name}`;
  if (typeof shown === 'string') return `${where} does not answer (${shown}).`;
  if (trusted && shown.refused !== null) return `Clients refuse the certificate of ${where} (${shown.refused}).`;
  return shown.status === 200 ? undefined : `${where}/health answers ${shown.status}.`;
}
