// GraphQL over HTTP, by the audits that `graphql-http` brings: https://github.com/graphql/graphql-http#audits
import assert from 'node:assert/strict';
import test from 'node:test';

import { serverAudits } from 'graphql-http';

import { url } from './service.js';

const audits = serverAudits({ url });

test('there are as many audits as there were', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}
