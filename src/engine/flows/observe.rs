//! Taking events: judged one by one, consent asked once per person, then queued or applied.

use serde::Serialize;

use super::Host;
use super::apply::{PersonEvents, apply_events};
use super::domain::{Domain, live_domain};
use super::experiments::{Echoed, Receipts};
use super::refusal::Refusal;
use crate::ports::{EventQueue, People, Surroundings};
use crate::privacy::{in_force, may_track};
use crate::tracking::{InvalidInteraction, TakingRules, validate, validate_context};
use crate::types::{
    Context, Environment, EventKind, Interaction, ItemFacts, PersonScope, Settings, SortedMap, SortedSet, TimeMs,
};
use crate::wire::{QueuedEvent, RawInteraction, chunk_messages};

/// One event to take: whose it is, and what it says or why it did not read.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Whose event; the host's access check made it.
    pub scope: PersonScope,
    /// The event.
    pub raw: Result<RawInteraction, InvalidInteraction>,
}

/// How events are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Applied before the answer, rather than through the queue.
    pub is_synchronous: bool,
    /// Events of any age, for imports by an admin.
    pub may_import_old: bool,
}

/// The answer of tracking.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TrackReport {
    /// Taken, and applied or queued.
    pub accepted: u32,
    /// Seen before, in this request or in the log.
    pub duplicates: u32,
    /// Not taken, because the person has not agreed.
    pub withheld: u32,
    /// Not taken, because of what they are.
    pub rejected: Vec<RejectedEntry>,
    /// `queue` where events had to be applied at once, `catalog` where facts of targets were missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
}

/// One event that was refused.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RejectedEntry {
    /// Its place in the request.
    pub index: usize,
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

/// The target that an event names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) target_id: Option<&'a str>,
    pub(super) target_type: Option<&'a str>,
}

/// Takes events of one or many people.
///
/// # Errors
/// Only when no pack can be read at all, or when neither the queue nor the store takes the events.
pub async fn track<H: Host>(host: &H, intake: Vec<Intake>, how: Taken) -> Result<TrackReport, Refusal> {
    let scopes: Vec<PersonScope> =
        intake.iter().map(|entry| entry.scope).collect::<SortedSet<_>>().into_iter().collect();
    let has_signal = host.has_privacy_signal();
    let consents = match People::consents(host, &scopes).await {
        // The queue's consumer hears no signal: under one, what cannot be asked now is not taken.
        Err(down) if has_signal => return Err(down.into()),
        known => known.ok(),
    };
    let pointers = consents.as_ref().map(|(pointers, _)| pointers.clone());
    let (live, _, known_pointers) = live_domain(host, None, pointers.as_ref()).await?;
    let mut report = TrackReport { degraded: live.degraded.clone(), ..TrackReport::default() };
    let domains = other_domains(host, &live.domain, pointers.as_ref()).await;
    let has_seal = intake
        .iter()
        .any(|entry| entry.raw.as_ref().is_ok_and(|raw| raw.receipt.is_some() || raw.experiments_token.is_some()));
    let receipts = if has_seal { Receipts::read(host, &known_pointers).await } else { None };
    // Where consent cannot be read now, the queue's consumer asks it before anything is applied.
    let agreed: Option<SortedMap<PersonScope, Settings>> = consents.map(|(_, said)| {
        let in_force = said.into_iter().map(|settings| in_force(settings, has_signal));
        scopes.iter().copied().zip(in_force).collect()
    });
    let is_withheld = |scope: PersonScope, event: &Interaction| {
        let own = domains.iter().find(|domain| domain.pack.id == event.facts.pack);
        let basis = own.unwrap_or(&live.domain).pack.consent_basis;
        agreed.as_ref().is_some_and(|agreed| !agreed.get(&scope).is_some_and(|settings| may_track(settings, basis)))
    };
    let mut accepted: SortedMap<PersonScope, Vec<Interaction>> = SortedMap::new();
    let mut seen: SortedSet<(PersonScope, String)> = SortedSet::new();
    for (index, entry) in intake.into_iter().enumerate() {
        match judge(host, entry, &domains, receipts.as_ref(), how) {
            Err(invalid) => report.rejected.push(RejectedEntry { index, code: invalid.code, detail: invalid.detail }),
            Ok((scope, event)) if is_withheld(scope, &event) => report.withheld += 1,
            Ok((scope, event)) if !seen.insert((scope, event.id.clone())) => {
                let _ = event;
                report.duplicates += 1;
            }
            Ok((scope, event)) => accepted.get_or_default(scope).push(event),
        }
    }
    if accepted.is_empty() {
        return Ok(report);
    }
    let at_once = how.is_synchronous || accepted.values().flatten().any(|event| is_urgent(event.kind));
    deliver(host, accepted, at_once && agreed.is_some(), how.is_synchronous, &mut report).await?;
    Ok(report)
}

