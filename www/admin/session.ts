// Who the page speaks for: one token, in memory only.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api.js";

/** What every part of the page may use. */
export interface Session {
  readonly api: Api;
  /** What the token says of itself; the Worker decides what it may do. */
  readonly role: string;
  /** Called when the Worker does not take the token any more. */
  readonly refused: () => void;
}

const Current = createContext<Session | null>(null);

/** Gives the session to everything inside. */
export const SessionProvider = Current.Provider;

/** The session that this part is drawn in. */
export function useSession(): Session {
  const session = useContext(Current);
  if (!session) throw new Error("drawn outside a session");
  return session;
}

/** Whether a role may change things. Somebody whose token does not say is let try. */
export const mayChange = (role: string) => role === "" || role === "admin" || role === "superadmin";

/** The role that a token says it has; empty where it does not read. */
export function roleOf(token: string): string {
  try {
    const letters = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(atob(letters));
    if (typeof claims === "object" && claims !== null && "role" in claims && typeof claims.role === "string") return claims.role;
  } catch {
    // Not a token of ours: the Worker will say so.
  }
  return "";
}
