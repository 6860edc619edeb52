// One person's column: their list, what they do with it, and their switch.

import { readSettings, recommend } from "../shared/api.js";
import { wordsFor } from "../shared/problem.js";
import { cardList } from "./card-list.js";
import { choose } from "./choose.js";
import { columnFrame } from "./column-frame.js";
import { LIST_LENGTH } from "./list-length.js";
import { compareOrders } from "./moves.js";
import { noticesFor } from "./notices.js";
import { personalizationSwitch } from "./personalization-switch.js";
import { showPersonalization } from "./show-personalization.js";
import { showLoading, showProblem } from "./states.js";
import { openWhy } from "./why.js";

/** @import { Decision, DemoPerson, Item } from "../shared/wire.js" */

/**
 * Makes the column and begins to fill it.
 * @param {DemoPerson} person
 * @param {number} index
 */
export function personColumn(person, index) {
  const { name, about, token } = person;
  const frame = columnFrame({ id: `person-${index + 1}`, initial: name.charAt(0), name, about, hue: index + 1 });
  frame.stored.textContent =
    `What ${name} stated (age, country, income level, experience, how much to read), a sample history of 60 days at most, ` +
    "what you accept or dismiss here, and the switch. Switched off, none of it is read and nothing is added.";
  /** @type {Decision | null} */
  let shown = null;
  let isBusy = false;

  /** Asks for the list and shows it; returns what moved since the last one. @param {Item | null} chosen */
  const refresh = async (chosen) => {
    const [decision, settings] = await Promise.all([recommend(person, LIST_LENGTH), readSettings(token).catch(() => null)]);
    const moves = compareOrders(shown?.items ?? [], decision.items, chosen);
    shown = decision;
    cards.show(decision.items, moves.byId);
    toggle.show(settings);
    showPersonalization(frame, decision, settings);
    frame.notices.replaceChildren(...noticesFor(decision));
    return moves;
  };

  const load = async () => {
    showLoading(frame);
    try {
      await refresh(null);
    } catch (thrown) {
      showProblem(frame, thrown, load);
    } finally {
      frame.list.removeAttribute("aria-busy");
    }
  };

  /** Runs one change at a time and says what came of it. @param {() => Promise<string>} change */
  const changing = async (change) => {
    if (isBusy) return;
    isBusy = true;
    frame.list.setAttribute("aria-busy", "true");
    try {
      frame.said.textContent = await change();
    } catch (thrown) {
      frame.said.textContent = `That did not work. ${wordsFor(thrown)}`;
    } finally {
      isBusy = false;
      frame.list.removeAttribute("aria-busy");
    }
  };

  const cards = cardList(frame, {
    choose: (item, choice) => changing(async () => {
      const said = await choose(person, shown, item, choice);
      return `${said} ${(await refresh(item)).sentence}`;
    }),
    why: (item) => openWhy(person, item),
  });
  const toggle = personalizationSwitch(frame, person, (change) => changing(async () => {
    const said = await change();
    await refresh(null);
    return said;
  }));
  void load();
  return frame.section;
}
