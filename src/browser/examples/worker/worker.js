// In front of a site that stays as it is: the API goes to Nearside, and each page gets one script more.
// Bindings: NEARSIDE (the Nearside Worker), FILES (this folder's lists.js and the package), SITE (the site; without it, the origin).

const API = "/api/v1/personalization/";
const FILES = "/nearside/";
const SCRIPT = `<script type="module" src="${FILES}lists.js"></script>`;

export default {
  /** Answers one request. */
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(API)) return env.NEARSIDE.fetch(request);
    if (pathname.startsWith(FILES)) return env.FILES.fetch(request);
    const answer = await (env.SITE ? env.SITE.fetch(request) : fetch(request));
    const isPage = answer.headers.get("content-type")?.startsWith("text/html");
    return isPage ? new HTMLRewriter().on("head", { element: (head) => head.append(SCRIPT, { html: true }) }).transform(answer) : answer;
  },
};
