//! Ctrl-C. No command cleans up after itself, because none has to: the store is written in transactions that hold how far
//! they are, files are written beside their place and moved there, and a Worker is changed by one pointer at the end. So
//! the program may end anywhere, as it may when the power goes; all that is added is a word and the documented code.

use crate::exit::Exit;

/// From now on Ctrl-C says that it was heard and ends with code 130.
pub(crate) fn end_on_ctrl_c() {
    let heard = ctrlc::set_handler(|| {
        eprintln!("\ninterrupted: what was written so far is whole and stays; run the same command again to go on");
        std::process::exit(Exit::Interrupted.code().into());
    });
    // Without a handler the signal itself ends the program, and a shell says 130 all the same.
    drop(heard);
}
