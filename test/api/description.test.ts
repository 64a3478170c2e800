/** The description of the API, to the letter: whoever changes what clients generate from sees it in the diff of test/api/openapi.json. */
import { expect, test } from 'vitest';
import { describedApp } from '../support/described-app.ts';

test('is test/api/openapi.json; npx vitest run test/api/description.test.ts -u writes it', async () => {
  const answer = await describedApp().request('/openapi.json');
  expect(answer.status).toBe(200);
  await expect(`${JSON.stringify(await answer.json(), null, 2)}\n`).toMatchFileSnapshot('openapi.json');
});
