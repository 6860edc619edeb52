// Whom and what the console asks about. The id goes into the request's body, never into an address.

import { useState } from "preact/hooks";
import type { Context } from "../../../src/browser/package/wire/items.js";
import { useSession } from "../session.js";
import { Failed, Loading } from "../states.js";
import { useAnswer } from "../use-answer.js";

/** A question to the engine. */
export interface Asking {
  readonly user: string;
  readonly item: string;
  readonly scope: string;
  readonly context: Context;
}

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** All that the browser knows. */
const TIME_ZONES = Intl.supportedValuesOf("timeZone");

/** The form; scopes, countries and items are those of the pack. */
export function ExplainForm({ packs, isBusy, ask }: { packs: readonly string[]; isBusy: boolean; ask: (asking: Asking) => void }) {
  const { api } = useSession();
  const [name, setName] = useState(packs[0] ?? "");
  const asked = useAnswer(async () => ({ pack: await api.pack(name), items: (await api.catalogue(name)).items }), name);
  const { answer } = asked;
  const submit = (event: SubmitEvent, form: HTMLFormElement) => {
    event.preventDefault();
    const said = new FormData(form);
    const text = (field: string) => String(said.get(field) ?? "").trim();
    // What is not stated is not sent: the admin's own place and clock say nothing of the person's.
    const context = Object.fromEntries(["country", "time_zone"].map((field) => [field, text(field)]).filter(([, value]) => value));
    if (!isBusy) ask({ user: text("user"), item: text("item"), scope: `${name}:${text("scope")}`, context });
  };
  if (answer.state === "failed") return <Failed problem={answer.problem} again={asked.again} />;
  return (
    <form class="panel" onSubmit={(event) => submit(event, event.currentTarget)}>
      <div class="filters">
        {packs.length > 1 && <p class="field"><label for="pack">Pack</label><select id="pack" value={name} onChange={(event) => setName(event.currentTarget.value)}>{packs.map((one) => <option key={one}>{one}</option>)}</select></p>}
        <p class="field is-wide is-id"><label for="user">Person's id</label><input id="user" name="user" required pattern={UUID} title="A UUID in lower case" autocomplete="off" spellcheck={false} placeholder="0b8f7c52-6a41-4d0e-9d5b-2f6c1f0a7e11" /></p>
        {answer.state === "ready" && (
          <>
            <p class="field is-wide is-id"><label for="item">Item's id (empty: the list only)</label><input id="item" name="item" list="items" autocomplete="off" spellcheck={false} maxLength={128} /></p>
            <datalist id="items">{answer.value.items.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}</datalist>
            <p class="field"><label for="scope">Scope</label><select id="scope" name="scope">{answer.value.pack.scopes.map((scope) => <option key={String(scope["id"])}>{String(scope["id"])}</option>)}</select></p>
            <p class="field"><label for="country">Country</label><select id="country" name="country"><option value="">the person's own</option>{answer.value.pack.countries?.map((country) => <option key={country}>{country}</option>)}</select></p>
            <p class="field"><label for="time-zone">Time zone</label><select id="time-zone" name="time_zone"><option value="">not known</option>{TIME_ZONES.map((zone) => <option key={zone}>{zone}</option>)}</select></p>
          </>
        )}
      </div>
      {answer.state === "loading" && <Loading what="the pack and its items" />}
      <p class="buttons"><button type="submit" class="main" disabled={answer.state !== "ready"} aria-disabled={isBusy}>Ask now</button></p>
      <p class="about">It runs the path that ranks, at this moment, for the person that you name; nothing is counted as shown. In this page's memory only.</p>
    </form>
  );
}