/// Accepts, dismissals and feedback show in the very next answer.
fn is_urgent(kind: EventKind) -> bool {
    kind.is_acceptance() || matches!(kind, EventKind::RecommendationDismissed | EventKind::Feedback)
}

async fn deliver<H: Host>(
    host: &H,
    accepted: SortedMap<PersonScope, Vec<Interaction>>,
    at_once: bool,
    is_asked_for: bool,
    report: &mut TrackReport,
) -> Result<(), Refusal> {
    let received_at_ms = host.now_ms();
    // A bulk with many people goes through the queue even if some of it is urgent, unless the caller asked to wait.
    let at_once = at_once && (is_asked_for || accepted.len() == 1);
    let batch = |accepted: &SortedMap<PersonScope, Vec<Interaction>>| -> Vec<PersonEvents> {
        let people = accepted.iter();
        people.map(|(scope, events)| PersonEvents::of(*scope, events.clone(), received_at_ms)).collect()
    };
    if at_once && let Ok(applied) = apply_events(host, batch(&accepted)).await {
        report.accepted += applied.applied;
        report.duplicates += applied.duplicates;
        report.withheld += applied.withheld;
        return Ok(());
    }
    let queued: Vec<QueuedEvent> = accepted
        .iter()
        .flat_map(|(scope, events)| events.iter().map(|event| QueuedEvent { user: scope.user(), event: event.clone() }))
        .collect();
    let chunks = chunk_messages(&queued, received_at_ms);
    let (bodies, sizes): (Vec<String>, Vec<usize>) = chunks.into_iter().unzip();
    let sent = EventQueue::send(host, &bodies).await.unwrap_or(0);
    let taken: usize = sizes.iter().take(sent).sum();
    report.accepted += u32::try_from(taken).unwrap_or(u32::MAX);
    if taken < queued.len() {
        report.degraded.push("queue".to_owned());
        let rest = queued.get(taken..).unwrap_or_default();
        let mut left: SortedMap<PersonScope, Vec<Interaction>> = SortedMap::new();
        for (scope, events) in &accepted {
            let ids: SortedSet<&str> = rest
                .iter()
                .filter(|queued| queued.user == scope.user())
                .map(|queued| queued.event.id.as_str())
                .collect();
            let events: Vec<Interaction> =
                events.iter().filter(|event| ids.contains(event.id.as_str())).cloned().collect();
            if !events.is_empty() {
                left.insert(*scope, events);
            }
        }
        let applied = apply_events(host, batch(&left)).await?;
        report.accepted += applied.applied;
        report.duplicates += applied.duplicates;
        report.withheld += applied.withheld;
    }
    Ok(())
}

/// The default pack's domain first, then those of every other live pack: an event belongs to the first that holds its target.
pub(super) async fn other_domains<H: Host>(
    host: &H,
    first: &std::rc::Rc<Domain>,
    pointers: Option<&crate::ports::Pointers>,
) -> Vec<std::rc::Rc<Domain>> {
    let mut domains = vec![std::rc::Rc::clone(first)];
    let ids = pointers.into_iter().flatten().filter_map(|(name, _)| name.strip_prefix("pack/"));
    for id in ids.filter(|id| *id != first.pack.id) {
        if let Some(pointers) = pointers
            && let Ok(live) = super::domain_of(host, id, pointers).await
        {
            domains.push(live.domain);
        }
    }
    domains
}

