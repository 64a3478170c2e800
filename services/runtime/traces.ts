/** Traces, as the programs use them: what a request did and for how long, across processes. Nothing is spent where none are kept. */

/** Names of OpenTelemetry's conventions, or of ours with `sealpost.`; no value holds an address, a code or a token. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export type Begin = Readonly<{
  name: string;
  kind: 'server' | 'client';
  /** As a W3C traceparent (Trace Context, 3.2); without one, what is under way. What cannot be read counts as none. */
  parent?: string | undefined;
  attributes?: Attributes;
}>;

export type Span = Readonly<{
  /** For whoever goes on elsewhere; undefined where nothing is traced. */
  traceparent: string | undefined;
  rename(name: string): void;
  set(attributes: Attributes): void;
  failed(): void;
}>;

export type Traces = Readonly<{
  /** Does the work within a span, which has failed where the work throws. */
  within<T>(begin: Begin, work: (span: Span) => Promise<T>): Promise<T>;
  /** Of what has just ended, and took so long. */
  happened(begin: Begin, milliseconds: number, isFailed: boolean): void;
  /** Sends what has not been sent, for half a second at most. */
  close(): Promise<void>;
}>;

const NO_SPAN: Span = { traceparent: undefined, rename: () => {}, set: () => {}, failed: () => {} };

export const NO_TRACES: Traces = {
  within: (_, work) => work(NO_SPAN),
  happened: () => {},
  close: () => Promise.resolve(),
};
