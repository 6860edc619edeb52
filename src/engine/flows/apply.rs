//! Applying events exactly once in effect: what the log holds is skipped, what consent no longer covers is withheld,
//! and log and state are written together under the revision they were read under, or not at all.

use std::rc::Rc;

use super::Host;
use super::domain::{Domain, domain_of};
use super::experiments::{AskedExposure, Counter, Fresh, StatedOutcome};
use super::person::parse_state;
use super::refusal::Refusal;
use crate::math::rounded;
use crate::pack::Pack;
use crate::ports::{
    Applied, CategorySnapshot, ExperimentWrite, FeedbackRow, InteractionLog, KnownId, People, PersonRecord,
    PersonWrite, Pointers, Snapshot,
};
use crate::privacy::{for_system, in_force, may_apply, may_count};
use crate::profile::{ProfileState, category_records, fold, view};
use crate::types::{Environment, EventKind, Interaction, PersonScope, SortedMap, SortedSet, Stated, TimeMs};
use crate::wire::QueueMessage;
use nearside_json::write_json;

/// Two writers of one person meet now and then; more often than this they are told to come back.
const ATTEMPTS: u32 = 6;
/// New feedback of a person on a pack after which its retraining is worth while (PRODUCT).
const SIGNIFICANT_FEEDBACK: u32 = 20;

/// Events of one person, taken at one moment.
#[derive(Debug, Clone)]
pub struct PersonEvents {
    /// Whose.
    pub scope: PersonScope,
    /// The events.
    pub events: Vec<Interaction>,
    /// Feedback that came with them.
    pub feedback: Vec<FeedbackRow>,
    /// Variants of tests that were given out.
    pub asked: Vec<AskedExposure>,
    /// Outcomes of tests that were reported by themselves.
    pub outcomes: Vec<StatedOutcome>,
    /// When the host took them.
    pub received_at_ms: TimeMs,
}

impl PersonEvents {
    /// Events with nothing beside them.
    pub fn of(scope: PersonScope, events: Vec<Interaction>, received_at_ms: TimeMs) -> Self {
        Self { scope, events, feedback: Vec::new(), asked: Vec::new(), outcomes: Vec::new(), received_at_ms }
    }
}

/// What became of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ApplyReport {
    /// Applied now.
    pub applied: u32,
    /// In the log already.
    pub duplicates: u32,
    /// Not covered by consent, or older than an erasure.
    pub withheld: u32,
    /// Reported outcomes that attach to no exposure, or come too late for it.
    pub unexposed: u32,
}

/// Applies a message of the queue.
///
/// # Errors
/// When a store is down or others keep writing: the message is to be delivered again.
pub async fn apply_message<H: Host>(host: &H, message: QueueMessage) -> Result<ApplyReport, Refusal> {
    let mut people: SortedMap<PersonScope, Vec<Interaction>> = SortedMap::new();
    for queued in message.events {
        people.get_or_default(for_system(queued.user)).push(queued.event);
    }
    let received_at_ms = message.received_at_ms;
    let batch = people.into_iter().map(|(scope, events)| PersonEvents::of(scope, events, received_at_ms));
    apply_events(host, batch.collect()).await
}

/// Applies events of one or many people.
///
/// # Errors
/// When a store is down or others keep writing. Nothing of a person is then half written.
pub async fn apply_events<H: Host>(host: &H, batch: Vec<PersonEvents>) -> Result<ApplyReport, Refusal> {
    let mut report = ApplyReport::default();
    let mut left = batch;
    for _ in 0..ATTEMPTS {
        if left.is_empty() {
            return Ok(report);
        }
        left = attempt(host, left, &mut report).await?;
    }
    if left.is_empty() { Ok(report) } else { Err(Refusal::conflict()) }
}

