#!/usr/bin/env node
// `npx sealpost`: the command line, on the Node that npm has installed beside it.
import '../runtime/node-version.js';

await import('./main.ts');
