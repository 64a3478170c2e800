/** The pieces of the reference page: prose, the fields of a schema, a curl line. */
import { html } from 'hono/html';
import { exampleOf, resolve, type Schema, type Schemas } from '../description/example.ts';

export type Parameter = Readonly<{
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}>;

/** Of what is shown as code between backticks, in paragraphs. */
export const prose = (text: string) => text.split('\n\n').map((part) => html`<p>${inline(part)}</p>`);

const inline = (text: string) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

const told = (description: string | undefined) => (description ? html`<br>${inline(description)}` : '');

export const parameterItem = (schemas: Schemas, { name, in: place, required, description, schema }: Parameter) =>
  html`<li><code>${name}</code> (${place}${required ? ', required' : ''}) ${describeSchema(schemas, schema)}${told(description ?? schema.description)}</li>`;

export function fields(schemas: Schemas, schema: Schema): unknown {
  const { anyOf, properties = {}, required = [] } = resolve(schemas, schema);
  if (anyOf) return anyOf.map((one, index) => html`${index > 0 ? html`<p>or</p>` : ''}${fields(schemas, one)}`);
  const rows = Object.entries(properties).map(([name, one]) => {
    const inner = Object.keys(innerOf(schemas, one)).length > 0 ? fields(schemas, one.items ?? one) : '';
    return html`<li><code>${name}</code> ${describeSchema(schemas, one)}${required.includes(name) ? '' : ' (may be absent)'}${told(resolve(schemas, one).description)}${inner}</li>`;
  });
  return html`<ul>${rows}</ul>`;
}

const innerOf = (schemas: Schemas, schema: Schema) =>
  resolve(schemas, resolve(schemas, schema).items ?? schema).properties ?? {};

function describeSchema(schemas: Schemas, given: Schema): string {
  const {
    type,
    format,
    enum: values,
    const: value,
    items,
    anyOf,
    default: fallback,
    ...bounds
  } = resolve(schemas, given);
  const forms = anyOf?.map((one) => describeSchema(schemas, one)).join(' or ');
  const of = values?.join(', ') ?? (value === undefined ? forms : String(value));
  return [
    `${[type].flat().filter(Boolean).join(' or ')}${of ? `: ${of}` : ''}`,
    format && `(${format})`,
    items && `of ${describeSchema(schemas, items)}`,
    bounds.minimum !== undefined && bounds.maximum !== undefined && `from ${bounds.minimum} to ${bounds.maximum}`,
    bounds.maxLength !== undefined && `of at most ${bounds.maxLength} characters`,
    fallback !== undefined && fallback !== '' && `, else ${String(fallback)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

export type Called = Readonly<{
  method: string;
  path: string;
  needsToken: boolean;
  parameters: readonly Parameter[];
  body: Schema | undefined;
}>;

/** For a shell; the address of the installation is filled in by the page's script. */
export function curl(schemas: Schemas, { method, path, needsToken, parameters, body }: Called) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(parameters.find((one) => one.name === name)?.schema.example ?? name)),
  );
  const asked =
    filled === path ? parameters.find((one) => one.in === 'query' && one.schema.example !== undefined) : undefined;
  const query = asked ? `?${asked.name}=${encodeURIComponent(String(asked.schema.example))}` : '';
  const sent = body && JSON.stringify(exampleOf(schemas, body)).replaceAll("'", String.raw`'\''`);
  const lines = [
    ...(needsToken ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(sent ? ["-H 'Content-Type: application/json'", `-d '${sent}'`] : []),
  ];
  const verb = method === 'post' && !sent ? '-X POST ' : '';
  return html`<pre>curl -s ${verb}'<span class="origin">http://127.0.0.1:3001</span>${filled}${query}'${lines.map((line) => ` \\\n  ${line}`)}</pre>`;
}