/// Reads, folds and writes once. Returns the people whose rows moved in between.
async fn attempt<H: Host>(
    host: &H,
    batch: Vec<PersonEvents>,
    report: &mut ApplyReport,
) -> Result<Vec<PersonEvents>, Refusal> {
    let scopes: Vec<PersonScope> = batch.iter().map(|person| person.scope).collect();
    let ids = |person: &PersonEvents| {
        let events = person.events.iter().map(|event| &event.id);
        let ids = events.chain(person.outcomes.iter().map(|outcome| &outcome.id));
        ids.map(|id| (person.scope, id.clone())).collect::<Vec<_>>()
    };
    let ids: Vec<(PersonScope, String)> = batch.iter().flat_map(ids).collect();
    let mut records = People::load_many(host, &scopes).await?;
    for record in &mut records {
        let said = std::mem::take(&mut record.settings);
        record.settings = in_force(said, host.has_privacy_signal());
    }
    let known = InteractionLog::known(host, &ids).await?;
    let pointers = records.first().map(|record| record.pointers.clone()).unwrap_or_default();
    let counter = Counter::read(host, &batch, &pointers).await?;
    let mut names: SortedSet<String> = counter.packs().cloned().collect();
    names.extend(batch.iter().flat_map(|person| &person.events).map(|event| event.facts.pack.clone()));
    let packs = packs_named(host, names, &pointers).await?;
    let mut writes = Vec::new();
    let mut sources = Vec::new();
    let mut counts = Vec::new();
    for (mut person, record) in batch.into_iter().zip(records) {
        report.withheld += withhold(&mut person, &record, &packs, &counter);
        let (fresh, outcomes) = fresh_of(&person, &known);
        let all = person.events.len() + person.outcomes.len();
        let mut tally = ApplyReport {
            applied: count(fresh.len()),
            duplicates: count(all - fresh.len() - outcomes.len()),
            ..ApplyReport::default()
        };
        if fresh.is_empty() && outcomes.is_empty() && person.asked.is_empty() {
            report.add(tally);
            continue;
        }
        let state = match record.state_json.as_deref() {
            None => ProfileState::empty(),
            // A damaged state, or one of another format, is no reason to forget what the log still knows.
            Some(json) => match parse_state(json) {
                Some(state) => state,
                None => rebuilt(host, person.scope, &pointers).await?,
            },
        };
        let new = Fresh { events: &fresh, asked: &person.asked, outcomes: &outcomes };
        let experiments = counter.count(&person, &record, new, &state, &packs);
        let attached = |outcome: &&StatedOutcome| {
            experiments.outcomes.iter().any(|row| row.id == outcome.id && row.test_name == outcome.test_name)
        };
        let taken = count(outcomes.iter().filter(attached).count());
        tally.applied += taken;
        tally.unexposed = count(outcomes.len()) - taken;
        if fresh.is_empty() && experiments == ExperimentWrite::default() {
            report.add(tally);
            continue;
        }
        counts.push(tally);
        writes.push(write_for(&person, &record, state, (fresh, experiments), &packs));
        sources.push(person);
    }
    let applied = InteractionLog::apply(host, &writes).await?;
    let mut again = Vec::new();
    for ((person, applied), tally) in sources.into_iter().zip(applied).zip(counts) {
        match applied {
            Applied::Yes => report.add(tally),
            Applied::Conflict => again.push(person),
        }
    }
    Ok(again)
}

/// What is new of a person. An event's id is taken by an event and by an outcome of any test, an outcome's by an event and by
/// an outcome of the same test.
fn fresh_of(person: &PersonEvents, known: &[KnownId]) -> (Vec<Interaction>, Vec<StatedOutcome>) {
    // The id alone, and with what it stands for: an id has no control characters.
    let mut taken: SortedSet<String> = SortedSet::new();
    let of_event = |id: &str| [id, "\u{1f}"].concat();
    let of_test = |id: &str, environment: Environment, test: &str| [id, "\u{1f}", environment.name(), test].concat();
    for known in known.iter().filter(|known| known.user == person.scope.user()) {
        taken.insert(known.id.clone());
        taken.insert(match &known.test {
            None => of_event(&known.id),
            Some((environment, test)) => of_test(&known.id, *environment, test),
        });
    }
    let mut fresh = Vec::new();
    for event in &person.events {
        if taken.insert(event.id.clone()) {
            taken.insert(of_event(&event.id));
            fresh.push(event.clone());
        }
    }
    let mut outcomes = Vec::new();
    for outcome in &person.outcomes {
        let key = of_test(&outcome.id, outcome.environment, &outcome.test_name);
        if !taken.contains(&of_event(&outcome.id)) && taken.insert(key) {
            outcomes.push(outcome.clone());
        }
    }
    (fresh, outcomes)
}

