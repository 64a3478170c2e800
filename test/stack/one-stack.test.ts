/** All that is only looked at, on one stack: its edge, what its containers are denied, its monitoring. */
import { afterAll, beforeAll } from 'vitest';
import './alerts.ts';
import './backups.ts';
import './edge.ts';
import './hardening.ts';
import './monitoring.ts';
import './status.ts';
import { stack, startOneStack } from './support/one-stack.ts';

beforeAll(startOneStack);
afterAll(() => stack?.stop());
