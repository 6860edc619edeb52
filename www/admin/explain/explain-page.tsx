// The explain console: why one person sees what they see, from the path that ranks, now.

import { useState } from "preact/hooks";
import type { Decision } from "../../../src/browser/package/wire/decisions.js";
import type { Explanation } from "../../../src/browser/package/wire/explanations.js";
import { asProblem } from "../problem.js";
import type { Problem } from "../problem.js";
import { useSession } from "../session.js";
import { Failed, Loading, NoPack, Shown } from "../states.js";
import { useAnswer } from "../use-answer.js";
import { ExplainForm } from "./explain-form.js";
import type { Asking } from "./explain-form.js";
import { ExplanationView } from "./explanation-view.js";
import { PersonsList } from "./persons-list.js";

interface Found {
  readonly asking: Asking;
  readonly list: Decision;
  readonly explanation: Explanation | null;
}

/** Asks for a person and an item, and shows what the engine says. */
export function ExplainPage() {
  const { api } = useSession();
  const health = useAnswer(api.health, "health");
  return (
    <Shown asked={health} what="the packs">{(said) => {
      const names = Object.keys(said.packs);
      return names.length === 0
        ? <NoPack health={said} again={health.again}>There is nothing to explain before a pack is live.</NoPack>
        : <Console packs={names} />;
    }}</Shown>
  );
}

function Console({ packs }: { packs: readonly string[] }) {
  const { api, refused } = useSession();
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ask = async (asking: Asking) => {
    setIsBusy(true);
    setProblem(null);
    const common = { user_id: asking.user, scope: asking.scope, context: asking.context };
    try {
      const [list, explanation] = await Promise.all([
        api.recommend({ ...common, explain: "full" }),
        asking.item ? api.explain({ ...common, recommendation_id: asking.item }) : null,
      ]);
      setFound({ asking, list, explanation });
    } catch (thrown) {
      const said = asProblem(thrown);
      setFound(null);
      setProblem(said.status === 404 ? Object.assign(said, { message: "There is no such item in the catalogue of this scope, or no such person." }) : said);
      if (said.status === 401) refused();
    }
    setIsBusy(false);
  };
  return (
    <>
      <ExplainForm packs={packs} isBusy={isBusy} ask={(asking) => void ask(asking)} />
      {isBusy && <Loading what="the answer" />}
      {problem && <Failed problem={problem} />}
      {!isBusy && found && (
        <>
          {found.explanation && <ExplanationView explanation={found.explanation} />}
          <PersonsList list={found.list} chosen={found.asking.item} why={(item) => void ask({ ...found.asking, item })} />
        </>
      )}
    </>
  );
}
