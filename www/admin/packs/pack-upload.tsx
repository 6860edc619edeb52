// Putting a pack in the live one's place. The Worker checks it and makes it live in one step, so it is asked for first.

import { useState } from "preact/hooks";
import { Dialog } from "../dialog.js";
import { asProblem, Problem } from "../problem.js";
import { Said } from "../said.js";
import { useSession } from "../session.js";
import { DocumentField } from "./document-field.js";
import { FindingsList } from "./findings-list.js";
import { readDocument } from "./place.js";

/** The id that a pack gives itself. */
function idOf(document: unknown): string {
  return typeof document === "object" && document !== null && "id" in document && typeof document.id === "string" ? document.id : "";
}

/** A field for the document, and what the checker finds in it. */
export function PackUpload({ pack, published }: { pack: string | undefined; published: (pack: string, version: string) => void }) {
  const { api } = useSession();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState("");
  const [isAsking, setIsAsking] = useState(false);
  const read = readDocument(text);
  const document = "document" in read ? read.document : undefined;
  const id = idOf(document);
  const takeLive = async () => {
    setProblem(null);
    try {
      if (pack) setText(JSON.stringify(await api.pack(pack), null, 2));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const ask = (isCheck: boolean) => {
    setProblem(null);
    setSaid("");
    if ("fault" in read) setProblem(new Problem(-3, `This is not JSON: ${read.fault}`));
    else if (!id) setProblem(new Problem(-3, "The pack has no id, so there is no address to send it to."));
    else if (isCheck) api.checkPack(id, text).then(() => setSaid(`The checker finds nothing in ${id}. Nothing was written.`), (thrown: unknown) => setProblem(asProblem(thrown)));
    else setIsAsking(true);
  };
  const publish = async () => {
    try {
      const { version } = await api.publishPack(id, text);
      setText("");
      published(id, version);
    } catch (thrown) {
      const said = asProblem(thrown);
      // The checker's findings need room: they are shown beside the document.
      if (said.findings.length === 0) throw thrown;
      setProblem(said);
    }
  };
  return (
    <section class="panel" aria-labelledby="upload-title">
      <h3 id="upload-title">Publish a pack</h3>
      <form onSubmit={(event) => { event.preventDefault(); ask(false); }}>
        <DocumentField label="Pack (one JSON document)" text={text} change={(next) => { setText(next); setProblem(null); setSaid(""); }}
          help="The checker reads all of it first: what it refuses changes nothing, what it takes is live with everybody's next answer." />
        <Said text={said} />
        {problem && <FindingsList problem={problem} document={document} check="npm run pack -- check FOLDER says the same with file and words." />}
        <p class="buttons">
          <button type="submit" class="main" disabled={text.trim() === ""}>Check and publish…</button>
          <button type="button" class="quiet" disabled={text.trim() === ""} onClick={() => ask(true)}>Check only</button>
          {pack && <button type="button" class="quiet" onClick={() => void takeLive()}>Begin with the live pack</button>}
        </p>
      </form>
      {isAsking && (
        <Dialog title={`Publish ${id}?`} doIt="Check and publish" act={publish} done={() => setIsAsking(false)} close={() => setIsAsking(false)}>
          <p>Where the checker finds nothing, this pack takes the place of the live one at once{pack !== undefined && pack !== id && ", or becomes a pack beside the others"}. Models and the catalogue stay.</p>
        </Dialog>
      )}
    </section>
  );
}
