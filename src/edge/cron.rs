//! The nightly run.

use nearside_engine::flows::nightly;
use nearside_json::write_json;
use worker::{Env, ScheduledEvent, console_error, console_log};

use crate::config::Config;
use crate::host::EdgeHost;

/// Runs the jobs and logs what they did: counts, never people.
pub(crate) async fn run(_event: &ScheduledEvent, env: &Env) {
    match EdgeHost::new(env, &Config::read(env)) {
        Ok(host) => {
            let report = nightly(&host).await;
            console_log!("nightly: {}", write_json(&report));
        }
        Err(_) => console_error!("nightly: a binding is missing; see wrangler.toml"),
    }
}
