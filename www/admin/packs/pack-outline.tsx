// A pack as people read it: its outline, and every part as it is written.

import { plain } from "../format.js";
import type { Pack } from "../wire/answers.js";

const BASES = { opt_in: "personal after a yes (opt in)", opt_out: "personal until a no (opt out)" };
/** These stand in the outline. */
const OUTLINED = new Set(["format", "id", "version", "title", "language", "consent_basis", "reasoning", "kinds", "countries", "order_by"]);

const textIn = (entry: Readonly<Record<string, unknown>>, name: string) => (typeof entry[name] === "string" ? entry[name] : "");
const sizeOf = (part: unknown) => {
  const many = Array.isArray(part) ? part.length : typeof part === "object" && part !== null ? Object.keys(part).length : 0;
  return many === 1 ? "1 entry" : `${many} entries`;
};

/** The outline, then the parts. */
export function PackOutline({ pack }: { pack: Pack }) {
  const parts = Object.entries(pack).filter(([name, part]) => !OUTLINED.has(name) && typeof part === "object" && part !== null);
  return (
    <>
      <p class="lead-line">{pack.title}</p>
      <dl class="facts">
        <div><dt>Id</dt><dd>{pack.id}</dd></div>
        <div><dt>Author's version</dt><dd>{pack.version}</dd></div>
        <div><dt>Language</dt><dd>{pack.language}</dd></div>
        <div><dt>Consent</dt><dd>{BASES[pack.consent_basis ?? "opt_in"]}</dd></div>
        <div><dt>Reasoning</dt><dd>{pack.reasoning === "internal" ? "for admins only" : "shown to people"}</dd></div>
        <div><dt>Kinds</dt><dd>{pack.kinds.join(", ")}</dd></div>
        {pack.countries && <div><dt>Countries</dt><dd>{pack.countries.join(", ")}</dd></div>}
        {pack.order_by && <div><dt>General order</dt><dd>{pack.order_by.join(", then ")}</dd></div>}
        <div class="is-wide"><dt>Categories</dt><dd>{pack.categories.map((category) => textIn(category, "name") || textIn(category, "id")).join(", ")}</dd></div>
        <div class="is-wide"><dt>Scopes</dt><dd>{pack.scopes.map((scope) => textIn(scope, "id")).join(", ")}</dd></div>
      </dl>
      <h4>As it is written</h4>
      <div class="parts">
        {parts.map(([name, part]) => (
          <details class="as-table" key={name}>
            <summary>{plain(name)} <span class="soft">{sizeOf(part)}</span></summary>
            <pre tabIndex={0} role="group" aria-label={plain(name)}>{JSON.stringify(part, null, 2)}</pre>
          </details>
        ))}
      </div>
    </>
  );
}
