// Subscriptions and queries as events sent by the server, by the client `graphql-sse` in its mode of distinct connections.
import assert from 'node:assert/strict';
import test from 'node:test';

import { createClient } from 'graphql-sse';

import { FEED, happen, signIn, url } from './service.js';

function connect(token) {
  return createClient({ url, retryAttempts: 0, headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

test('a query is answered and completes', async () => {
  const client = connect();
  const answers = [];
  for await (const answer of client.iterate({ query: '{ jurisdiction(code: "yanzhou") { name } }' })) answers.push(answer);
  assert.deepEqual(answers, [{ data: { jurisdiction: { name: '兖州区' } } }]);
  client.dispose();
});

test('what is not valid is refused', async () => {
  const client = connect();
  await assert.rejects(client.iterate({ query: '{ nonsense }' }).next());
  client.dispose();
});

test('whoever follows is told what happens, in order', { timeout: 30_000 }, async () => {
  const [unit, office] = await Promise.all([signIn('yanzhou-unit'), signIn('yanzhou-office')]);
  const client = connect(office);
  const following = client.iterate({ query: FEED, variables: { jurisdiction: 'yanzhou' } });
  const first = following.next();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const expected = await happen(unit, office);
  const kinds = [(await first).value, (await following.next()).value].map((answer) => {
    assert.equal(answer.errors, undefined);
    return answer.data.progressEvents.kind;
  });
  assert.deepEqual(kinds, expected);
  await following.return();
  client.dispose();
});
