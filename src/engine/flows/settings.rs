//! The switches: shown and changed, effective at once.

use super::Host;
use super::domain::live_domain;
use super::person::Asker;
use super::refusal::Refusal;
use crate::ports::{People, Saved, SettingsChange};
use crate::privacy::{SaidAt, apply_settings};
use crate::types::Settings;
use crate::wire::SettingsUpdate;

/// How often a write may meet another one.
const ATTEMPTS: u32 = 6;

/// Returns the person's switches.
///
/// # Errors
/// `Unavailable` when they cannot be read: they are never guessed.
pub async fn show_settings<H: Host>(host: &H, asker: &Asker) -> Result<Settings, Refusal> {
    Ok(People::load(host, asker.scope, &[]).await?.settings)
}

/// Changes the person's switches and returns them. When it returns, the change holds everywhere; a yes that came without the
/// privacy signal holds where no signal is.
///
/// # Errors
/// A value out of range, or a store that is down: then nothing changed.
pub async fn change_settings<H: Host>(host: &H, asker: &Asker, update: &SettingsUpdate) -> Result<Settings, Refusal> {
    let said_at = SaidAt { now_ms: host.now_ms(), has_privacy_signal: host.has_privacy_signal() };
    for _ in 0..ATTEMPTS {
        let record = People::load(host, asker.scope, &[]).await?;
        let (live, _, _) = live_domain(host, None, Some(&record.pointers)).await?;
        let pack = &live.domain.pack;
        let settings = apply_settings(&record.settings, update, pack.consent_basis, &pack.retention, said_at)
            .map_err(|invalid| Refusal::invalid("invalid-settings", invalid.0))?;
        let change = SettingsChange { settings, at_ms: host.now_ms() };
        if let Saved::Yes(_) = People::save_settings(host, asker.scope, &change, record.revision).await? {
            return Ok(change.settings);
        }
    }
    Err(Refusal::conflict())
}
