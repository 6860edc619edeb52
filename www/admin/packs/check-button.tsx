// Asks the checker about what is there, and writes nothing.

import { useState } from "preact/hooks";
import { asProblem } from "../problem.js";
import type { Problem } from "../problem.js";
import { Said } from "../said.js";
import { FindingsList } from "./findings-list.js";

interface Check {
  /** What the button says. */
  readonly label: string;
  /** What is said when nothing was found. */
  readonly clean: string;
  readonly check: () => Promise<unknown>;
  /** What the places of findings lead into. */
  readonly document: unknown;
}

/** A button, and what the checker said since. */
export function CheckButton({ label, clean, check, document }: Check) {
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ask = async () => {
    setSaid("");
    setProblem(null);
    setIsBusy(true);
    try {
      await check();
      setSaid(clean);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setIsBusy(false);
  };
  return (
    <>
      <p class="buttons"><button type="button" class="quiet" aria-busy={isBusy} disabled={isBusy} onClick={() => void ask()}>{label}</button></p>
      <Said text={said} />
      {problem && <FindingsList problem={problem} document={document} check="" />}
    </>
  );
}
