/** Faults of health, of the drain, and of the two watches that hold the sending. */
import type { Mutant } from '../mutant.ts';

const health = 'services/api/routes/health.ts';
const drain = 'services/api/http/drain.ts';
const test = 'test/api/health.test.ts';
const backlog = 'services/api/watch-backlog.ts';
const stop = 'services/runtime/stop.ts';
const watches = 'test/api/watches.test.ts';

export const healthMutants: readonly Mutant[] = [
  {
    fault: 'health is OK while the store is away',
    breaks: ['C31', 'F05'],
    file: health,
    from: '    await ping().catch(refuseQuietly);\n',
    to: '    void ping;\n',
    test,
    named: 'is 503 while the store is away',
  },
  {
    fault: 'a process that stops says that it is ready',
    breaks: ['F20', 'I21'],
    file: health,
    from: 'if (isDraining()) {',
    to: 'if (isDraining() && false) {',
    test,
    named: 'is 503 from the moment that it is told to stop',
  },
  {
    fault: 'a process is dead while the store is away',
    breaks: ['C31', 'I08'],
    file: health,
    from: 'app.openapi(live, (c) => c.json(',
    to: 'app.openapi(live, async (c) => (await pingPrimary(sql), c).json(',
    test,
    named: 'is 503 while the store is away',
  },
  {
    fault: 'the answer under way at a stop keeps its connection',
    breaks: ['F20'],
    file: drain,
    from: '      for (const response of newestOf(underWay)) response.shouldKeepAlive = false;\n',
    to: '',
    test,
    named: 'lets the answer under way end',
  },
  {
    fault: 'what still comes at a stop keeps its connection',
    breaks: ['F20'],
    file: drain,
    from: '    if (draining) response.shouldKeepAlive = false;\n',
    to: '',
    test,
    named: 'answers what still comes on a connection',
  },
  {
    fault: 'a stop breaks the answers under way',
    breaks: ['F20', 'I08'],
    file: drain,
    from: 'passed > SILENT_MILLISECONDS && !busy.has(socket)',
    to: 'passed > SILENT_MILLISECONDS',
    test,
    named: 'lets the answer under way end',
  },
  {
    fault: 'a silent connection holds a stop up',
    breaks: ['F20'],
    file: drain,
    from: ' || (passed > SILENT_MILLISECONDS && !busy.has(socket))',
    to: ' || (passed > SILENT_MILLISECONDS * 1e9 && !busy.has(socket))',
    test: 'test/api/operations.test.ts',
    named: 'is not held up by a connection on which nobody',
  },
  {
    fault: 'so many mails wait that none more goes out in time, and more are promised',
    breaks: ['I11'],
    file: backlog,
    from: 'codeTtlSeconds * SHARE_OF_LIFE &&',
    to: 'codeTtlSeconds &&',
    test: watches,
    named: 'as many as can go out in nine tenths',
  },
  {
    fault: 'one mail too few that wait is too many',
    breaks: ['I11'],
    file: backlog,
    from: 'isFull = mails > rate',
    to: 'isFull = mails >= rate',
    test: watches,
    named: 'as many as can go out in nine tenths',
  },
  {
    fault: 'everything is too much while the rate is not known',
    breaks: ['I11'],
    file: backlog,
    from: ' && rate > 0;',
    to: ';',
    test: watches,
    named: 'are not too many while nobody knows',
  },
  {
    fault: 'a step of the stop that fails is the last',
    breaks: ['F20'],
    file: stop,
    from: "await step().catch((error: unknown) => log.error('stop_step_failed', {}, error));",
    to: "await step().catch((error: unknown) => { log.error('stop_step_failed', {}, error); process.exit(0); });",
    test: 'test/runtime/stop.test.ts',
    named: 'SIGTERM: the steps in order',
  },
  {
    fault: 'the steps of the stop all at once',
    breaks: ['F20', 'I14'],
    file: stop,
    from: '      await step().catch(',
    to: '      void step().catch(',
    test: 'test/runtime/stop.test.ts',
    named: 'SIGTERM: the steps in order',
  },
  {
    fault: 'a stop that hangs cannot be ended',
    breaks: ['F20'],
    file: stop,
    from: "    if (stopping) return end('stop_forced');\n",
    to: '    if (stopping) return;\n',
    test: 'test/runtime/stop.test.ts',
    named: 'a second signal, SIGTERM',
  },
];
