// An answer on its way to the page: waited for, there, or failed.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "./problem.js";
import type { Problem } from "./problem.js";
import { useSession } from "./session.js";

/** How far an answer is. */
export type Answer<Value> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "ready"; readonly value: Value; readonly isBusy: boolean };

/** An answer, and how to ask once more. */
export interface Asked<Value> {
  readonly answer: Answer<Value>;
  readonly again: () => void;
}

/**
 * Asks when first drawn and whenever `about` changes, and again when the connection is back after a failure. What is there
 * stays while it is asked for again, so that nobody loses their place.
 */
export function useAnswer<Value>(ask: () => Promise<Value>, about: string): Asked<Value> {
  const { refused } = useSession();
  const [answer, setAnswer] = useState<Answer<Value>>({ state: "loading" });
  // An answer that comes after a later question is not shown.
  const question = useRef(0);
  const latest = useRef(ask);
  latest.current = ask;
  const again = useCallback(() => {
    const mine = (question.current += 1);
    const settle = (next: Answer<Value>) => question.current === mine && setAnswer(next);
    setAnswer((before) => (before.state === "ready" ? { ...before, isBusy: true } : { state: "loading" }));
    latest.current().then(
      (value) => settle({ state: "ready", value, isBusy: false }),
      (thrown: unknown) => {
        const problem = asProblem(thrown);
        settle({ state: "failed", problem });
        if (question.current === mine && problem.status === 401) refused();
      },
    );
  }, [refused]);
  useEffect(() => {
    setAnswer({ state: "loading" });
    again();
    return () => void (question.current += 1);
  }, [again, about]);
  const isSilent = answer.state === "failed" && answer.problem.status === 0;
  useEffect(() => {
    if (!isSilent) return;
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [isSilent, again]);
  return { answer, again };
}
