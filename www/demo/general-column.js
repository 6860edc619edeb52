// The column of nobody: what everybody gets without personalization.

import { recommendGeneral } from "../shared/api.js";
import { cardList } from "./card-list.js";
import { columnFrame } from "./column-frame.js";
import { LIST_LENGTH } from "./list-length.js";
import { noticesFor } from "./notices.js";
import { showLoading, showProblem } from "./states.js";

/**
 * Makes the column and begins to fill it.
 * @param {string} token any person's: the request says `general`, so that nothing of the person is read
 */
export function generalColumn(token) {
  const frame = columnFrame({ id: "general-order", initial: "=", name: "General order", about: "Without personalization", hue: 0 });
  frame.switch.remove();
  frame.chip.textContent = "Not personal";
  frame.stateText.textContent = "What everybody gets: by the publisher’s priority, in the publisher’s words.";
  frame.stored.textContent = "Nothing. No profile is read for this list, and nobody’s choices shape it.";
  const cards = cardList(frame, null);
  const load = async () => {
    showLoading(frame);
    try {
      const decision = await recommendGeneral(token, LIST_LENGTH);
      cards.show(decision.items);
      frame.notices.replaceChildren(...noticesFor(decision));
    } catch (thrown) {
      showProblem(frame, thrown, load);
    } finally {
      frame.list.removeAttribute("aria-busy");
    }
  };
  void load();
  return frame.section;
}
