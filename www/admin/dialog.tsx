// A question that has to be answered before something changes.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { asProblem } from "./problem.js";
import type { Problem } from "./problem.js";
import { useSession } from "./session.js";

interface Question {
  readonly title: string;
  /** The words of the button that does it. */
  readonly doIt: string;
  readonly isDangerous?: boolean;
  readonly act: () => Promise<unknown>;
  /** Called when it is done. */
  readonly done: () => void;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** Asks; the browser's own dialog keeps the keyboard inside and gives it back afterwards. */
export function Dialog({ title, doIt, isDangerous = false, act, done, close, children }: Question) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { refused } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setProblem(null);
    try {
      await act();
      done();
    } catch (thrown) {
      const said = asProblem(thrown);
      setProblem(said);
      setIsBusy(false);
      if (said.status === 401) refused();
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={close}>
      <form onSubmit={submit}>
        <h3 id={heading}>{title}</h3>
        {children}
        {problem && <p class="problem" role="alert">{problem.message}</p>}
        <p class="buttons">
          <button type="submit" class={isDangerous ? "main is-dangerous" : "main"} aria-disabled={isBusy}>{isBusy ? "One moment…" : doIt}</button>
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>Leave it as it is</button>
        </p>
      </form>
    </dialog>
  );
}
