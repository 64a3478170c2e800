/** The certificates of SNS: kept, bounded, fetched anew where they failed, never through a redirect and never for long. */
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSnsCheck, NotBelieved } from '../../services/mail/sns.ts';
import { certificate, check, now, pem, plain, topic } from '../support/sns.ts';

const numbered = (n: number) => plain({ SigningCertURL: certificate.replace('0a', String(n)) });

/** A check that fetches for real, from a server that answers like this; and every path that was asked for. */
async function fetching(answer: RequestListener) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  const SigningCertURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sns.pem`;
  const believe = createSnsCheck({ topicArns: [topic], certificateUrl: SigningCertURL });
  return { paths, believed: () => believe(plain({ SigningCertURL }), now) };
}

describe('certificates', () => {
  test('are kept, the newest eight; two messages at once fetch one once', async () => {
    const { believe, fetched } = check();
    await Promise.all([believe(numbered(1), now), believe(numbered(1), now)]);
    expect(fetched).toHaveLength(1);
    for (const n of [2, 3, 4, 5, 6, 7, 8, 1]) await believe(numbered(n), now);
    expect(fetched).toHaveLength(8);
    await believe(numbered(9), now);
    for (const n of [9, 8, 2]) await believe(numbered(n), now);
    expect(fetched).toHaveLength(9);
    await believe(numbered(1), now);
    expect(fetched).toHaveLength(10);
  });

  test('that are none are no refusal, and are fetched again', async () => {
    let text = 'no certificate';
    const { believe } = check({ fetchCertificate: async () => text });
    await expect(believe(plain(), now)).rejects.not.toBeInstanceOf(NotBelieved);
    text = pem;
    expect(await believe(plain(), now)).toBeDefined();
  });

  test('are fetched from where they are, up to 16 KiB', async () => {
    const { paths, believed } = await fetching((_, response) => response.end(pem.padEnd(16_384, '\n')));
    expect(await believed()).toMatchObject({ MessageId: 'm-1' });
    expect(paths).toEqual(['/sns.pem']);
  });

  test.each<[string, RequestListener]>([
    [
      'elsewhere',
      (request, response) =>
        request.url === '/sns.pem' ? response.writeHead(302, { location: '/other.pem' }).end() : response.end(pem),
    ],
    ['larger', (_, response) => response.end(pem.padEnd(16_385, '\n'))],
    ['not there', (_, response) => response.writeHead(404).end(pem)],
  ])('that are %s are not taken, no redirect is followed, and it is no refusal', async (_what, answer) => {
    const { paths, believed } = await fetching(answer);
    await expect(believed()).rejects.not.toBeInstanceOf(NotBelieved);
    expect(paths).toEqual(['/sns.pem']);
  });

  test('that cannot be read are named as such', async () => {
    const { believed } = await fetching((_, response) => response.writeHead(404).end(pem));
    await expect(believed()).rejects.toThrow('The certificate of SNS cannot be read.');
  });

  test('whose server is silent are waited for three seconds and no longer', async () => {
    const gone = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(gone.signal);
    const { paths, believed } = await fetching(() => {});
    const answer = believed();
    await expect.poll(() => paths).toEqual(['/sns.pem']);
    expect(timeout.mock.calls).toEqual([[3000]]);
    timeout.mockRestore();
    gone.abort();
    await expect(answer).rejects.toThrow(/abort/);
  });
});
