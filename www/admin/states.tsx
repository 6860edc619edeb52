// What is drawn where there is nothing to show yet: that the page waits, that there is nothing, or what went wrong.

import type { ComponentChildren } from "preact";
import type { Answer, Asked } from "./use-answer.js";
import type { Problem } from "./problem.js";
import { problemOf } from "./problem.js";
import { useSession } from "./session.js";
import type { Health } from "./wire/answers.js";

/** Bars where figures will be. */
export function Loading({ what }: { what: string }) {
  return (
    <div class="loading" role="status" aria-busy="true">
      <span class="visually-hidden">Loading {what}</span>
      <i /><i /><i />
    </div>
  );
}

/** Says that there is nothing, and how something comes to be. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="nothing">
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}

/** Says that no pack is live, unless the store that would know does not answer. */
export function NoPack({ health, again, children }: { health: Health; again: () => void; children: ComponentChildren }) {
  const isUnknown = Object.values(health.stores).some((state) => state !== "ok");
  return isUnknown ? <Failed problem={problemOf(503, null)} again={again} /> : <Empty title="No pack yet">{children}</Empty>;
}

/** Says what went wrong, and offers another try where that can help. */
export function Failed({ problem, again }: { problem: Problem; again?: () => void }) {
  const { role } = useSession();
  const hasNoRight = problem.status === 403;
  return (
    <div class={hasNoRight ? "problem is-right" : "problem"} role="alert">
      <p>{hasNoRight ? <>This needs an admin's token{role && `; yours is a ${role}'s`}. Print one with <code>npm run --silent token -- --role admin --user YOUR-ID</code>, then choose “Use another token” above.</> : problem.message}</p>
      {again && !hasNoRight && <button type="button" class="quiet" onClick={again}>Try again</button>}
    </div>
  );
}

/** Draws an answer, or the state that it is in. */
export function Shown<Value>({ asked, what, children }: { asked: Asked<Value>; what: string; children: (value: Value) => ComponentChildren }) {
  const answer: Answer<Value> = asked.answer;
  if (answer.state === "loading") return <Loading what={what} />;
  if (answer.state === "failed") return <Failed problem={answer.problem} again={asked.again} />;
  return <div class="shown" aria-busy={answer.isBusy}>{children(answer.value)}</div>;
}