fn judge<H: Host>(
    host: &H,
    entry: Intake,
    domains: &[std::rc::Rc<Domain>],
    receipts: Option<&Receipts>,
    how: Taken,
) -> Result<(PersonScope, Interaction), InvalidInteraction> {
    let mut raw = entry.raw?;
    let (receipt, token) = (raw.receipt.take(), raw.experiments_token.take());
    let unknown = || InvalidInteraction { code: "no_pack", detail: "no pack is live".to_owned() };
    let target = Target { target_id: raw.target_id.as_deref(), target_type: raw.target_type.as_deref() };
    let holder = domains.iter().find_map(|domain| facts_of(target, domain).map(|facts| (domain, facts)));
    let knows_category = |domain: &&std::rc::Rc<Domain>| {
        raw.category.as_ref().is_some_and(|id| domain.pack.categories.iter().any(|category| category.id == *id))
    };
    let (domain, facts) = match holder {
        Some((domain, facts)) => (domain, Some(facts)),
        None => (domains.iter().find(knows_category).or(domains.first()).ok_or_else(unknown)?, None),
    };
    let rules = TakingRules { pack: &domain.pack, now_ms: host.now_ms(), may_import_old: how.may_import_old };
    let zone = time_zone_of(&raw);
    let mut event = validate(raw, facts, &host.fresh_id(), &rules)?;
    resolve_time_zone(host, zone, &mut event);
    let (user, echoed, now_ms) = (entry.scope.user(), Echoed::from(&event), host.now_ms());
    // What came sealed is never taken for what came without: what was shown is not known then.
    event.receipt = match (receipts, receipt, token) {
        (_, None, None) => None,
        (None, _, _) => Some(Receipts::refused(host.environment())),
        (Some(receipts), Some(receipt), _) => Some(receipts.verified(user, &receipt, echoed, now_ms)),
        (Some(receipts), None, Some(token)) => Some(receipts.carried(user, &token, echoed, now_ms)),
    };
    event.environment = Some(host.environment()).filter(|environment| *environment != Environment::Production);
    Ok((entry.scope, event))
}

/// The time-zone name that an event came with; validation drops it.
pub(super) fn time_zone_of(raw: &RawInteraction) -> Option<String> {
    raw.context.as_ref().and_then(|context| context.time_zone.clone())
}

/// Gives an event the offset that its time zone had when it happened, unless the client said the offset itself.
pub(super) fn resolve_time_zone<S: Surroundings>(host: &S, zone: Option<String>, event: &mut Interaction) {
    if let (Some(zone), None) = (zone, event.context.utc_offset_minutes) {
        event.context.utc_offset_minutes = host.utc_offset_minutes(&zone, event.occurred_at_ms);
    }
}

/// Returns what a domain's catalogue knows of a target.
pub(super) fn facts_of(target: Target<'_>, domain: &Domain) -> Option<ItemFacts> {
    let is_item = !matches!(
        target.target_type,
        Some("category" | "tag" | "topic" | "goal" | "feature" | "page" | "search" | "app")
    );
    let id = target.target_id.filter(|_| is_item)?;
    let shelved = domain.shelf.position(id).and_then(|at| domain.shelf.items.get(at))?;
    Some(ItemFacts {
        pack: domain.pack.id.clone(),
        category: Some(shelved.item.category.clone()),
        tags: shelved.item.tags.clone(),
        complexity: shelved.item.complexity,
        is_item: true,
    })
}

/// Turns the time-zone name of a context into an offset and checks the rest.
pub(super) fn resolve_context<S: Surroundings>(
    host: &S,
    context: Context,
    now_ms: TimeMs,
) -> Result<Context, InvalidInteraction> {
    validate_context(&context)?;
    let resolved = context.time_zone.as_deref().and_then(|zone| host.utc_offset_minutes(zone, now_ms));
    Ok(Context { utc_offset_minutes: context.utc_offset_minutes.or(resolved), time_zone: None, ..context })
}
