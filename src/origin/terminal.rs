//! What standard output may look like: colour is for people at a terminal who did not decline it.

use std::env;
use std::io::IsTerminal;

/// A colour of the eight that every terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// Something is wrong.
    Red,
    /// All is well.
    Green,
    /// Look here.
    Yellow,
}

/// True when standard output may be coloured. The rules are those of the help texts: NO_COLOR, when it is not empty, is
/// the last word; then CLICOLOR_FORCE; then whether a terminal that is not dumb listens.
pub(crate) fn is_coloured() -> bool {
    let stated = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_forced = stated("CLICOLOR_FORCE") && env::var_os("CLICOLOR_FORCE").is_none_or(|value| value != "0");
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    !stated("NO_COLOR") && (is_forced || (std::io::stdout().is_terminal() && !is_dumb))
}

/// Returns the text in a colour.
pub(crate) fn paint(text: &str, colour: Colour) -> String {
    let number = match colour {
        Colour::Red => 31,
        Colour::Green => 32,
        Colour::Yellow => 33,
    };
    format!("\x1b[{number}m{text}\x1b[0m")
}
