/** All that is only looked at, on one stack: its edge, what its containers are denied, its monitoring. */
import { afterAll, beforeAll } from 'vitest';
import './backups.ts';
import './edge.ts';
import './hardening.ts';
import './monitoring.ts';
import './status.ts';
// Last, for Prometheus tells Alertmanager of what fires from its start only a minute later.
import './alerts.ts';
import { stack, startOneStack } from './support/one-stack.ts';

beforeAll(startOneStack);
afterAll(() => stack?.stop());
