/** The local SES for the bench, as a process that prints its URL. */
import { credentials } from '../support/api.ts';
import { startLocalSes } from '../../services/ses-local/server.ts';

const ses = await startLocalSes({
  port: 0,
  credentials,
  maxSendRate: Number(process.argv[2]),
  max24HourSend: 1_000_000_000,
});
console.log(ses.url);
