/** The reference page at /docs: how to get a token, every call in the order of use, every refusal. Nothing from elsewhere. */
import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import type { AppEnv } from '../env.ts';
import { type RefusalCode, refusals } from '../http/refusals.ts';
import { script, style } from './reference-assets.ts';
import { call, type Components, type Operation } from './reference-call.ts';
import { prose } from './reference-parts.ts';
import { tokenChapter } from './reference-token.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

type Call = Readonly<{ method: string; path: string; operation: Operation }>;
type Group = Readonly<{ name: string; description?: string; calls: readonly Call[] }>;

const POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page, and the policy that lets its own style and script run and nothing else. */
export function referencePage(document: OpenApiDocument): Readonly<{ html: string; contentSecurityPolicy: string }> {
  const components = { schemas: {}, parameters: {}, responses: {}, ...document.components } as unknown as Components;
  const groups = groupsOf(document);
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
${prose(document.info.description ?? '')}
<p>For programs: <a href="/openapi.json">openapi.json</a>.</p>
<noscript><p>Without JavaScript, calls cannot be tried on this page. All else is here, and the curl lines do the same from a terminal.</p></noscript>
${contents(groups)}
${tokenChapter()}
${groups.map((group) => chapter(components, group))}
<h2 id="refusals"><a href="#refusals">Refusals</a></h2>
<p>Problem documents (RFC 9457). <code>error</code> is stable; <code>Retry-After</code> comes with 429 and 503.</p>
<dl>
${Object.entries(refusals).map(([code, { status, detail }]) => html`<dt id="${code as RefusalCode}"><a href="#${code}"><code>${code}</code></a> ${status}</dt><dd>${detail}</dd>`)}
</dl>
</main>
<script>${raw(script)}</script>
</body>
</html>`;
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; connect-src 'self'; ${POLICY}`;
  return { html: page.toString(), contentSecurityPolicy: policy };
}

/** In the order of the document's tags. */
function groupsOf({ tags = [], paths = {} }: OpenApiDocument): readonly Group[] {
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );
  return tags.map((tag) => ({ ...tag, calls: calls.filter(({ operation }) => operation.tags?.includes(tag.name)) }));
}

const anchorOf = ({ name }: Group): string => name.toLowerCase();

const contents = (groups: readonly Group[]) => html`<nav aria-label="Contents">
<ul>
<li><a href="#get-a-token">Get a token</a></li>
${groups.map(
  (group) => html`<li><a href="#${anchorOf(group)}">${group.name}</a><ul>
${group.calls.map(({ operation: { operationId = '', summary = '' } }) => html`<li><a href="#${operationId}">${summary}</a></li>`)}
</ul></li>`,
)}
<li><a href="#refusals">Refusals</a></li>
</ul>
</nav>`;

const chapter = (
  components: Components,
  group: Group,
) => html`<h2 id="${anchorOf(group)}"><a href="#${anchorOf(group)}">${group.name}</a></h2>
<p class="group">${group.description ?? ''}</p>
${group.calls.map(({ method, path, operation }) => call(components, method, path, operation))}`;

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
