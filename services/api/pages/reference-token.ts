/** "Get a token", the first chapter of the reference page: what docs/tokens.md says at length. */
import { html } from 'hono/html';

const NODE = `import { env } from 'node:process';
import { SignJWT } from 'jose';
const key = new TextEncoder().encode(env.JWT_SECRET);
const claims = { sub: '7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c' };
const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('15m').sign(key);`;

const PYTHON = `import jwt, os, time
claims = {"sub": "7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c", "exp": int(time.time()) + 900}
token = jwt.encode(claims, os.environ["JWT_SECRET"], algorithm="HS256")`;

export const tokenChapter = () => html`<h2 id="get-a-token"><a href="#get-a-token">Get a token</a></h2>
<section>
<p>Most calls ask for <code>Authorization: Bearer</code> and a JWT that says whose call it is. To try the calls here, make one on the command line, with npm or in the Docker stack; <code>--role admin</code> makes an admin's:</p>
<pre>npm run -s sealpost -- token --user 7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c
./sealpost token --user 7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c</pre>
<p>Your backend signs the tokens of your users, with HS256 and the secret <code>JWT_SECRET</code>. Never sign in an app that people install: whoever has the secret can be any user and any admin. In Node and in Python:</p>
<pre>${NODE}</pre>
<pre>${PYTHON}</pre>
<ul>
<li><code>userId</code> or <code>sub</code>: your user's id, a UUID or any other text or whole number. Required.</li>
<li><code>exp</code>: when the token expires, in seconds since 1970. Required.</li>
<li><code>role</code> or <code>roles</code>: one of <code>ADMIN_ROLES</code>, such as <code>admin</code>, for the calls under /api/admin.</li>
<li><code>iss</code> and <code>aud</code>: if <code>JWT_ISSUER</code> and <code>JWT_AUDIENCE</code> are set.</li>
</ul>
<p>If you did not set <code>JWT_SECRET</code>, Sealpost made one: it is in <code>.data/secrets.json</code>, or in the Docker stack in <code>/run/secrets/app/JWT_SECRET</code> of the api. An identity provider's tokens are taken too, where <code>JWT_ISSUER</code> names it. docs/tokens.md of your clone has all of this at length. A token that is refused is <a href="#unauthorized"><code>unauthorized</code></a>, and <code>detail</code> says why.</p>
<label class="try" for="bearer" hidden>Your token, for trying the calls; it stays on this page<input id="bearer" autocomplete="off" spellcheck="false" placeholder="eyJ…"></label>
</section>`;
