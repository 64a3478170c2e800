/** Settings of traces, by OpenTelemetry's own names. */
import { z } from 'zod';
import { secret, setting, type SettingsOf } from '../runtime/settings.ts';

/** A % that encodes nothing, or what is no UTF-8. */
const BROKEN = /%(?![\da-f]{2})|%[89a-f]/i;
const HEADERS = /^[\w-]+=[^,\s]+(?:,\s*[\w-]+=[^,\s]+)*$/;

export const traceSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL, such as http://collector:4318' }).optional(),
    'Collector that the API sends its traces to by OTLP over HTTP, at /v1/traces of this URL. Default: none, and nothing is traced.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: secret(
    z
      .string()
      .refine(
        (text) => HEADERS.test(text) && !BROKEN.test(text),
        'must be name=value pairs separated by commas, their values percent-encoded',
      )
      .optional(),
    'Headers that the collector asks for, such as authorization=Bearer%20…; a value is percent-encoded.',
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(
    z
      .string()
      .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1, such as 0.1')
      .transform(Number)
      .prefault('1'),
    'Share of the requests that are traced (0 to 1), where the caller has not decided it by traceparent.',
  ),
};

export type TraceOptions = Readonly<{ url: string; headers: Readonly<Record<string, string>>; share: number }>;

/** Undefined where nothing is traced. */
export function traceOptions(settings: SettingsOf<typeof traceSettings>): TraceOptions | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: given = '' } = settings;
  if (endpoint === undefined) return undefined;
  const pairs = given.split(/,\s*/).filter(Boolean);
  const headers = pairs.map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name, decodeURIComponent(value.join('='))];
  });
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: Object.fromEntries(headers),
    share: settings.OTEL_TRACES_SAMPLER_ARG,
  };
}
