// The frame of all pages: whose token, which page.

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { apiFor } from "./api.js";
import { ExplainPage } from "./explain/explain-page.js";
import { ModelsPage } from "./models/models-page.js";
import { Navigation } from "./navigation.js";
import { OverviewPage } from "./overview/overview-page.js";
import { PacksPage } from "./packs/packs-page.js";
import { RetrainingPage } from "./retraining/retraining-page.js";
import { PAGES, useRoute } from "./route.js";
import type { PageName } from "./route.js";
import { roleOf, SessionProvider } from "./session.js";
import { TokenForm } from "./token-form.js";
import { useOnline } from "./use-online.js";

const VIEWS = { overview: OverviewPage, models: ModelsPage, packs: PacksPage, explain: ExplainPage, retraining: RetrainingPage };

/** The whole page. */
export function App({ firstToken }: { firstToken: string }) {
  const [token, setToken] = useState(firstToken);
  const [notice, setNotice] = useState("");
  const { page, pack } = useRoute();
  const isOnline = useOnline();
  const refused = useCallback(() => {
    setToken("");
    setNotice("The token is not valid any more; tokens last a day at most.");
  }, []);
  const session = useMemo(() => ({ api: apiFor(token), role: roleOf(token), refused }), [token, refused]);
  const View = VIEWS[page];
  return (
    <>
      <header class="intro">
        <p><a class="wordmark" href="/">Nearside</a></p>
        <h1>Admin</h1>
        {token && <Navigation current={page} role={session.role} leave={() => { setNotice(""); setToken(""); }} />}
      </header>
      <main class="board">
        {!isOnline && <p class="notice" role="status">You are offline. What stands here is as old as its last answer; what failed is asked again when the connection is back.</p>}
        {token
          ? <SessionProvider value={session}><Titled page={page} key={`${page} ${token}`}><View pack={pack} /></Titled></SessionProvider>
          : <TokenForm notice={notice} use={(given) => { setNotice(""); setToken(given); }} />}
      </main>
    </>
  );
}

/** Moves the focus to the title of a page that was gone to, so that the keyboard and a screen reader go on from there. */
function Titled({ page, children }: { page: PageName; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const title = PAGES.find(({ name }) => name === page)?.title ?? "";
  useEffect(() => {
    document.title = `${title} – Nearside: admin`;
    if (location.hash) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <>
      <h2 class="page-title" tabIndex={-1} ref={heading}>{title}</h2>
      {children}
    </>
  );
}
