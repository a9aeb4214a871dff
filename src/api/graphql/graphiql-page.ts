/** GraphiQL by itself: no script, style or font of elsewhere, and nothing that is asked beyond this server. */
export const GRAPHIQL_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wetread: GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="graphql/graphiql/graphiql.min.css">
<link rel="stylesheet" href="graphql/graphiql/page.css">
</head>
<body>
<div id="graphiql"></div>
<script src="graphql/graphiql/react.production.min.js"></script>
<script src="graphql/graphiql/react-dom.production.min.js"></script>
<script src="graphql/graphiql/graphiql.min.js"></script>
<script src="graphql/graphiql/page.js"></script>
</body>
</html>
`;

export const GRAPHIQL_STYLE = 'html, body, #graphiql { height: 100%; margin: 0; }\n';

/** Subscriptions come as an event stream, everything else as one answer; both are asked for with what stands under "Headers". */
export const GRAPHIQL_SCRIPT = `'use strict';
const isSubscription = (document, name) =>
  (document?.definitions ?? []).some((one) => one.operation === 'subscription' && (name == null || one.name?.value === name));
const post = (to, params, headers) =>
  fetch(to, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(params) });
const ask = async (params, headers) => (await post('graphql', params, headers)).json();
async function* follow(params, headers) {
  const answer = await post('graphql/stream', params, { ...headers, accept: 'text/event-stream' });
  if (!answer.ok) return yield answer.json();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split('\\n\\n');
      text = events.pop();
      for (const event of events) if (event.startsWith('event: next')) yield JSON.parse(event.slice(event.indexOf('data: ') + 6));
    }
  } finally {
    await reader.cancel();
  }
}
const fetcher = (params, { documentAST, headers } = {}) =>
  isSubscription(documentAST, params.operationName) ? follow(params, headers) : ask(params, headers);
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: '{\\n  reports(first: 5) {\\n    edges {\\n      node {\\n        id\\n        status\\n      }\\n    }\\n  }\\n}\\n' }),
);
`;
