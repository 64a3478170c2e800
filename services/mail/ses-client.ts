/** The SDK's client of Amazon SES, bounded in time; its own retries are the caller's choice, since a send must have none. */
import { SESClient } from '@aws-sdk/client-ses';

export type SesClientOptions = Readonly<{
  region: string;
  credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }>;
  /** Another address of the SES API, such as the local one; absent: Amazon's of the region. */
  endpoint: string | undefined;
  /** 1 for a send: the SDK would mail again when an answer is lost. */
  attemptsMax: number;
}>;

const CONNECTION_TIMEOUT_MILLISECONDS = 2000;
const REQUEST_TIMEOUT_MILLISECONDS = 4000;
/** Of one request, from the connection to the answer. */
export const REQUEST_MILLISECONDS_MAX = CONNECTION_TIMEOUT_MILLISECONDS + REQUEST_TIMEOUT_MILLISECONDS;
const SOCKETS_MAX = 64;

export function createSesClient({ region, credentials, endpoint, attemptsMax }: SesClientOptions): SESClient {
  return new SESClient({
    region,
    credentials,
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: attemptsMax,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    },
  });
}
