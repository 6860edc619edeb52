// What people like this person took up, from the Worker.

import { collaborative } from "../shared/api.js";
import { identity } from "./session.js";

/** @returns {Promise<string[]>} ids of items */
export const readCollaborative = async () => collaborative(await identity.token(), "finance:home");
