/** Settings that the stack's own files read, as far as a wrong value would otherwise be found out only when it does harm. */
import { z } from 'zod';
import { type Environment, InvalidSettings, readSettings, setting, wholeNumber } from '../runtime/settings.ts';

const published = (fallback: number, what: string) =>
  setting(wholeNumber({ default: fallback, min: 1, max: 65_535 }), `Port of ${what} (1 to 65535).`);

/** A quote, a blank or a brace would break the links, or Prometheus' file, in which it stands. */
const isPlainUrl = (text: string): boolean =>
  /^https?:\/\/[^\s'"{}$\\?#]+[^\s'"{}$\\?#/]$/.test(text) && text.length <= 500 && URL.canParse(text);

const stackValues = {
  HTTP_PORT: published(80, 'Caddy for HTTP'),
  HTTPS_PORT: published(443, 'Caddy for HTTPS'),
  MAILBOX_PORT: published(8005, 'the mailbox on 127.0.0.1'),
  GRAFANA_PORT: published(3000, 'Grafana on 127.0.0.1'),
  PROMETHEUS_PORT: published(9090, 'Prometheus on 127.0.0.1'),
  ALERTMANAGER_PORT: published(9093, 'Alertmanager on 127.0.0.1'),
  GRAFANA_URL: setting(
    z
      .string()
      .refine(
        isPlainUrl,
        'must be an http or https URL without a slash at its end, such as https://grafana.example.com',
      )
      .optional(),
    'Where those who are told of an alert find Grafana and the runbooks.',
  ),
  API_REPLICAS: setting(wholeNumber({ default: 1, min: 1, max: 100 }), 'How many APIs run (1 to 100).'),
  API_HEAP_MEGABYTES: setting(
    wholeNumber({ default: 768, min: 128, max: 65_536 }),
    'Heap of each API and of the scheduler in MiB (128 to 65536), less than API_MEMORY.',
  ),
};

/** A line each; empty where nothing is wrong. */
export function stackValueProblems(environment: Environment): readonly string[] {
  try {
    readSettings(stackValues, environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
}
