// Subscriptions, queries and changes over WebSocket, by the client `graphql-ws`.
import assert from 'node:assert/strict';
import test from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { FEED, happen, signIn, socketUrl } from './service.js';

/** A client that says how its socket was closed. */
function connect(options = {}) {
  let told;
  const closed = new Promise((resolve) => (told = resolve));
  const client = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    on: { closed: (event) => told(event.code) },
    ...options,
  });
  return { client, closed };
}

/** Runs an operation to its end. */
async function run(client, payload) {
  const answers = [];
  for await (const answer of client.iterate(payload)) answers.push(answer);
  return answers;
}

test('a query is answered and completes', async () => {
  const { client } = connect();
  const answers = await run(client, { query: '{ jurisdiction(code: "yanzhou") { name } }' });
  assert.deepEqual(answers, [{ data: { jurisdiction: { name: '兖州区' } } }]);
  await client.dispose();
});

test('what is not valid is an error of the operation, and the socket lives on', async () => {
  const { client } = connect({ lazy: false, onNonLazyError: () => {} });
  await assert.rejects(run(client, { query: '{ nonsense }' }), (errors) => {
    assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    return true;
  });
  assert.equal((await run(client, { query: '{ __typename }' }))[0].data.__typename, 'Query');
  await client.dispose();
});

test('whoever follows is told what happens, in order', { timeout: 30_000 }, async () => {
  const [unit, office] = await Promise.all([signIn('yanzhou-unit'), signIn('yanzhou-office')]);
  const { client } = connect({ connectionParams: { authorization: `Bearer ${office}` } });
  const following = client.iterate({ query: FEED, variables: { jurisdiction: 'yanzhou' } });
  const first = following.next();
  // The subscription has begun once another operation of the same socket was answered after it.
  await run(client, { query: '{ __typename }' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const expected = await happen(unit, office);
  const kinds = [(await first).value, (await following.next()).value].map((answer) => {
    assert.equal(answer.errors, undefined);
    return answer.data.progressEvents.kind;
  });
  assert.deepEqual(kinds, expected);
  await following.return();
  await client.dispose();
});

test('a token that proves nothing closes with 4403', async () => {
  const { client, closed } = connect({ connectionParams: { authorization: 'Bearer nonsense' } });
  await assert.rejects(run(client, { query: '{ __typename }' }));
  assert.equal(await closed, 4403);
});

/** Opens a bare socket, sends messages, and returns the code it is closed with. */
function closedBy(...messages) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl, 'graphql-transport-ws');
    socket.on('error', reject);
    socket.on('close', (code) => resolve(code));
    socket.on('open', () => messages.forEach((message) => socket.send(message)));
  });
}

test('each fault of the protocol has its code', { timeout: 30_000 }, async () => {
  const begin = JSON.stringify({ type: 'connection_init' });
  const follow = JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FEED, variables: { jurisdiction: 'yanzhou' } } });
  assert.equal(await closedBy('nonsense'), 4400);
  assert.equal(await closedBy(follow), 4401);
  assert.equal(await closedBy(), 4408);
  assert.equal(await closedBy(begin, follow, follow), 4409);
  assert.equal(await closedBy(begin, begin), 4429);
});

test('pages of other sites open no socket', async () => {
  const socket = new WebSocket(socketUrl, 'graphql-transport-ws', { origin: 'http://elsewhere.example' });
  const status = await new Promise((resolve) => socket.on('unexpected-response', (_, response) => resolve(response.statusCode)));
  socket.on('error', () => {});
  socket.terminate();
  assert.equal(status, 403);
});
