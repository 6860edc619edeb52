// Whether the Worker does what it should, as checks; and the switch that turns everybody to the general order.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../dialog.js";
import { mayChange, useSession } from "../session.js";
import type { Health } from "../wire/answers.js";

const KEYS = { ok: "Signed models are taken", missing: "No key is set: no model is taken", malformed: "The keys do not read: no model is taken" };

/** Checks with a sign and words, so that no colour is needed to read them. */
export function ServiceStrip({ health, again }: { health: Health; again: () => void }) {
  const down = Object.entries(health.stores).filter(([, state]) => state !== "ok").map(([name]) => name.toUpperCase());
  return (
    <section class="strip" aria-labelledby="service-title">
      <div class="section-head">
        <h3 id="service-title">Service</h3>
        <button type="button" class="quiet" onClick={again}>Load again</button>
      </div>
      <ul>
        <Check isGood={health.status === "ok"} title="Worker">{health.status === "ok" ? `Answers; engine ${health.engine_version}` : `Answers with less than it should; engine ${health.engine_version}`}</Check>
        <Check isGood={down.length === 0} title="Stores">{down.length === 0 ? "All answer" : `Do not answer: ${down.join(", ")}`}</Check>
        <Check isGood={health.model_keys === "ok"} title="Model keys">{KEYS[health.model_keys]}</Check>
        <Check isGood={health.personalization_enabled} title="Personalization">
          {health.personalization_enabled ? "On." : "Off: everybody gets the general order."}
          <Switch isOn={health.personalization_enabled} again={again} />
        </Check>
      </ul>
    </section>
  );
}

function Check({ isGood, title, children }: { isGood: boolean; title: string; children: ComponentChildren }) {
  return (
    <li class={isGood ? "check is-good" : "check is-bad"}>
      <span class="sign" aria-hidden="true">{isGood ? "✓" : "!"}</span>
      <div><h4>{title}</h4><p>{children}</p></div>
    </li>
  );
}

function Switch({ isOn, again }: { isOn: boolean; again: () => void }) {
  const { api, role } = useSession();
  const [isAsking, setIsAsking] = useState(false);
  if (!mayChange(role)) return null;
  return (
    <>
      {" "}<button type="button" class="link" onClick={() => setIsAsking(true)}>Switch it {isOn ? "off" : "on"} for everybody</button>
      {isAsking && (
        <Dialog title={`Switch personalization ${isOn ? "off" : "on"} for everybody?`} doIt={`Switch ${isOn ? "off" : "on"}`} isDangerous={isOn}
          act={() => api.switchPersonalization(!isOn)} done={() => { setIsAsking(false); again(); }} close={() => setIsAsking(false)}>
          <p>{isOn
            ? "Everybody's next answer is the general order. Data and people's own choices stay as they are, and it can be switched on again at any time."
            : "Everybody who agreed to it gets a personal order again with their next answer."}</p>
        </Dialog>
      )}
    </>
  );
}
