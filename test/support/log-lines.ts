/** A log whose lines are kept, each as it is written. */
import { Writable } from 'node:stream';
import { createLog } from '../../services/runtime/log.ts';

export function keptLog(service: string) {
  const said: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      said.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { said, log: createLog({ service, level: 'info', stream }) };
}
