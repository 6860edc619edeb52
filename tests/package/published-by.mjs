// What a Worker has made live, as its public routes name it: read from its store.
import assert from "node:assert/strict";

/** The pointers' names of what is published beside the pack. */
const POINTERS = { pack: "pack/finance", catalog: "catalog/finance", popularity: "popularity/finance", model: "model/finance", experiments: "experiments/production" };

/** Returns what the small site serves: the texts of a Worker's live blobs, and their versions. */
export async function publishedBy(worker) {
  const kv = await worker.kv();
  const live = JSON.parse(await kv.get("live"));
  const texts = {};
  const versions = { pack: "finance" };
  for (const [kind, pointer] of Object.entries(POINTERS)) {
    const version = live[pointer] ?? "";
    versions[`${kind}_version`] = version;
    if (version) texts[kind] = await kv.get(`${kind}/${version}`);
    assert.ok(!version || texts[kind], `${kind} is in the store`);
  }
  return { texts, versions, items: JSON.parse(texts.catalog).items };
}
