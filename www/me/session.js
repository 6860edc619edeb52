// Who is signed in. An app of yours knows; here the first of the demo people stands in, and is looked up only when the
// person chooses to be remembered in their account.

import { readPeople } from "../shared/api.js";
import { Problem } from "../shared/problem.js";

/** @import { DemoPerson } from "../shared/wire.js" */

/** @type {DemoPerson | undefined} */
let person;

/** Looks up who is signed in. */
export async function signIn() {
  person ??= (await readPeople())[0];
  if (!person) throw new Problem(404, "Nobody is signed in here. Run npm start, which makes the demo people.");
  return person;
}

/** What the package asks: the person's id, and their token. */
export const identity = {
  get user() {
    return person?.user_id;
  },
  token: async () => (await signIn()).token,
};
