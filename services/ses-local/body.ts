/** Reads a request body from the socket, never more than it may hold. */
import type { IncomingMessage } from 'node:http';

/** Above any mail of ours, and below what would hurt. */
export const BODY_BYTES_MAX = 256 * 1024;

/** The body, or undefined when it is longer than `bytesMax`. Rejects when the client goes away. */
export async function readBody(incoming: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > bytesMax) return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else stop(undefined);
    };
    const onEnd = (): void => stop(Buffer.concat(chunks));
    const onGone = (): void => {
      if (!incoming.readableEnded) reject(new Error('the client went away'));
    };
    const stop = (body: Buffer | undefined): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onGone);
      resolve(body);
    };
    incoming.on('data', onData).on('end', onEnd).on('close', onGone).on('error', reject);
  });
}
