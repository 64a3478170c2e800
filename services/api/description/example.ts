/** An example of a schema, put together from the examples of its members, so that it is always of its schema. */

export type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  example?: unknown;
  description?: string;
}>;

export type Schemas = Readonly<Record<string, Schema>>;

const nameOf = ({ $ref = '' }: Schema): string => $ref.split('/').at(-1) ?? '';

export function resolve(schemas: Schemas, schema: Schema): Schema {
  return schema.$ref ? (schemas[nameOf(schema)] ?? {}) : schema;
}

/** The forms of an answer that has several, each by its name; of any other, itself. */
export function formsOf(schemas: Schemas, schema: Schema): Readonly<Record<string, Schema>> {
  const { anyOf } = resolve(schemas, schema);
  return Object.fromEntries((anyOf ?? [schema]).map((form, index) => [nameOf(form) || `form${index + 1}`, form]));
}

/** Of members that mean the same wherever they are, and have no example of their own. */
const usual: Readonly<Record<string, unknown>> = {
  email: 'a@example.com',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiI3ZjFjMWM5ZSJ9.c2lnbmF0dXJl',
  refreshToken: 'c2VjcmV0LW9mLWEtc2Vzc2lvbg',
  role: 'admin',
  expiresIn: 900,
  message: 'You are signed in.',
  display_name: 'a@example.com',
};

/** Members that may be absent are there if they have an example. */
export function exampleOf(schemas: Schemas, given: Schema, name = ''): unknown {
  const schema = resolve(schemas, given);
  const { example, const: value, enum: values, default: fallback, anyOf, items, properties, required = [] } = schema;
  for (const known of [example, value, values?.[0], fallback]) if (known !== undefined) return known;
  if (anyOf?.[0]) return exampleOf(schemas, anyOf[0]);
  if (properties) {
    const shown = Object.entries(properties).filter(
      ([member, one]) => required.includes(member) || resolve(schemas, one).example !== undefined,
    );
    return Object.fromEntries(shown.map(([member, one]) => [member, exampleOf(schemas, one, member)]));
  }
  return items ? [exampleOf(schemas, items)] : plain(schema, name);
}

const ofFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-03-03T12:00:00.000Z',
  uuid: '02d271e7-7e5a-416f-9ef4-c4f0b55b9869',
};

/** What may be null and is of no form is null. */
function plain({ type, format, minimum = 1 }: Schema, name: string): unknown {
  const types = new Set([type].flat());
  if (format && ofFormat[format]) return ofFormat[format];
  if (types.has('null')) return null;
  if (usual[name] !== undefined) return usual[name];
  if (types.has('object')) return {};
  if (types.has('boolean')) return true;
  return types.has('string') ? '' : minimum;
}
