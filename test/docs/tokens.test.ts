/** The examples of docs/tokens.md sign tokens that the API takes, for the user that they name. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenCheck } from '../../services/api/identity/token-check.ts';
import { JWT_SECRET } from '../support/api.ts';
import { page } from '../support/pages.ts';

const root = join(import.meta.dirname, '../..');
const example = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page('docs/tokens.md').text)?.[1] ?? '';

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

/** PyJWT as far as the example uses it, so that no package has to be there. */
const pyJwt = `
import base64, hashlib, hmac, json
def encode(claims, secret, algorithm):
    assert algorithm == "HS256"
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
    head = part(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
    return (head + b"." + part(hmac.new(secret.encode(), head, hashlib.sha256).digest())).decode()
`;

async function expectAccepted(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { PATH: process.env.PATH, JWT_SECRET, ...env },
    encoding: 'utf8',
  });
  const check = createTokenCheck({
    secrets: [JWT_SECRET],
    issuerKeys: undefined,
    algorithms: [],
    issuer: undefined,
    audience: undefined,
    userClaims: ['userId', 'sub'],
    roleClaims: ['roles', 'role'],
  });
  const caller = check(stdout.trim());
  await expect(caller, stderr).resolves.toEqual({ userId: '7f1c1c9e-8f43-4c55-9a2b-0f7d1e2a3b4c', roles: [] });
}

test('the one of Node', async () => {
  await expectAccepted(process.execPath, ['--input-type=module', '-e', `${example('js')}\nconsole.log(token);`]);
});

// Where there is a Python, as on nearly every machine; the rest of the tests need none.
test.runIf(python)('the one of Python', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealpost-python-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'jwt.py'), pyJwt);
  await expectAccepted(python ?? '', ['-c', `${example('python')}\nprint(token)`], { PYTHONPATH: folder });
});
