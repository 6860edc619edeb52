//! Writes the JavaScript side of a wasm file, for the Worker or for a page.
//!
//! What is decided here is only which of wasm-bindgen's output forms each host needs. Compiling to wasm and
//! shrinking the result belong to the scripts around this tool.

mod shrink;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use wasm_bindgen_cli_support::Bindgen;

/// The host that will load the module.
#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// The Workers runtime: the wasm is an imported module, and the instance can be replaced after a trap.
    Worker,
    /// Browsers and Node: the caller hands over bytes or a URL. TypeScript types come along.
    Web,
}

/// Makes the JavaScript side of a wasm file.
#[derive(Parser)]
#[command(name = "bindgen", version)]
struct Arguments {
    /// The host that will load the module.
    #[arg(long)]
    target: Target,
    /// The folder to write to; it is made when missing.
    #[arg(long)]
    out_dir: PathBuf,
    /// The name of the files: NAME.js and NAME_bg.wasm.
    #[arg(long)]
    name: String,
    /// Keeps the names of functions, for profilers.
    #[arg(long)]
    names: bool,
    /// What `cargo build --target wasm32-unknown-unknown` made.
    wasm: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&arguments.wasm)
        .out_name(&arguments.name)
        .typescript(false)
        .remove_name_section(!arguments.names);
    match arguments.target {
        Target::Worker => bindgen.module(true)?.reset_state_function(true).force_enable_abort_handler(true),
        Target::Web => bindgen.web(true)?.typescript(true),
    };
    bindgen.generate(&arguments.out_dir).with_context(|| format!("no bindings for {}", arguments.wasm.display()))?;
    if !arguments.names {
        let file = arguments.out_dir.join(format!("{}_bg.wasm", arguments.name));
        let shrunk = shrink::shrink(&fs::read(&file)?).with_context(|| format!("{} is unusual", file.display()))?;
        fs::write(&file, shrunk)?;
    }
    Ok(())
}
