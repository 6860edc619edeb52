//! The arguments of `nearside pack` and what each command does with a folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::folder::{CheckedFolder, PackFolder};
use super::publish::{publish_catalogue, publish_pack};
use super::report::{print_findings, print_summary};
use crate::api::{Api, ServerArgs};
use crate::data::write_whole;
use crate::progress::note;

/// What can be done with a pack folder.
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Prints everything that is wrong with a pack folder, as FILE: PATH: DETAIL [RULE].
    Check {
        /// The folder: pack.json, one KEY.json for each large key, and catalog/*.json.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Prints one JSON object instead.
        #[arg(long)]
        json: bool,
    },
    /// Puts a pack folder together into the one JSON document that is published.
    Build {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The document to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Prints one JSON object instead of a note, and findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Makes a pack folder and its catalogue live on a Worker.
    Publish {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        server: ServerArgs,
        /// Prints the live versions as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one command. What is wrong with the folder is printed and ends in failure; so does what cannot be read.
pub(crate) fn run(command: PackCommand) -> Result<ExitCode> {
    match command {
        PackCommand::Check { folder, json } => check(&folder, json),
        PackCommand::Build { folder, out, json } => with_checked(&folder, json, |checked| {
            write_whole(&out, &checked.bytes)?;
            let bytes = checked.bytes.len();
            if json {
                println!("{}", json!({ "pack": checked.pack.id, "file": out, "bytes": bytes }));
            } else {
                note!("{}: {bytes} bytes", out.display());
            }
            Ok(())
        }),
        PackCommand::Publish { folder, server, json } => {
            with_checked(&folder, json, |checked| publish(checked, &server, json))
        }
    }
}

fn check(folder: &Path, json: bool) -> Result<ExitCode> {
    match PackFolder::read(folder)?.check() {
        Ok(checked) => {
            print_summary(&checked, json)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            print_findings(&findings, json)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn with_checked(folder: &Path, json: bool, act: impl FnOnce(&CheckedFolder) -> Result<()>) -> Result<ExitCode> {
    match PackFolder::read(folder)?.check() {
        Ok(checked) => act(&checked).map(|()| ExitCode::SUCCESS),
        Err(findings) => {
            print_findings(&findings, json)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn publish(checked: &CheckedFolder, server: &ServerArgs, json: bool) -> Result<()> {
    let api = Api::connect(server)?;
    let pack = publish_pack(&api, &checked.pack.id, &checked.bytes)?;
    let catalogue = publish_catalogue(&api, &checked.pack.id, &checked.items)?;
    if json {
        println!(
            "{}",
            json!({ "pack": checked.pack.id, "pack_version": pack, "items": checked.items.len(), "catalog_version": catalogue })
        );
    } else {
        println!(
            "{}: {} items live; pack {}, catalogue {}",
            checked.pack.id,
            checked.items.len(),
            short(&pack),
            short(&catalogue)
        );
    }
    Ok(())
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
