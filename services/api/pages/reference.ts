/** The reference page at /docs: every call with its fields and answers, a form to try it, every refusal. Nothing from elsewhere. */
import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import type { AppEnv } from '../env.ts';
import { type RefusalCode, refusals } from '../http/refusals.ts';
import { script, style } from './reference-assets.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  example?: unknown;
  default?: unknown;
}>;

type Content = Readonly<Record<string, Readonly<{ schema: Schema }>>>;

type Operation = Readonly<{
  summary?: string;
  security?: readonly unknown[];
  parameters?: readonly Readonly<{ name: string; in: string; required?: boolean; schema: Schema }>[];
  requestBody?: Readonly<{ content: Content }>;
  responses: Readonly<Record<string, Readonly<{ description: string; content?: Content }>>>;
}>;

/** The page, and the policy that lets its own style and script run and nothing else. */
export function referencePage(document: OpenApiDocument): Readonly<{ html: string; contentSecurityPolicy: string }> {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const calls = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, Operation>>).map(([method, operation]) =>
      call(method, path, operation),
    ),
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Sealpost API</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>Sealpost API</h1>
<p>${document.info.description} For programs: <a href="/openapi.json">openapi.json</a>.</p>
<label for="token">Your token, for trying the calls; it stays on this page</label>
<input id="token" autocomplete="off" spellcheck="false" placeholder="eyJ…">
${calls}
<h2 id="refusals">Refusals</h2>
<p>Problem documents (RFC 9457). <code>error</code> is stable; <code>Retry-After</code> comes with 429 and 503.</p>
<dl>
${Object.entries(refusals).map(([code, { status, detail }]) => html`<dt id="${code as RefusalCode}"><code>${code}</code> ${status}</dt><dd>${detail}</dd>`)}
</dl>
</main>
<script>${raw(script)}</script>
</body>
</html>`;
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html: page.toString(), contentSecurityPolicy: policy };

  function call(method: string, path: string, operation: Operation) {
    const { summary = '', security, parameters = [], requestBody, responses } = operation;
    const body = requestBody?.content['application/json']?.schema;
    const ok = responses['200']?.content?.['application/json']?.schema;
    return html`<section>
<h2><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h2>
<p>${summary}${security ? '' : ' (without a token)'}</p>
<details><summary>Fields and answers</summary>
${parameters.length > 0 ? html`<h3>Parameters</h3><ul>${parameters.map((one) => html`<li><code>${one.name}</code> (${one.in}${one.required ? ', required' : ''}) ${describeSchema(one.schema)}</li>`)}</ul>` : ''}
${body ? html`<h3>Body</h3>${fields(body)}` : ''}
${ok ? html`<h3>200</h3>${fields(ok)}` : ''}
<h3>Other answers</h3><ul>${Object.entries(responses)
      .filter(([code]) => code !== '200')
      .map(([code, { description }]) => html`<li>${code}: ${description}</li>`)}</ul>
</details>
<details><summary>Try it</summary>
<form data-method="${method}" data-path="${path}">
${parameters.map((one) => html`<label>${one.name}<input name="${one.in}:${one.name}" autocomplete="off"></label>`)}
${body ? html`<label>Body<textarea name="body" rows="5" spellcheck="false">${JSON.stringify(exampleOf(body), null, 2)}</textarea></label>` : ''}
<button>Send</button>
<pre role="status" hidden></pre>
</form>
</details>
</section>`;
  }

  function resolve(schema: Schema): Schema {
    return schema.$ref ? (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
  }

  function fields(schema: Schema): unknown {
    const { anyOf, properties = {}, required = [] } = resolve(schema);
    if (anyOf) return anyOf.map((one, index) => html`${index > 0 ? html`<p>or</p>` : ''}${fields(one)}`);
    const rows = Object.entries(properties).map(
      ([name, one]) =>
        html`<li><code>${name}</code> ${describeSchema(one)}${required.includes(name) ? '' : ' (may be absent)'}</li>`,
    );
    return html`<ul>${rows}</ul>`;
  }

  function describeSchema(given: Schema): string {
    const { type, format, enum: values, const: value, items, anyOf, default: fallback } = resolve(given);
    const kind = [type].flat().filter(Boolean).join(' or ');
    const of = values
      ? values.join(', ')
      : value !== undefined
        ? String(value)
        : anyOf
          ? anyOf.map(describeSchema).join(' or ')
          : '';
    const each = items ? ` of ${describeSchema(items)}` : '';
    return [
      kind,
      format && `(${format})`,
      of && `: ${of}`,
      each,
      fallback !== undefined && `, else ${String(fallback)}`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  function exampleOf(given: Schema): unknown {
    const { properties = {}, required = [] } = resolve(given);
    const entries = Object.entries(properties).filter(
      ([name, one]) => required.includes(name) || one.example !== undefined,
    );
    return Object.fromEntries(
      entries.map(([name, one]) => [name, one.example ?? (one.type === 'boolean' ? true : '')]),
    );
  }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
