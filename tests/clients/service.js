// The running demo: where it is, and how to ask it.
import assert from 'node:assert/strict';

const { MINSHENG_URL, MINSHENG_PASSWORD } = process.env;

export const url = MINSHENG_URL;
export const socketUrl = url.replace(/^http/, 'ws');

/** Posts, and returns the data; whatever goes wrong is thrown. */
export async function post(query, variables, token) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Signs in with an account of the demo, and returns its access token. */
export async function signIn(username) {
  const query = `mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code } } }`;
  const { signIn } = await post(query, { input: { username, password: MINSHENG_PASSWORD } });
  assert.deepEqual(signIn.errors, []);
  return signIn.session.accessToken;
}

export const FEED = `subscription ($jurisdiction: String!) {
  progressEvents(jurisdiction: $jurisdiction) { id kind task { title } }
}`;

/** Has something happen to a task of Yanzhou that its office is told of: a unit says that its task is done, and the office that it is not. */
export async function happen(unit, office) {
  const due = `{ viewer { dueReports { task { id standing { version } } } } }`;
  const found = await post(due, {}, unit);
  const { id, standing } = found.viewer.dueReports[0].task;
  const claim = `mutation ($input: ClaimCompletionInput!) { claimCompletion(input: $input) { task { standing { version } } errors { code message } } }`;
  const claimed = await post(claim, { input: { taskId: id, expectedVersion: standing.version } }, unit);
  assert.deepEqual(claimed.claimCompletion.errors, []);
  const back = `mutation ($input: TaskReasonInput!) { returnCompletion(input: $input) { errors { code message } } }`;
  const { version } = claimed.claimCompletion.task.standing;
  const returned = await post(back, { input: { taskId: id, expectedVersion: version, reason: '未完成' } }, office);
  assert.deepEqual(returned.returnCompletion.errors, []);
  return ['COMPLETION_CLAIMED', 'COMPLETION_RETURNED'];
}
