//! The person's switches, and the global one.

use nearside_engine::flows;
use nearside_engine::wire::{SettingsUpdate, SwitchUpdate};
use serde::Serialize;

use super::Call;
use crate::error::Problem;
use crate::http::Reply;

/// Shows the switches.
pub(super) async fn show(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &flows::show_settings(call.host, &call.asker_in_query()?).await?))
}

/// Changes them; the change holds when this answers.
pub(super) async fn change(call: &Call<'_>) -> Result<Reply, Problem> {
    let update: SettingsUpdate = call.read()?;
    let asker = call.asker_named(update.user_id)?;
    Ok(Reply::json(200, &flows::change_settings(call.host, &asker, &update).await?))
}

/// Turns the global switch.
pub(super) async fn switch(call: &Call<'_>) -> Result<Reply, Problem> {
    let scope = call.admin()?;
    let update: SwitchUpdate = call.read()?;
    let personalization_enabled = update.personalization_enabled;
    flows::switch(call.host, scope, personalization_enabled).await?;
    Ok(Reply::json(200, &Switch { personalization_enabled }))
}

/// What the global switch is set to now.
#[derive(Serialize)]
struct Switch {
    personalization_enabled: bool,
}
