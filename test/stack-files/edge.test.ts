/** What the Caddyfile says, block by block: each of its lines is expected by hand, and nothing beside it. */
import { expect, test } from 'vitest';
import { caddyfile, linesIn, pathsIn } from '../support/stack-files.ts';
import { edgeBlocks } from './edge-lines.ts';
import { siteBlocks } from './edge-site-lines.ts';

const blocks = [...edgeBlocks, ...siteBlocks];
const edge = caddyfile('caddy/Caddyfile');

test.each(blocks)('%s', (_, path, lines) => {
  expect(linesIn(edge, ...path)).toEqual(lines);
});

test('every block has its row', () => {
  expect(blocks.map(([, path]) => path.join(' > ')).toSorted()).toEqual(
    pathsIn(edge)
      .map((path) => path.join(' > '))
      .toSorted(),
  );
});
