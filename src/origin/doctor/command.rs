//! The arguments of `nearside doctor` and the order of its looks.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::finding::{Verdict, json, table, worst};
use super::{local, model_key, worker};
use crate::api::ServerArgs;
use crate::exit::Exit;
use crate::settings::Settings;
use crate::store::StoreArgs;

/// Looks at the settings, the store, the keys, the disk and the Worker, and says what to do about what is wrong.
///
/// Changes nothing. The exit code is 1 when there is a problem; a warning alone is none.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// The key that models are signed with: {"id", "private"}, the 32 bytes of the seed in base64.
    #[arg(long, value_name = "FILE", env = "NEARSIDE_MODEL_KEY_FILE", default_value = ".nearside/model-key.json")]
    model_key_file: PathBuf,
    /// Prints one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Looks, and prints what was found.
///
/// # Errors
/// When nobody reads standard output.
pub(crate) fn run(args: &DoctorArgs, settings: &Settings) -> Result<ExitCode> {
    let mut findings = vec![
        local::settings(settings),
        local::store(&args.store.path),
        local::disk(&args.store.path),
        model_key::look(&args.model_key_file),
    ];
    findings.extend(worker::look(&args.server));
    let text = if args.json { json(&findings)? } else { table(&findings) };
    writeln!(io::stdout(), "{}", text.trim_end())?;
    Ok(if worst(&findings) == Verdict::Problem { Exit::Failed } else { Exit::Done }.into())
}