impl ApplyReport {
    fn add(&mut self, other: Self) {
        self.applied += other.applied;
        self.duplicates += other.duplicates;
        self.withheld += other.withheld;
        self.unexposed += other.unexposed;
    }
}

/// Takes out what consent does not cover, and returns how much that was.
fn withhold(person: &mut PersonEvents, record: &PersonRecord, packs: &Packs, counter: &Counter) -> u32 {
    let all = person.events.len() + person.outcomes.len();
    let basis = |pack: &str| packs.get(pack).consent_basis;
    let (erased, received) = (record.erased_at_ms, person.received_at_ms);
    person.events.retain(|event| may_apply(&record.settings, basis(&event.facts.pack), erased, received));
    let is_covered = |environment: Environment, test_name: &str| {
        let basis = counter.pack_of(environment, test_name).map_or(packs.first().consent_basis, |pack| basis(pack));
        may_count(&record.settings, basis, erased, received)
    };
    person.asked.retain(|asked| is_covered(asked.environment, &asked.test_name));
    person.outcomes.retain(|outcome| is_covered(outcome.environment, &outcome.test_name));
    count(all - person.events.len() - person.outcomes.len())
}

/// The packs that a batch's events belong to.
pub(super) struct Packs {
    first: Rc<Domain>,
    by_id: SortedMap<String, Rc<Domain>>,
}

impl Packs {
    pub(super) fn get(&self, id: &str) -> &Pack {
        self.by_id.get(id).map_or(&self.first.pack, |domain| &domain.pack)
    }

    pub(super) fn first(&self) -> &Pack {
        &self.first.pack
    }
}

/// Reads the named packs and the default one.
pub(super) async fn packs_named<H: Host>(
    host: &H,
    names: SortedSet<String>,
    pointers: &Pointers,
) -> Result<Packs, Refusal> {
    let default = pointers.get("default_pack").cloned().unwrap_or_default();
    let first = domain_of(host, &default, pointers).await?.domain;
    let mut by_id = SortedMap::new();
    for name in names {
        let is_live = pointers.contains_key(&format!("pack/{name}"));
        let domain = if is_live { domain_of(host, &name, pointers).await?.domain } else { Rc::clone(&first) };
        by_id.insert(name, domain);
    }
    Ok(Packs { first, by_id })
}

/// Folds a person's checkpoint and log anew.
pub(super) async fn rebuilt<H: Host>(
    host: &H,
    scope: PersonScope,
    pointers: &Pointers,
) -> Result<ProfileState, Refusal> {
    let (checkpoint, events) = InteractionLog::all(host, scope).await?;
    let packs = packs_named(host, events.iter().map(|event| event.facts.pack.clone()).collect(), pointers).await?;
    let mut state = checkpoint.as_deref().and_then(parse_state).unwrap_or_else(ProfileState::empty);
    for event in &events {
        fold(&mut state, event, packs.get(&event.facts.pack));
    }
    Ok(state)
}

