// The only door to the network. One function a route; each answer is held against its documented shape before anybody sees it.

import type { Decision } from "../../src/browser/package/wire/decisions.js";
import type { Explanation } from "../../src/browser/package/wire/explanations.js";
import { Problem, problemOf, silence } from "./problem.js";
import { hasShape } from "./shape.js";
import type {
  CatalogUpload, Catalogue, CatalogueReport, ExplainRequest, Health, JobRequest, JobRequestReport, Jobs, ModelPerformance, Overview, Pack,
  PackModels, PackReport, PromoteRequest, RecommendRequest, RollbackRequest, Switch,
} from "./wire/answers.js";
import { SHAPES } from "./wire/shapes.js";

const BASE = "/api/v1/personalization";
/** Longer than any answer should take; then the page says so and offers another try. */
const PATIENCE_MS = 20_000;

interface Answers {
  Catalogue: Catalogue;
  CatalogueReport: CatalogueReport;
  Decision: Decision;
  Explanation: Explanation;
  Health: Health;
  JobRequestReport: JobRequestReport;
  Jobs: Jobs;
  ModelPerformance: ModelPerformance;
  Overview: Overview;
  Pack: Pack;
  PackModels: PackModels;
  PackReport: PackReport;
  Switch: Switch;
}

async function request<Name extends keyof Answers>(name: Name, path: string, init: RequestInit): Promise<Answers[Name]> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw silence();
  }
  const json: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response.status, json);
  if (!hasShape(json, { $ref: name }, SHAPES)) throw problemOf(-1, undefined);
  return json as Answers[Name];
}

/** The token that `npm start` leaves for a first look; it may read and change nothing. */
export async function readStartToken(): Promise<string> {
  const response = await fetch("/demo-admin.json", { cache: "no-store" }).catch(() => undefined);
  const json: unknown = response?.ok ? await response.json().catch(() => undefined) : undefined;
  if (typeof json === "object" && json !== null && "token" in json && typeof json.token === "string") return json.token;
  throw new Problem(404, "npm start left no token here.");
}

/** Everything that the pages ask, in the name of one token. */
export type Api = ReturnType<typeof apiFor>;

/** Makes the functions that ask in the name of a token. */
export function apiFor(token: string) {
  const headers = { Authorization: `Bearer ${token}` };
  const get = <Name extends keyof Answers>(name: Name, path: string) => request(name, BASE + path, { headers });
  const send = <Name extends keyof Answers>(name: Name, method: "POST" | "PUT", path: string, body: string) =>
    request(name, BASE + path, { method, headers: { ...headers, "Content-Type": "application/json" }, body });
  const post = <Name extends keyof Answers>(name: Name, path: string, body: object) => send(name, "POST", path, JSON.stringify(body));
  const one = encodeURIComponent;
  return {
    health: () => get("Health", "/health"),
    models: () => get("ModelPerformance", "/model-performance"),
    overview: (days: number) => get("Overview", `/admin/overview?days=${days}`),
    jobs: () => get("Jobs", "/retrain-models"),
    pack: (pack: string) => get("Pack", `/packs/${one(pack)}`),
    catalogue: (pack: string) => get("Catalogue", `/catalog/${one(pack)}`),
    promote: (pack: string, body: PromoteRequest) => post("PackModels", `/models/${one(pack)}/promote`, body),
    rollBack: (pack: string, body: RollbackRequest) => post("PackModels", `/models/${one(pack)}/rollback`, body),
    askTraining: (body: JobRequest) => post("JobRequestReport", "/retrain-models", body),
    askEvaluation: (body: JobRequest) => post("JobRequestReport", "/admin/evaluate", body),
    /** The checker's findings come as a problem; nothing is written. */
    checkPack: (pack: string, document: string) => send("PackReport", "PUT", `/packs/${one(pack)}?check=true`, document),
    checkItems: (pack: string, body: CatalogUpload) => send("CatalogueReport", "PUT", `/catalog/${one(pack)}?check=true`, JSON.stringify(body)),
    checkDraft: (pack: string) => request("CatalogueReport", `${BASE}/catalog/${one(pack)}/commit?check=true`, { method: "POST", headers }),
    /** The document's own bytes count: they are what is checked, hashed and kept. */
    publishPack: (pack: string, document: string) => send("PackReport", "PUT", `/packs/${one(pack)}`, document),
    changeCatalogue: (pack: string, body: CatalogUpload) => send("CatalogueReport", "PUT", `/catalog/${one(pack)}`, JSON.stringify(body)),
    commitCatalogue: (pack: string) => request("CatalogueReport", `${BASE}/catalog/${one(pack)}/commit`, { method: "POST", headers }),
    explain: (body: ExplainRequest) => post("Explanation", "/explain", body),
    recommend: (body: RecommendRequest) => post("Decision", "/recommend", body),
    switchPersonalization: (isOn: boolean) => post("Switch", "/admin/features", { personalization_enabled: isOn } satisfies Switch),
  };
}
