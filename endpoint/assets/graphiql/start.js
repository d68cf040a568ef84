'use strict';

// Starts GraphiQL. This is a file, not a script in the page, so that the page's Content-Security-Policy can refuse inline scripts.

const DEFAULT_QUERY = `# 在这里编写查询，按 Ctrl+Enter（Mac：⌘+Enter）运行。
# 输入时会提示可用的字段；左上角的图标打开接口文档。
# 登录后，把访问令牌填入下方的 Headers：
#   { "Authorization": "Bearer 令牌" }
#
# Write queries here; Ctrl+Enter (Mac: ⌘+Enter) runs them.
# Fields are suggested as you type; the icon at the top
# left opens the manual. Once signed in, put the access
# token into Headers below:
#   { "Authorization": "Bearer TOKEN" }

{
  jurisdiction(code: "jining") {
    name
    notices(first: 10) {
      nodes {
        year
        title
        projectCount
        taskCount
      }
    }
    children {
      name
    }
  }
}
`;

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
    React.createElement(GraphiQL.Logo, null, '民生实事 · minsheng'),
  ),
);
