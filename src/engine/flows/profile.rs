//! The profile: seen, stated, rebuilt, exported, erased.

use super::Host;
use super::apply::{rebuilt, snapshot};
use super::domain::live_domain;
use super::person::{Asker, Person};
use super::refusal::Refusal;
use crate::ports::{Applied, ErasureReceipt, ExperimentWrite, InteractionLog, LoggedPage, People, PersonWrite, Saved};
use crate::profile::{ProfileView, apply_preferences, view};
use crate::types::{Cursor, Personalization};
use crate::wire::PreferencesUpdate;
use nearside_json::write_json;

/// How often a write may meet another one.
const ATTEMPTS: u32 = 6;
/// Rows of a page of history.
const PAGE: u32 = 50;

/// Returns the profile as far as consent allows reading it: without consent it is empty and says `none`.
///
/// # Errors
/// `NotFound` for an admin who names a person nobody knows; `Unavailable` when it cannot be read.
pub async fn view_profile<H: Host>(host: &H, asker: &Asker) -> Result<ProfileView, Refusal> {
    let record = People::load(host, asker.scope, &[]).await?;
    if asker.role.is_admin() && !record.is_known {
        return Err(Refusal::not_found());
    }
    let (live, _, _) = live_domain(host, None, Some(&record.pointers)).await?;
    let pack = &live.domain.pack;
    let person = Person::new(host, record, pack);
    let readable = person.readable(pack);
    let user = asker.scope.user().to_string();
    let mut shown = view(&user, &readable.state, &readable.stated, pack, person.record.revision, host.now_ms());
    if !person.allowed.personalization {
        shown.personalization = Personalization::None;
    }
    Ok(shown)
}

/// Writes stated facts and preferences and returns the profile.
///
/// # Errors
/// `ConsentRequired` without consent: nothing personal is kept of somebody who did not agree.
pub async fn set_preferences<H: Host>(
    host: &H,
    asker: &Asker,
    update: PreferencesUpdate,
) -> Result<ProfileView, Refusal> {
    for _ in 0..ATTEMPTS {
        let record = People::load(host, asker.scope, &[]).await?;
        let (live, _, _) = live_domain(host, None, Some(&record.pointers)).await?;
        let pack = &live.domain.pack;
        let person = Person::whatever_the_switch(host, record, pack);
        if !person.allowed.personalization {
            return Err(Refusal::consent_required());
        }
        let stated = apply_preferences(&person.record.stated, update.clone(), pack)
            .map_err(|invalid| Refusal::invalid("invalid-preferences", invalid.0))?;
        let saved = People::save_stated(host, asker.scope, &stated, host.now_ms(), person.record.revision).await?;
        if let Saved::Yes(_) = saved {
            return view_profile(host, &Asker { role: crate::types::Role::Client, ..*asker }).await;
        }
    }
    Err(Refusal::conflict())
}

/// Rebuilds the learned state from the checkpoint and the log, and returns the profile.
///
/// # Errors
/// `ConsentRequired` without consent to learn; `Unavailable`, `Conflict`.
pub async fn refresh<H: Host>(host: &H, asker: &Asker) -> Result<ProfileView, Refusal> {
    for _ in 0..ATTEMPTS {
        let record = People::load(host, asker.scope, &[]).await?;
        if asker.role.is_admin() && !record.is_known {
            return Err(Refusal::not_found());
        }
        let (live, _, _) = live_domain(host, None, Some(&record.pointers)).await?;
        let person = Person::whatever_the_switch(host, record, &live.domain.pack);
        if !person.allowed.behavioral {
            return Err(Refusal::consent_required());
        }
        let state = rebuilt(host, asker.scope, &person.record.pointers).await?;
        let write = PersonWrite {
            scope: asker.scope,
            expected_revision: person.record.revision,
            events: Vec::new(),
            feedback: Vec::new(),
            received_at_ms: host.now_ms(),
            state_json: write_json(&state),
            snapshot: snapshot(&state, &person.record.stated, &live.domain.pack, host.now_ms()),
            experiments: ExperimentWrite::default(),
        };
        if person.record.revision == 0 || InteractionLog::replace_state(host, &write).await? == Applied::Yes {
            return view_profile(host, asker).await;
        }
    }
    Err(Refusal::conflict())
}

/// Returns a page of the person's history, newest first; empty where consent does not allow reading it.
///
/// # Errors
/// A malformed cursor; `NotFound`; `Unavailable`.
pub async fn history<H: Host>(host: &H, asker: &Asker, after: Option<&str>) -> Result<LoggedPage, Refusal> {
    let after = match after {
        None => None,
        Some(text) => Some(
            Cursor::parse(text)
                .ok_or_else(|| Refusal::invalid("invalid-request", "after is not a cursor of this list"))?,
        ),
    };
    let record = People::load(host, asker.scope, &[]).await?;
    if asker.role.is_admin() && !record.is_known {
        return Err(Refusal::not_found());
    }
    let (live, _, _) = live_domain(host, None, Some(&record.pointers)).await?;
    let person = Person::whatever_the_switch(host, record, &live.domain.pack);
    if !person.allowed.behavioral {
        return Ok(LoggedPage::default());
    }
    Ok(InteractionLog::page(host, asker.scope, after, PAGE).await?)
}

/// Returns everything of the person as JSON. It needs no consent: it is theirs.
///
/// # Errors
/// `NotFound` for an admin who names a person nobody knows; `Unavailable`.
pub async fn own_export<H: Host>(host: &H, asker: &Asker) -> Result<String, Refusal> {
    let record = People::load(host, asker.scope, &[]).await?;
    if asker.role.is_admin() && !record.is_known {
        return Err(Refusal::not_found());
    }
    Ok(People::export(host, asker.scope).await?)
}

/// Erases everything of the person and leaves a tombstone. Erasing twice gives two receipts, the second of nothing.
///
/// # Errors
/// `Unavailable`: then nothing was erased.
pub async fn erase<H: Host>(host: &H, asker: &Asker) -> Result<ErasureReceipt, Refusal> {
    Ok(People::erase(host, asker.scope, &host.fresh_id(), host.now_ms()).await?)
}
