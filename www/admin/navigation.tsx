// The way to every page, and whose eyes they are seen with.

import { addressOf, PAGES } from "./route.js";
import type { PageName } from "./route.js";

/** The pages as links; experiments have a page of their own. */
export function Navigation({ current, role, leave }: { current: PageName; role: string; leave: () => void }) {
  return (
    <div class="tools">
      <nav class="pages" aria-label="Admin">
        <ul>
          {PAGES.map(({ name, title }) => (
            <li key={name}><a href={addressOf(name)} aria-current={name === current ? "page" : undefined}>{title}</a></li>
          ))}
          <li><a href="/experiments/">Experiments</a></li>
        </ul>
      </nav>
      <p class="who">{role ? <>Reading as <strong>{role}</strong></> : "Reading with a token of your own"}
        <button type="button" class="link" onClick={leave}>Use another token</button>
      </p>
    </div>
  );
}
