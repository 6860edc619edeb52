// Whether the person chose before. A no is a choice, too.

/** @param {import("../dist/nearside/nearside.js").Nearside} nearside @returns {Promise<boolean>} */
export async function hasChosen(nearside) {
  if (nearside.mode !== "general") return true;
  if (nearside.hasChosen) return nearside.hasChosen();
  // A package that does not say keeps the choice among everything else.
  const kept = await nearside.profile.export().catch(() => undefined);
  return kept?.choice !== undefined;
}
