import { useEffect, useState } from "react";

/** Ranks the scope's catalogue, again whenever something changed; null until there is an answer. An answer that comes too late is dropped. */
export function useList({ nearside, changes }, context, scope) {
  const [decision, setDecision] = useState(null);
  useEffect(() => {
    let isStale = false;
    nearside?.rerank(undefined, context, { scope, explain: "summary" }).then((next) => isStale || setDecision(next), () => {});
    return () => {
      isStale = true;
    };
  }, [nearside, changes, context, scope]);
  return decision;
}
