/** Traces by OpenTelemetry, sent to a collector by OTLP over HTTP in the background. Loaded only where they are wanted. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, ROOT_CONTEXT, type Span as OpenSpan, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { build } from './build.ts';
import type { LoopReport } from './repeat.ts';
import type { Begin, Span, Traces } from './traces.ts';

/** What waits to be sent is bounded: beyond it, spans are dropped and requests go on. */
const QUEUE_MAX = 2048;
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
}>;

export function openTraces({ service, url, headers, share, report }: Options): Traces {
  const inner = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MILLISECONDS_MAX });
  const processor = new BatchSpanProcessor(reporting(inner, report), {
    maxQueueSize: QUEUE_MAX,
    exportTimeoutMillis: EXPORT_MILLISECONDS_MAX,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `sealpost-${service}`, 'service.version': build().version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [processor],
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

/** The same exporter; what becomes of each batch is told. The error's own words may hold headers, so only its name is. */
function reporting(inner: SpanExporter, report: LoopReport): SpanExporter {
  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        if (result.error) report.failed(result.error);
        else report.succeeded();
        done(result);
      }),
    shutdown: () => inner.shutdown(),
  };
}
