/** The settings of traces: none, all, a share; what is wrong with them stops the start. */
import { describe, expect, test } from 'vitest';
import { readApiConfig } from '../../services/api/config.ts';
import { JWT_SECRET } from '../support/api.ts';

const read = (environment: Record<string, string>) =>
  readApiConfig({
    JWT_SECRET,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    SES_FROM_EMAIL: 'noreply@example.com',
    ...environment,
  }).traces;

describe('the settings', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';

  test('of none trace nothing; the share is all', () => {
    expect(read({})).toBeUndefined();
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: {},
      share: 1,
    });
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'authorization' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value pairs'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=%zz' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value pairs'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=%ff' }, 'OTEL_EXPORTER_OTLP_HEADERS: must be name=value pairs'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1'],
  ])('%j stop the start', (environment, told) => {
    expect(() => read(environment)).toThrow(told);
  });
});
