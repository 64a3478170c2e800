/** What the description says of an answer, for tests: whether its status, code, type, headers and body are told there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
}>;
export type Parameter = Readonly<{
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
  description?: string;
}>;
type Content = Readonly<
  Record<
    string,
    Readonly<{
      schema: Schema;
      example?: unknown;
      examples?: Readonly<Record<string, Readonly<{ value?: unknown; $ref?: string }>>>;
    }>
  >
>;
export type Response = Readonly<{
  description: string;
  content: Content;
  headers: Readonly<Record<string, object>>;
  links?: Readonly<Record<string, Readonly<{ operationId: string; parameters?: object; requestBody?: object }>>>;
}>;
export type Operation = Readonly<{
  operationId: string;
  summary: string;
  description: string;
  tags: readonly string[];
  security: readonly object[];
  parameters?: readonly (Parameter | Readonly<{ $ref: string }>)[];
  requestBody?: Readonly<{ content: Content }>;
  responses: Readonly<Record<string, Response | Readonly<{ $ref: string }>>>;
}>;
export type Document = Readonly<{
  info: object;
  tags: readonly Readonly<{ name: string; description: string }>[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<
    Record<'schemas' | 'headers' | 'parameters' | 'responses' | 'examples', Readonly<Record<string, object>>>
  >;
}>;
export type Call = Readonly<{ method: string; path: string; operation: Operation }>;
type Answered = Readonly<{ status: number; headers: Headers; body: unknown }>;

/** As test/api/description.test.ts holds it. */
export const readDocument = (): Document =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../api/openapi.json'), 'utf8')) as Document;

export const callsOf = ({ paths }: Document): readonly Call[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** What a reference into the document stands for. */
export function resolve<T extends object>(document: Document, given: T | Readonly<{ $ref: string }>): T {
  if (!('$ref' in given) || typeof given.$ref !== 'string' || Object.keys(given).length > 1) return given as T;
  const found = given.$ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
  if (found === undefined) throw new Error(`the description has nothing at ${given.$ref}`);
  return found as T;
}

/** The schema with all that it refers to in its place; of what refers to itself there is none. */
export function inlined(document: Document, schema: Schema): Schema {
  const { $ref, ...beside } = schema;
  if ($ref) return { ...inlined(document, resolve<Schema>(document, { $ref })), ...beside };
  const { properties, anyOf } = schema;
  const inside = Object.entries(properties ?? {}).map(([name, one]) => [name, inlined(document, one)] as const);
  return {
    ...schema,
    ...(properties ? { properties: Object.fromEntries(inside) } : {}),
    ...(anyOf ? { anyOf: anyOf.map((one) => inlined(document, one)) } : {}),
  };
}

/** What `undocumented` needs, made once. */
export function createCheck(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'doc', ...document });
  const validators = new Map<object, ValidateFunction>();

  /** Whether a value is of the schema; what is wrong with it otherwise. */
  function fault(schema: object, value: unknown): string | undefined {
    const validate = validators.get(schema) ?? ajv.compile(pointed(schema));
    validators.set(schema, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  }

  /** What is wrong with the answer by the description; undefined where nothing is. `default` excuses nothing. */
  function undocumented({ operation }: Call, { status, headers, body }: Answered): string | undefined {
    const given = operation.responses[status];
    if (!given) return `status ${status} is not documented`;
    const { content, headers: known } = resolve<Response>(document, given);
    const type = headers.get('content-type')?.split(';')[0] ?? 'none';
    const schema = content[type]?.schema;
    if (!schema) return `type ${type} is not documented for ${status}`;
    const untold = Object.keys(document.components.headers).filter((name) => headers.has(name) && !known[name]);
    if (untold.length > 0) return `headers of ${status} are not documented: ${untold.join(', ')}`;
    const wrong = fault(schema, body);
    return wrong && `the body of ${status} is not of its schema: ${wrong}`;
  }

  return { fault, undocumented };
}

/** The schema with its references into the document. */
function pointed(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doc#/components')) as object;
}

const ofThisTree = once(() => {
  const document = readDocument();
  const known = callsOf(document).map((call) => ({
    call,
    path: new RegExp(`^${call.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return { known, ...createCheck(document) };
});

/** Throws where an answer of an api of this tree is not as described: so each test that calls one holds the description to it too. */
export function requireDescribed(method: string, target: string, answer: Answered & Readonly<{ text: string }>): void {
  const { known, undocumented } = ofThisTree();
  const [path = ''] = target.split('?');
  const found = known.find((one) => one.call.method === method && one.path.test(path));
  const fault = found && undocumented(found.call, answer);
  if (fault) throw new Error(`${method} ${path}: ${fault}; it answered ${answer.text}`);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
