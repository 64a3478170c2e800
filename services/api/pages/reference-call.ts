/** One operation of the reference page: what it takes and answers, how to call it, and a form to try it. */
import { html } from 'hono/html';
import { exampleOf, formsOf, type Schema, type Schemas } from '../description/example.ts';
import { curl, fields, type Parameter, parameterItem, prose } from './reference-parts.ts';

type Content = Readonly<Record<string, Readonly<{ schema: Schema }>>>;
type Answer = Readonly<{ $ref?: string; description?: string; content?: Content }>;

export type Operation = Readonly<{
  operationId?: string;
  tags?: readonly string[];
  summary?: string;
  description?: string;
  security?: readonly unknown[];
  parameters?: readonly (Parameter | Readonly<{ $ref: string }>)[];
  requestBody?: Readonly<{ content: Content }>;
  responses: Readonly<Record<string, Answer>>;
  'x-asks'?: string;
}>;

export type Components = Readonly<{
  schemas: Schemas;
  parameters: Readonly<Record<string, Parameter>>;
  responses: Readonly<Record<string, Answer>>;
}>;

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? '';

export function call(components: Components, method: string, path: string, operation: Operation) {
  const { schemas } = components;
  const { operationId = '', summary = '', description = '', security = [], requestBody } = operation;
  const parameters = (operation.parameters ?? []).flatMap((one) =>
    '$ref' in one ? (components.parameters[nameOf(one.$ref)] ?? []) : one,
  );
  const body = requestBody?.content['application/json']?.schema;
  const answer = operation.responses['200']?.content?.['application/json']?.schema;
  const called = { method, path, needsToken: security.length > 0, parameters, body };
  return html`<section id="${operationId}">
<h3><a href="#${operationId}"><span class="method">${method.toUpperCase()}</span> <code>${path}</code></a></h3>
<p>${summary}${called.needsToken ? '' : ' (without a token)'}</p>
${prose(description)}
${curl(schemas, called)}
${answer ? examples(schemas, answer) : ''}
<details><summary>Fields and answers</summary>
${parameters.length > 0 ? html`<h4>Parameters</h4><ul>${parameters.map((one) => parameterItem(schemas, one))}</ul>` : ''}
${body ? html`<h4>Body</h4>${fields(schemas, body)}` : ''}
${answer ? html`<h4>200</h4>${fields(schemas, answer)}` : ''}
<h4>Refusals</h4><ul>${refusals(components, operation)}</ul>
</details>
${form(schemas, called, operation['x-asks'])}
</section>`;
}

const examples = (schemas: Schemas, answer: Schema) =>
  Object.values(formsOf(schemas, answer)).map(
    (one) => html`<pre>${JSON.stringify(exampleOf(schemas, one), null, 2)}</pre>`,
  );

/** By status, each code with a link to what it means. */
function refusals({ responses }: Components, operation: Operation) {
  return Object.entries(operation.responses).map(([status, given]) => {
    if (status === '200' || status === 'default' || !given.$ref) return '';
    const schema = responses[nameOf(given.$ref)]?.content?.['application/problem+json']?.schema;
    const codes = schema ? (schema.properties?.['error']?.enum ?? []) : [];
    const links = codes.map(
      (code, index) => html`${index > 0 ? ', ' : ''}<a href="#${String(code)}"><code>${String(code)}</code></a>`,
    );
    return html`<li>${status}: ${links}</li>`;
  });
}

type Tried = Parameters<typeof curl>[1];

function form(schemas: Schemas, { method, path, parameters, body }: Tried, asks: string | undefined) {
  const text = body && JSON.stringify(exampleOf(schemas, body), null, 2);
  return html`<details class="try" hidden><summary>Try it</summary>
<form data-method="${method}" data-path="${path}"${asks ? html` data-asks="${asks}"` : ''}>
${parameters.map((one) => html`<label>${one.name}<input name="${one.in}:${one.name}" autocomplete="off"></label>`)}
${body ? html`<label>Body<textarea name="body" rows="5" spellcheck="false">${text}</textarea></label>` : ''}
<button>Send</button>
<pre role="status" hidden></pre>
</form>
</details>`;
}