fn write_for(
    person: &PersonEvents,
    record: &PersonRecord,
    mut state: ProfileState,
    (fresh, experiments): (Vec<Interaction>, ExperimentWrite),
    packs: &Packs,
) -> PersonWrite {
    let mut significant = Vec::new();
    for event in &fresh {
        fold(&mut state, event, packs.get(&event.facts.pack));
        let heard = state.packs.get(&event.facts.pack).map_or(0, |part| part.feedback);
        if event.kind == EventKind::Feedback && heard.is_multiple_of(SIGNIFICANT_FEEDBACK) {
            significant.push(event.facts.pack.clone());
        }
    }
    let ids: SortedSet<&str> = fresh.iter().map(|event| event.id.as_str()).collect();
    let feedback = person.feedback.iter().filter(|row| ids.contains(row.id.as_str())).cloned().collect();
    let mut snapshot = snapshot(&state, &record.stated, packs.first(), person.received_at_ms);
    snapshot.significant_feedback = significant;
    PersonWrite {
        scope: person.scope,
        expected_revision: record.revision,
        events: fresh,
        feedback,
        received_at_ms: person.received_at_ms,
        // Serialising these types cannot fail: numeric and text keys, no NaN.
        state_json: write_json(&state),
        snapshot,
        experiments,
    }
}

/// Returns what the seeds' columns show of a state.
pub(super) fn snapshot(state: &ProfileState, stated: &Stated, pack: &Pack, now_ms: TimeMs) -> Snapshot {
    let shown = view("", state, stated, pack, 0, now_ms);
    let categories = state.packs.get(&pack.id).into_iter().flat_map(|part| {
        category_records(part, pack, now_ms).into_iter().filter_map(|(id, record)| {
            let category = part.categories.get(id)?;
            Some(CategorySnapshot {
                category: id.to_owned(),
                preference_score: rounded(record.success_rate(pack), 4),
                acceptance_count: category.accepted,
                dismissal_count: category.dismissed,
                total_shown: category.shown,
                last_interaction: category.last_ms,
            })
        })
    });
    let categories: Vec<CategorySnapshot> = categories.collect();
    let dismissed = categories.iter().filter(|row| row.dismissal_count > row.acceptance_count);
    Snapshot {
        engagement_level: shown.behavior.engagement_level.map(|level| level.name()),
        financial_literacy_score: Some(shown.sophistication.financial_literacy_score),
        profile_completeness: shown.profile_completeness,
        dismissed_categories: dismissed.map(|row| row.category.clone()).collect(),
        categories,
        significant_feedback: Vec::new(),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::memory_host::A_SHOP;
    use super::*;
    use crate::pack::parse_pack;
    use crate::types::{ItemFacts, UserId};

    /// A piece of feedback on a pack.
    fn feedback(number: u32, pack: &str) -> Interaction {
        let facts = ItemFacts { pack: pack.to_owned(), ..ItemFacts::default() };
        Interaction { facts, ..Interaction::new(number.to_string(), EventKind::Feedback, i64::from(number)) }
    }

    #[test]
    fn feedback_is_significant_for_the_pack_that_it_was_given_on() {
        let shop = parse_pack(A_SHOP.as_bytes()).unwrap();
        let first = Rc::new(Domain::prepare(shop, String::new(), None, String::new(), None));
        let packs = Packs { first, by_id: SortedMap::new() };
        let scope = for_system(UserId::parse("00000000-0000-4000-8000-000000000001").unwrap());
        let person = PersonEvents::of(scope, Vec::new(), 0);
        let mut state = ProfileState::empty();
        let mut hear = |names: &[&str]| {
            let fresh = names.iter().zip(0..).map(|(pack, number)| feedback(number, pack)).collect();
            let fresh = (fresh, ExperimentWrite::default());
            let write = write_for(&person, &PersonRecord::default(), state.clone(), fresh, &packs);
            state = parse_state(&write.state_json).unwrap();
            write.snapshot.significant_feedback
        };
        assert_eq!(hear(&["shop"; 19]), [""; 0]);
        assert_eq!(hear(&["club"; 19]), [""; 0], "twenty in all are twenty of none");
        assert_eq!(hear(&["club", "shop"]), ["club", "shop"]);
        assert_eq!(hear(&["club"; 19]), [""; 0]);
        assert_eq!(hear(&["club"; 2]), ["club"]);
    }
}
