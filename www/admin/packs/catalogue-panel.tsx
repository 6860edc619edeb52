// The live catalogue of a pack, and changing its draft.

import { useState } from "preact/hooks";
import { count, short } from "../format.js";
import { Said } from "../said.js";
import { mayChange, useSession } from "../session.js";
import { Empty, Failed, Loading } from "../states.js";
import { useAnswer } from "../use-answer.js";
import { CatalogueTable } from "./catalogue-table.js";
import { CatalogueUpload } from "./catalogue-upload.js";
import { CheckButton } from "./check-button.js";
import { checkItems } from "./check-items.js";

/** What is live, then the draft. */
export function CataloguePanel({ pack }: { pack: string }) {
  const { api, role } = useSession();
  const asked = useAnswer(() => api.catalogue(pack), pack);
  const [said, setSaid] = useState("");
  const { answer } = asked;
  const hasNone = answer.state === "failed" && answer.problem.status === 404;
  return (
    <section class="panel" aria-labelledby="catalogue-title">
      <h3 id="catalogue-title">Live catalogue</h3>
      <Said text={said} />
      {answer.state === "loading" && <Loading what="the catalogue" />}
      {hasNone && <Empty title="No catalogue yet">People get nothing to see. Put items into the draft below and commit it.</Empty>}
      {answer.state === "failed" && !hasNone && <Failed problem={answer.problem} again={asked.again} />}
      {answer.state === "ready" && (
        <>
          <CatalogueTable items={answer.value.items} />
          <CheckButton label="Check the live catalogue" clean="The checker finds nothing in the live catalogue." check={() => checkItems(api, pack, answer.value.items)} document={answer.value} />
        </>
      )}
      {mayChange(role) && <CatalogueUpload pack={pack} said={setSaid} committed={(items, version) => { setSaid(`${count(items)} items are live as ${short(version)}.`); asked.again(); }} />}
    </section>
  );
}
