/** Traces by OpenTelemetry, sent to a collector by OTLP over HTTP in the background. Loaded only where they are wanted. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  ROOT_CONTEXT,
  type Span as OpenSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { build } from './build.ts';
import type { LoopReport } from './repeat.ts';
import type { Begin, Span, Traces } from './traces.ts';

/** What waits to be sent is bounded: beyond it, spans are lost and requests go on. */
const WAITING_MAX = 2048;
const EXPORT_MILLISECONDS_MAX = 5000;
const CLOSE_MILLISECONDS_MAX = 500;

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/;

type Options = Readonly<{
  service: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  share: number;
  /** Of sending: a collector that is away is told once, and when it is back. */
  report: LoopReport;
  /** Spans that the collector did not take, or that found too many waiting. */
  lost: (spans: number) => void;
}>;

export function openTraces({ service, url, headers, share, report, lost }: Options): Traces {
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MILLISECONDS_MAX });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `sealpost-${service}`, 'service.version': build().version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [inBatches(exporter, report, lost)],
  });
  const tracer = provider.getTracer('sealpost');
  const underWay = new AsyncLocalStorage<OpenSpan>();

  function start({ name, kind, parent, attributes = {} }: Begin, startTime?: number): OpenSpan {
    const context = parent === undefined ? undefined : contextOf(parent);
    const above = underWay.getStore();
    const within = context ?? (above ? trace.setSpan(ROOT_CONTEXT, above) : ROOT_CONTEXT);
    const spanKind = kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT;
    return tracer.startSpan(name, { kind: spanKind, attributes, ...(startTime && { startTime }) }, within);
  }

  return {
    within: (begin, work) => {
      const span = start(begin);
      return underWay.run(span, async () => {
        try {
          return await work(spanOf(span));
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    happened: (begin, milliseconds, isFailed) => {
      const now = Date.now();
      const span = start(begin, now - milliseconds);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now);
    },
    close: () =>
      Promise.race([
        provider.shutdown().catch(() => {}),
        sleep(CLOSE_MILLISECONDS_MAX, undefined, { ref: false }),
      ]) as Promise<void>,
  };
}

const spanOf = (span: OpenSpan): Span => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    failed: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
  };
};

/** Undefined where it is none; of ids of zeros, which are invalid (Trace Context, 3.2.2), the library makes none either. */
function contextOf(traceparent: string): Context | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === '') return undefined;
  const traceFlags = Number.parseInt(flags, 16) & 1;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** What becomes of each batch is told. The error's own words may hold headers, so only its name is. */
function inBatches(exporter: SpanExporter, report: LoopReport, lost: Options['lost']): SpanProcessor {
  let waiting = 0;
  const telling: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        waiting -= spans.length;
        if (result.error) {
          lost(spans.length);
          report.failed(result.error);
        } else report.succeeded();
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
  const batches = new BatchSpanProcessor(telling, {
    maxQueueSize: WAITING_MAX,
    exportTimeoutMillis: EXPORT_MILLISECONDS_MAX,
  });
  return {
    onStart: () => {},
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (waiting >= WAITING_MAX) return lost(1);
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}
