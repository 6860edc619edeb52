// Calls to the Worker's API for filling it: JSON in and out, a refusal ends the script with its own words.
import { StepFailed } from "./run.mjs";

const BASE = "/api/v1/personalization";

/**
 * Returns a caller of the API that acts with one token.
 * @param {string} url
 * @param {string} token
 * @returns {(method: string, path: string, body?: string | object) => Promise<{ status: number, json: any }>}
 */
export function apiOf(url, token) {
  return async (method, path, body) => {
    const response = await fetch(`${url}${BASE}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const json = await response.json().catch(() => null);
    if (!response.ok && response.status !== 404) {
      throw new StepFailed(`${method} ${path} answered ${response.status}: ${json?.detail ?? "no problem document"}`);
    }
    return { status: response.status, json };
  };
}
