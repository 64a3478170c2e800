/** Completes what the routes say of themselves with what they share: refusals, headers, examples, groups, who may call. */
import { STATUS_CODES } from 'node:http';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../env.ts';
import { problemBody } from '../http/problem.ts';
import { type RefusalCode, refusals } from '../http/refusals.ts';
import { exampleOf, formsOf, type Schema, type Schemas } from './example.ts';
import { acceptLanguage, headers, headersOfAnswer, headersOfRefusal } from './headers.ts';
import { isCounted, refusedOf } from './refused.ts';
import { tags } from './tags.ts';

export type Document = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;
type Components = NonNullable<Document['components']>;
type Answer = {
  headers?: object;
  content?: Record<string, { schema: Schema; example?: unknown; examples?: object }>;
};

const METHODS = ['get', 'post'] as const;
const PROBLEM = { $ref: '#/components/schemas/Problem' };
const EXAMPLE_ID = '02d271e7-7e5a-416f-9ef4-c4f0b55b9869';

/** Changes the document that it is given. */
export function complete(document: Document): Document {
  const components: Components = (document.components ??= {});
  components.headers = headers;
  components.parameters = { ...components.parameters, AcceptLanguage: acceptLanguage };
  components.examples = {};
  components.responses = {
    AnyRefusal: {
      description: 'Any other refusal.',
      headers: headersOfRefusal(500, []),
      content: { 'application/problem+json': { schema: PROBLEM } },
    },
  };
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) completeOperation(components, path, method, operation);
    }
  }
  const used = new Set(operationsOf(document).flatMap((one) => one.tags ?? []));
  document.tags = tags.filter(({ name }) => used.has(name)).map((tag) => ({ ...tag }));
  return document;
}

const operationsOf = (document: Document): readonly Operation[] =>
  Object.values(document.paths ?? {}).flatMap((item) => METHODS.flatMap((method) => item[method] ?? []));

function completeOperation(components: Components, path: string, method: string, operation: Operation): void {
  const { operationId = '', security = [], requestBody, parameters = [], responses = {} } = operation;
  const counted = isCounted({ path });
  operation.security = security;
  const named = parameters.map((one) =>
    'name' in one && one.in === 'header' ? { ...one, name: asWritten(one.name) } : one,
  );
  const all = counted ? [...named, { $ref: '#/components/parameters/AcceptLanguage' }] : named;
  if (all.length > 0) operation.parameters = all;
  const answer = responses['200'] as Answer;
  answer.headers = headersOfAnswer({ counted });
  addExamples((components.schemas ?? {}) as Schemas, answer);
  const like = { operationId, path, method, needsToken: security.length > 0, hasBody: requestBody !== undefined };
  for (const [status, codes] of refusedOf(like)) {
    const [told, known] = [refusal(components, status, codes), components.responses ?? {}];
    const same = Object.keys(known).find((name) => JSON.stringify(known[name]) === JSON.stringify(told));
    const name = same ?? nameOf(status, codes, operationId);
    if (same === undefined && known[name]) throw new Error(`Two kinds of refusal would have the name ${name}.`);
    known[name] = told;
    responses[status] = { $ref: `#/components/responses/${name}` };
  }
  responses.default = { $ref: '#/components/responses/AnyRefusal' };
}

const asWritten = (name: string): string => name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

function addExamples(schemas: Schemas, { content = {} }: Answer): void {
  for (const of of Object.values(content)) {
    const forms = Object.entries(formsOf(schemas, of.schema));
    if (of.example !== undefined) continue;
    if (forms.length === 1) of.example = exampleOf(schemas, of.schema);
    else of.examples = Object.fromEntries(forms.map(([name, form]) => [name, { value: exampleOf(schemas, form) }]));
  }
}

const asType = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** Operations that answer the same codes share it: few codes name it, many the operation. */
function nameOf(status: number, codes: readonly RefusalCode[], operationId: string): string {
  if (codes.length <= 3) return codes.map(asType).join('Or');
  return `${(STATUS_CODES[status] ?? '').replaceAll(/\W/g, '')}Of${operationId.slice(0, 1).toUpperCase()}${operationId.slice(1)}`;
}

/** The schema narrows `error` beside its reference: whoever makes types reads one Problem, whoever checks an answer the codes too. */
function refusal({ examples = {} }: Components, status: number, codes: readonly RefusalCode[]) {
  const named = codes.map((code) => [code, refusals[code].status === status ? code : `${code}_${status}`] as const);
  for (const [code, name] of named) examples[name] ??= exampleOfRefusal(code, status);
  const schema = { ...PROBLEM, properties: { error: { enum: [...codes] } } };
  return {
    description: codes.map((code) => `\`${code}\`: ${refusals[code].detail}`).join('\n\n'),
    headers: headersOfRefusal(status, codes),
    content: {
      'application/problem+json': {
        schema,
        examples: Object.fromEntries(named.map(([code, name]) => [code, { $ref: `#/components/examples/${name}` }])),
      },
    },
  };
}

function exampleOfRefusal(code: RefusalCode, status: number) {
  const { title } = refusals[code];
  const later = status === 429 || status === 503 || code === 'idempotency_in_progress';
  const detail = 'must be exactly one address, with one @, such as a@example.com';
  const value = problemBody(code, EXAMPLE_ID, {
    ...(status === 404 ? { status } : {}),
    ...(later ? { retryAfterSeconds: 42 } : {}),
    ...(code === 'otp_incorrect' ? { attemptsRemaining: 2 } : {}),
    ...(code === 'too_many_attempts' ? { attemptsRemaining: 0 } : {}),
    ...(code === 'invalid_request' ? { detail: `email: ${detail}`, errors: [{ pointer: '/email', detail }] } : {}),
  });
  return { summary: title, value };
}
