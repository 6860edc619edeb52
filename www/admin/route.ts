// Which page is shown: the part of the address behind the hash, so that every page has an address and the back button works.

import { useEffect, useState } from "preact/hooks";

/** The pages, in the order of the navigation. */
export const PAGES = [
  { name: "overview", title: "Overview" },
  { name: "models", title: "Models" },
  { name: "packs", title: "Packs and catalogues" },
  { name: "explain", title: "Explain" },
  { name: "retraining", title: "Retraining" },
] as const;

/** The name of a page. */
export type PageName = (typeof PAGES)[number]["name"];

/** A page, and the pack that it is about, where the address names one. */
export interface Route {
  readonly page: PageName;
  readonly pack: string;
}

/** The address of a page. */
export const addressOf = (page: PageName, pack = "") => `#/${page}${pack && `/${encodeURIComponent(pack)}`}`;

function routeOf(hash: string): Route {
  const [, name, pack = ""] = hash.split("/");
  const known = PAGES.find((page) => page.name === name);
  try {
    return { page: known?.name ?? "overview", pack: decodeURIComponent(pack) };
  } catch {
    return { page: known?.name ?? "overview", pack: "" };
  }
}

/** The route of the address, as it is now. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
}
