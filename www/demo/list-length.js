// How long the lists are, and how much of them stands open at first.

/** Items that are asked for. */
export const LIST_LENGTH = 10;
/** Cards that are shown before "Show more". */
export const OPEN_LENGTH = 5;
