// What people like this person took up, from the Worker.

import { list, object, text } from "../shared/read.js";
import { identity } from "./session.js";

/** @returns {Promise<string[]>} ids of items */
export async function readCollaborative() {
  const response = await fetch("/api/v1/personalization/recommendations/collaborative?scope=finance:home", {
    headers: { Authorization: `Bearer ${await identity.token()}` }, cache: "no-store",
  });
  return response.ok ? list(object(await response.json()).recommendations, (entry) => text(object(entry).recommendation_id)) : [];
}
