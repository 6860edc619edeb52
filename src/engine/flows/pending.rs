//! What a client sends along because it has not seen it acknowledged: judged as any event is, folded in, and not stored.

use super::observe::{Target, facts_of, resolve_time_zone, time_zone_of};
use super::person::{Person, Readable};
use super::recommend::Question;
use super::refusal::Refusal;
use crate::ports::Surroundings;
use crate::profile::fold;
use crate::tracking::{TakingRules, validate};
use crate::types::{Interaction, Role};

/// Folds in what the client has not seen acknowledged, but for what the log holds by now. Nothing of it is stored.
pub(super) fn fold_pending<S: Surroundings>(
    host: &S,
    question: &Question,
    person: &Person,
    readable: &mut Readable,
    pending: Vec<crate::wire::RawInteraction>,
    role: Role,
) -> Result<(), Refusal> {
    if pending.is_empty() {
        return Ok(());
    }
    let domain = question.domain();
    let rules = TakingRules { pack: &domain.pack, now_ms: question.now_ms, may_import_old: role.is_admin() };
    let mut events: Vec<Interaction> = Vec::new();
    for (index, raw) in pending.into_iter().enumerate() {
        if raw.user_id.is_some() {
            return Err(Refusal::invalid("invalid-request", format!("pending[{index}].user_id is not allowed here")));
        }
        let target = Target { target_id: raw.target_id.as_deref(), target_type: raw.target_type.as_deref() };
        let facts = facts_of(target, domain);
        let zone = time_zone_of(&raw);
        let fresh_id = host.fresh_id();
        let mut event = match validate(raw, facts, &fresh_id, &rules) {
            Ok(event) => event,
            // It may well be another pack's: it has nothing to say about this list, and is no reason to refuse it.
            Err(invalid) if matches!(invalid.code, "unknown_target" | "invalid_category") => continue,
            Err(invalid) => {
                return Err(Refusal::invalid("invalid-request", format!("pending[{index}]: {}", invalid.detail)));
            }
        };
        resolve_time_zone(host, zone, &mut event);
        let is_known = person.record.applied_ids.contains(&event.id) || events.iter().any(|known| known.id == event.id);
        if !is_known {
            events.push(event);
        }
    }
    if person.may_track && person.allowed.behavioral {
        for event in &events {
            fold(&mut readable.state, event, &domain.pack);
        }
    }
    Ok(())
}
