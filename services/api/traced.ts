/** What of the api is traced: the request (http/observe.ts), each command in the store, and each attempt at a mail. */
import type { TraceOptions } from '../config/traces.ts';
import type { Mail } from '../core/mail.ts';
import type { SendResult } from '../mail/transport.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { LoopReport } from '../runtime/repeat.ts';
import { NO_TRACES, type Traces } from '../runtime/traces.ts';
import type { Handler } from '../store/handle.ts';

/** The library is loaded only where traces are wanted. */
export async function startTraces(
  options: TraceOptions | undefined,
  report: LoopReport,
  metrics: Metrics,
): Promise<Traces> {
  if (!options) return NO_TRACES;
  const { openTraces } = await import('../runtime/open-traces.ts');
  return openTraces({ service: 'api', ...options, report, lost: (spans) => metrics.traceSpansLost.inc(spans) });
}

/** The same handler, of which each command is a span; a request for a code takes its place in the trace along, for its mail. */
export function tracedHandler(handler: Handler, traces: Traces): Handler {
  if (traces === NO_TRACES) return handler;
  return {
    ...handler,
    handle: (command, options) =>
      traces.within(
        { name: `store ${command.type}`, kind: 'client', attributes: { 'db.system.name': 'postgresql' } },
        ({ traceparent }) =>
          handler.handle(command.type === 'request-code' ? { ...command, traceparent } : command, options),
      ),
  };
}

/** Part of the trace of the request that asked for the mail, whichever process makes the attempt. */
export function traceMail(traces: Traces, { event }: Mail, result: SendResult, milliseconds: number): void {
  const { requestId, traceparent } = event.data;
  const attributes = { 'sealpost.mail.result': result.kind, 'sealpost.request_id': requestId };
  const isFailed = result.kind !== 'accepted';
  traces.happened({ name: 'send mail', kind: 'client', parent: traceparent, attributes }, milliseconds, isFailed);
}
