// Items into the draft, checked on the way; then the draft into the live one's place.

import { useState } from "preact/hooks";
import type { Item } from "../../../src/browser/package/wire/items.js";
import { Dialog } from "../dialog.js";
import { count } from "../format.js";
import { asProblem, Problem } from "../problem.js";
import { useSession } from "../session.js";
import type { CatalogUpload, CatalogueReport } from "../wire/answers.js";
import { CheckButton } from "./check-button.js";
import { DocumentField } from "./document-field.js";
import { FindingsList } from "./findings-list.js";
import { readDocument } from "./place.js";

/** A list is of items; a document says itself what it puts in and takes out. The Worker checks either. */
function uploadOf(document: unknown): CatalogUpload | null {
  if (Array.isArray(document)) return { items: document as Item[] };
  return typeof document === "object" && document !== null ? document : null;
}

/** Two steps, as the Worker has them. */
export function CatalogueUpload({ pack, said, committed }: { pack: string; said: (words: string) => void; committed: (items: number, version: string) => void }) {
  const { api } = useSession();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [draft, setDraft] = useState<CatalogueReport | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const read = readDocument(text);
  const upload = "document" in read ? uploadOf(read.document) : null;
  const send = async (isCheck: boolean) => {
    setProblem(null);
    said("");
    if ("fault" in read) return setProblem(new Problem(-3, `This is not JSON: ${read.fault}`));
    if (!upload) return setProblem(new Problem(-3, "This is neither a list of items nor a document with items."));
    try {
      const report = await (isCheck ? api.checkItems : api.changeCatalogue)(pack, upload);
      if (isCheck) return said(`The checker finds nothing in ${count(report.items)} items. Nothing was written.`);
      setDraft(report);
      setText("");
      said(`The draft has ${count(report.items)} items. Nothing of it is live before a commit.`);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const commit = async () => {
    const report = await api.commitCatalogue(pack);
    setDraft(null);
    committed(report.items, report.version ?? "");
  };
  return (
    <details class="as-table">
      <summary>Change the catalogue</summary>
      <form onSubmit={(event) => { event.preventDefault(); void send(false); }}>
        <DocumentField label="Items (JSON)" text={text} change={(next) => { setText(next); setProblem(null); }}
          help={'A list of items, or {"items": […], "remove": ["id"]}; 1,000 entries at most. An item with a known id takes the place of that one.'} />
        {problem && <FindingsList problem={problem} document={upload} check="" />}
        <p class="buttons">
          <button type="submit" class="main" disabled={text.trim() === ""}>Put into the draft</button>
          <button type="button" class="quiet" disabled={text.trim() === ""} onClick={() => void send(true)}>Check only</button>
          <button type="button" class="quiet" onClick={() => setIsAsking(true)}>Commit the draft…</button>
        </p>
      </form>
      <CheckButton label="Check the draft" clean="The checker finds nothing in the draft." check={() => api.checkDraft(pack)} document={undefined} />
      {isAsking && (
        <Dialog title="Commit the draft?" doIt="Commit" act={commit} done={() => setIsAsking(false)} close={() => setIsAsking(false)}>
          <p>{draft ? `The draft of ${pack} with its ${count(draft.items)} items` : `The draft of ${pack}, as it was last changed,`} becomes a version and the live catalogue at once.</p>
        </Dialog>
      )}
    </details>
  );
}
