'use strict';

// Starts GraphiQL. This is a file, not a script in the page, so that the page's Content-Security-Policy can refuse inline scripts.

const DEFAULT_QUERY = `{{query}}`;

// Beside this page, whatever path a reverse proxy puts before both.
const endpoint = new URL('graphql', window.location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = GraphiQL.createFetcher({
  url: endpoint.href,
  // Opened only when a subscription runs; what the Headers editor holds becomes the payload of `connection_init`.
  subscriptionUrl: socket.href,
  // The server has neither @defer nor @stream, so answers are plain JSON, never multipart.
  enableIncrementalDelivery: false,
});

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(
    GraphiQL,
    {
      fetcher,
      defaultQuery: DEFAULT_QUERY,
      isHeadersEditorEnabled: true,
      // Not localStorage: what is typed here, a password in a sign-in or an access token among the headers of a past query, must not
      // outlive the tab on a shared computer.
      storage: window.sessionStorage,
    },
    React.createElement(GraphiQL.Logo, null, '{{title}}'),
  ),
);
