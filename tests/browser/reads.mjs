// What a page asks the browser about the person before it: written down in the page, to be counted.

/** What tells of a person: where they are, what they hold in their hands, how they set their machine. */
export async function watchReads(page) {
  await page.addInitScript(() => {
    const reads = (globalThis.reads = []);
    const watch = (owner, name, kind) => {
      const { [kind]: given, ...rest } = Object.getOwnPropertyDescriptor(owner, name);
      const watched = function (...values) {
        reads.push(`${owner.constructor.name}.${name}`);
        return given.apply(this, values);
      };
      Object.defineProperty(owner, name, { ...rest, [kind]: watched });
    };
    watch(Intl.DateTimeFormat.prototype, "resolvedOptions", "value");
    watch(Date.prototype, "getTimezoneOffset", "value");
    for (const name of ["language", "languages", "maxTouchPoints", "hardwareConcurrency", "deviceMemory", "geolocation", "userAgentData"]) {
      if (name in Navigator.prototype) watch(Navigator.prototype, name, "get");
    }
    const { matchMedia } = globalThis;
    globalThis.matchMedia = (query) => {
      if (/pointer|hover/.test(query)) reads.push(query);
      return matchMedia(query);
    };
  });
}

/** What was asked so far. */
export const readsOf = (page) => page.evaluate(() => globalThis.reads);
