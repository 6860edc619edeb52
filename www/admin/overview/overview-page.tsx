// The overview: does it run, what do people do with it, what is live, and how good was that when it was last measured.

import { useState } from "preact/hooks";
import type { Asked } from "../use-answer.js";
import { Empty, Shown } from "../states.js";
import { useSession } from "../session.js";
import { useAnswer } from "../use-answer.js";
import type { Health, ModelPerformance } from "../wire/answers.js";
import { FiguresPanel } from "./figures-panel.js";
import { LivePack } from "./live-pack.js";
import { ServiceStrip } from "./service-strip.js";

const DAYS = 28;

/** Who may not see the figures may not see the models, and is told so there. */
const lacksRight = ({ answer }: Asked<unknown>) => answer.state === "failed" && answer.problem.status === 403;

/** What an admin looks at first. */
export function OverviewPage() {
  const { api } = useSession();
  const health = useAnswer(api.health, "health");
  const models = useAnswer(api.models, "models");
  const [days, setDays] = useState(DAYS);
  const figures = useAnswer(() => api.overview(days), `overview ${days}`);
  const packs = health.answer.state === "ready" ? Object.keys(health.answer.value.packs) : [];
  return (
    <>
      <Shown asked={health} what="the Worker's health">{(said) => <ServiceStrip health={said} again={health.again} />}</Shown>
      {packs.length > 0 && !lacksRight(figures) && <FiguresPanel asked={figures} packs={packs} days={days} choose={setDays} />}
      <Packs health={health} models={models} />
      <p class="about">What tests of wordings and variants show stands on <a href="/experiments/">the page of experiments</a>.</p>
    </>
  );
}

function Packs({ health, models }: { health: Asked<Health>; models: Asked<ModelPerformance> }) {
  if (health.answer.state !== "ready") return null;
  const { value: said } = health.answer;
  return (
    <Shown asked={models} what="the models">{({ packs }) =>
      packs.length === 0
        ? <Empty title="No pack yet">Publish one: <code>npm run pack -- publish src/packs/finance</code>, or on the page of <a href="#/packs">packs and catalogues</a>.</Empty>
        : <>{packs.map((report) => <LivePack key={report.pack} report={report} health={said} />)}</>}
    </Shown>
  );
}
