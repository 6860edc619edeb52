// Packs and their catalogues: what is live, and putting something else in its place.

import { useState } from "preact/hooks";
import { short } from "../format.js";
import { PackChooser } from "../pack-chooser.js";
import { Said } from "../said.js";
import { mayChange, useSession } from "../session.js";
import { NoPack, Shown } from "../states.js";
import { useAnswer } from "../use-answer.js";
import { CataloguePanel } from "./catalogue-panel.js";
import { CheckButton } from "./check-button.js";
import { PackOutline } from "./pack-outline.js";
import { PackUpload } from "./pack-upload.js";

/** The live pack and catalogue of one id. */
export function PacksPage({ pack }: { pack: string }) {
  const { api, role } = useSession();
  const health = useAnswer(api.health, "health");
  const [said, setSaid] = useState("");
  const published = (id: string, version: string) => { setSaid(`The pack ${id} is live as ${short(version)}.`); health.again(); };
  return (
    <>
      <Said text={said} />
      <Shown asked={health} what="the packs">{(found) => {
        const { packs } = found;
        const names = Object.keys(packs);
        const chosen = names.includes(pack) ? pack : names[0];
        return (
          <>
            {chosen === undefined
              ? <NoPack health={found} again={health.again}>A pack is a domain as data: categories, weights, words, rules. Put one in below, or run <code>npm run pack -- publish src/packs/finance</code>.</NoPack>
              : <>
                <PackChooser page="packs" packs={names} chosen={chosen} />
                {pack && pack !== chosen && <p class="notice">There is no pack {pack} here; this is {chosen}.</p>}
                <LivePack pack={chosen} key={`${chosen} ${packs[chosen]}`} />
              </>}
            {mayChange(role) && <PackUpload pack={chosen} published={published} key={chosen} />}
            {chosen !== undefined && <CataloguePanel pack={chosen} key={`catalogue ${chosen}`} />}
          </>
        );
      }}</Shown>
    </>
  );
}

function LivePack({ pack }: { pack: string }) {
  const { api } = useSession();
  const asked = useAnswer(() => api.pack(pack), pack);
  return <section class="panel" aria-labelledby="pack-title"><h3 id="pack-title">Live pack</h3><Shown asked={asked} what="the pack">{(found) => (
    <>
      <PackOutline pack={found} />
      <CheckButton label="Check the live pack" clean="The checker finds nothing in the live pack." check={() => api.checkPack(pack, JSON.stringify(found))} document={found} />
    </>
  )}</Shown></section>;
}
