// Where, on what and when a list is asked for. Nothing of it is read before a yes, and the country only while it may be used.

/** @import { Allowed } from "./own-record.js" */

/** The country that the browser's language names, where the pack knows it. @param {readonly string[]} countries */
function countryOf(countries) {
  const { region } = new Intl.Locale(navigator.language);
  return region && countries.includes(region) ? region : null;
}

/**
 * The clock's offset and not the zone's name: that would name a place.
 * @param {string} mode
 * @param {Allowed} allowed
 * @param {readonly string[]} countries
 */
export function situationOf(mode, allowed, countries) {
  if (mode === "general") return {};
  const country = allowed.location ? countryOf(countries) : null;
  return {
    ...(country && { country }),
    utc_offset_minutes: -new Date().getTimezoneOffset(),
    device_type: matchMedia("(pointer: coarse)").matches ? "mobile" : "desktop",
  };
}
