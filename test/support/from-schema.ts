/** Values by a schema of the description: what it allows, as arbitraries, and what it forbids, one by one. */
import fc from 'fast-check';
import type { Schema } from './described.ts';

type Value = fc.Arbitrary<unknown>;

const typesOf = ({ type }: Schema): readonly string[] => [type].flat().filter((one) => one !== undefined);

/** A member by its name may be told in words more narrowly than by its schema. */
export type InWords = Readonly<Record<string, Value>>;

export function allowed(schema: Schema, inWords: InWords = {}): Value {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => allowed(one, inWords)));
  return fc.oneof(...typesOf(schema).map((type) => ofType(type, schema, inWords)));
}

function ofType(type: string, schema: Schema, inWords: InWords): Value {
  const { minimum: min, maximum: max, properties = {}, required = [] } = schema;
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) });
    case 'string':
      return text(schema);
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(properties).map(([name, one]) => [name, inWords[name] ?? allowed(one, inWords)]),
        ),
        { requiredKeys: [...required] },
      );
    default:
      throw new Error(`no values are known for the type ${type}`);
  }
}

/** Lengths are in UTF-16 code units, and no text has NUL: so the description says in words. */
function text({ format, pattern, minLength = 0, maxLength = 300 }: Schema): fc.Arbitrary<string> {
  const isLong = (one: string) => one.length <= maxLength && one.length >= minLength;
  if (format === 'email') return fc.emailAddress().filter(isLong);
  if (pattern) return fc.stringMatching(new RegExp(pattern)).filter(isLong);
  const characters = fc.string({ unit: 'binary', minLength, maxLength });
  return fc.oneof(fc.string({ minLength, maxLength }), characters).filter((one) => isLong(one) && !one.includes('\0'));
}

const ofTypes: readonly (readonly [type: string, value: unknown])[] = [
  ['string', 'x'],
  ['integer', 7],
  ['number', 1.5],
  ['boolean', true],
  ['null', null],
  ['array', []],
  ['object', {}],
];

const strangeTexts = [
  '',
  ' ',
  'x y',
  '!',
  'ä',
  '\u0001',
  '9',
  'a.b',
  '2026-13-01',
  '2026-03-03T12:00',
  '2026-02-29',
  '-1',
];
const noAddresses = ['x', 'a@', '@example.com', 'a@b@example.com', 'a b@example.com', 'a@example.com, b@example.com'];

/** Of JSON. */
export function forbidden(schema: Schema): readonly unknown[] {
  const { anyOf } = schema;
  // Of several forms: what none of them takes.
  if (anyOf) {
    const values = new Set(anyOf.flatMap(forbidden));
    return [...values].filter(
      (value) => anyOf.every((one) => forbidden(one).includes(value)) || anyOf.some((one) => isBeyond(one, value)),
    );
  }
  const types = new Set(typesOf(schema));
  if (types.has('number')) types.add('integer');
  const others = ofTypes.filter(([type]) => !types.has(type)).map(([, value]) => value);
  const numbers = types.has('integer') ? beyond(schema) : [];
  return [...others, ...numbers, ...(types.has('string') ? forbiddenTexts(schema) : [])];
}

/** Of a text in a path, a query or a header. */
export function forbiddenTexts(schema: Schema): readonly string[] {
  const { enum: values, format, pattern, minLength = 0, maxLength } = schema;
  if (typesOf(schema).includes('integer') && !typesOf(schema).includes('string'))
    return [...beyond(schema).map(String), '', 'x', '0x10', '1e2', ' 1', '1.0', '-1', '+1'];
  return [
    ...(minLength > 0 ? [''] : []),
    ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)]),
    ...(values ? ['no value of these'] : []),
    ...(format === 'email' ? noAddresses : []),
    ...(pattern ? strangeTexts.filter((one) => !new RegExp(pattern).test(one)) : []),
  ];
}

/** Of the form's own type, and yet forbidden. */
const isBeyond = (schema: Schema, value: unknown): boolean =>
  forbidden(schema).includes(value) && typesOf(schema).includes(Number.isInteger(value) ? 'integer' : typeof value);

const beyond = ({ minimum, maximum }: Schema): readonly number[] => [
  1.5,
  ...(minimum === undefined ? [] : [minimum - 1]),
  ...(maximum === undefined ? [] : [maximum + 1]),
];
