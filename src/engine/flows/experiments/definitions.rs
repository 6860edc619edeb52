//! The life of a test: written, judged, started, changed, stopped, archived. Every change is decided on the whole set of its
//! environment and opens an epoch; whoever comes second decides again.

use std::rc::Rc;

use serde::Serialize;

use super::definition::{Definition, DefinitionSet, StoredTest, TestStatus};
use super::judged::{changed_findings, findings_of};
use super::live::{experiment_of, parsed, pointer_name};
pub use super::moved::TestMove;
use super::moved::moved;
use crate::experiments::{Allocation, KeptRanges};
use crate::flows::Host;
use crate::flows::domain::{Domain, domain_of};
use crate::flows::refusal::Refusal;
use crate::math::{sha256_hex, sort_list};
use crate::pack::Finding;
use crate::ports::{
    Applied, Blobs, Experiments, Library, Pointers, TestAction, TestChange, TestRow, Tester, Unavailable,
};
use crate::types::{AdminScope, Environment, parse_rfc3339};
use nearside_json::write_json;

/// Two admins change tests now and then; more often than this they are told to come back.
const ATTEMPTS: u32 = 6;
/// A reason is a sentence or two.
const MOST_REASON_CHARACTERS: usize = 500;
/// Testers of one request.
const MOST_TESTERS: usize = 100;

/// What the checks say of a definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// True when nothing was found.
    pub valid: bool,
    /// What was found.
    pub findings: Vec<FoundFault>,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundFault {
    /// Where.
    pub path: String,
    /// Which rule.
    pub rule: &'static str,
}

/// The answer to a list of testers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TestersReport {
    /// How many were set or taken back.
    pub testers: u32,
}

/// Returns one test with its epochs, or all of an environment, as JSON.
///
/// # Errors
/// `NotFound` for an unknown test; a store that is down.
pub async fn show_tests<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    test: Option<&str>,
) -> Result<String, Refusal> {
    let report = Experiments::report_tests(host, scope, environment, test, host.now_ms()).await?;
    if report.is_empty() { Err(Refusal::not_found()) } else { Ok(report) }
}

/// Says what is wrong with a definition, and writes nothing.
///
/// # Errors
/// A store that is down.
pub async fn validate_test<H: Host>(
    host: &H,
    _: AdminScope,
    environment: Environment,
    name: &str,
    definition: Definition,
) -> Result<Validation, Refusal> {
    let (pointers, set) = read_set(host, environment).await?;
    let pack = pack_of(host, &definition, &pointers).await?;
    let is_without_reason = checked_reason(&definition.reason).is_err();
    let next = written(&set, name, definition, host);
    let mut findings = findings_of(&set, &next, pack.as_ref().map(|domain| &domain.pack));
    findings.extend(set.test(name).map(|test| changed_findings(&set, test, &next)).unwrap_or_default());
    if is_without_reason {
        findings.push(Finding::new("reason", "text-length", String::new()));
    }
    let findings = shown(findings);
    Ok(Validation { valid: findings.is_empty(), findings })
}

/// Writes a test: creates a draft, or changes what is there. Answers as `show_tests`.
///
/// # Errors
/// `invalid-test` with paths and rules, `test-fixed` for what cannot change any more, `test-status` for an archived one;
/// `Conflict` when others keep changing tests; a store that is down.
pub async fn put_test<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    name: &str,
    definition: Definition,
) -> Result<String, Refusal> {
    carry_out(host, scope, environment, name, Step::Write(&definition), &definition.reason).await
}

/// Starts, stops or archives a test. Answers as `show_tests`.
///
/// # Errors
/// `NotFound`; `test-status` for a move that its status does not know; `invalid-test` for a start beside tests of its layer;
/// as `put_test`.
pub async fn move_test<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    name: &str,
    to: TestMove,
    reason: &str,
) -> Result<String, Refusal> {
    carry_out(host, scope, environment, name, Step::Move(to), reason).await
}

/// Sets what testers see, or takes it back. They are never counted.
///
/// # Errors
/// `NotFound`; `invalid-test` for too many, or a variant that the test does not have; a store that is down.
pub async fn force_testers<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    name: &str,
    testers: &[Tester],
    reason: &str,
) -> Result<TestersReport, Refusal> {
    let reason = checked_reason(reason)?;
    let (_, set) = read_set(host, environment).await?;
    let test = set.test(name).ok_or_else(Refusal::not_found)?;
    let has = |name: &String| test.definition.variants.iter().any(|variant| variant.name == *name);
    if testers.is_empty() || testers.len() > MOST_TESTERS {
        return Err(Refusal::invalid("invalid-test", "testers [count]"));
    }
    let unknown = testers.iter().position(|tester| tester.variant.as_ref().is_some_and(|variant| !has(variant)));
    if let Some(index) = unknown {
        return Err(Refusal::invalid("invalid-test", format!("testers[{index}].variant [known-variant]")));
    }
    Experiments::force(host, scope, environment, name, testers, &reason, host.now_ms()).await?;
    Ok(TestersReport { testers: u32::try_from(testers.len()).unwrap_or(u32::MAX) })
}

/// Holds out a share of all units, in per cent, from every test: they see its control, and count no more.
///
/// # Errors
/// `invalid-test` for a share outside 0 to 100; as `put_test`.
pub async fn set_holdout<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    holdout_percentage: f64,
    reason: &str,
) -> Result<(), Refusal> {
    let reason = checked_reason(reason)?;
    if !(0.0..=100.0).contains(&holdout_percentage) {
        return Err(Refusal::invalid("invalid-test", "holdout_percentage [range]"));
    }
    for _ in 0..ATTEMPTS {
        let (pointers, mut set) = read_set(host, environment).await?;
        if set.holdout_percentage.to_bits() == holdout_percentage.to_bits() {
            return Ok(());
        }
        set.holdout_percentage = holdout_percentage;
        if change(host, scope, &pointers, set, None, &reason).await? == Applied::Yes {
            return Ok(());
        }
    }
    Err(Refusal::conflict())
}

/// What an admin asks of one test.
#[derive(Clone, Copy)]
enum Step<'a> {
    Write(&'a Definition),
    Move(TestMove),
}

/// Decides a step on the whole set, and again where others changed it in between.
async fn carry_out<H: Host>(
    host: &H,
    scope: AdminScope,
    environment: Environment,
    name: &str,
    step: Step<'_>,
    reason: &str,
) -> Result<String, Refusal> {
    let reason = checked_reason(reason)?;
    for _ in 0..ATTEMPTS {
        let (pointers, mut set) = read_set(host, environment).await?;
        let known = set.test(name).cloned();
        let is_archived = known.is_none()
            && !Experiments::report_tests(host, scope, environment, Some(name), host.now_ms()).await?.is_empty();
        let (action, next) = match (step, &known) {
            (Step::Write(_), None) if is_archived => {
                return Err(Refusal::invalid("test-status", "the test is archived; a new one takes another name"));
            }
            (Step::Move(_), None) if is_archived => {
                return Err(Refusal::invalid("test-status", "the test is archived, which is final"));
            }
            (Step::Move(_), None) => return Err(Refusal::not_found()),
            (Step::Move(to), Some(known)) => moved(known.clone(), to, host.now_ms())?,
            (Step::Write(definition), known) => {
                let action = if known.is_some() { TestAction::Changed } else { TestAction::Created };
                (action, written(&set, name, definition.clone(), host))
            }
        };
        if !matches!(action, TestAction::Stopped | TestAction::Archived) {
            let pack = pack_of(host, &next.definition, &pointers).await?;
            refuse("invalid-test", findings_of(&set, &next, pack.as_ref().map(|domain| &domain.pack)))?;
        }
        if let (TestAction::Changed, Some(known)) = (action, &known) {
            refuse("test-fixed", changed_findings(&set, known, &next))?;
        }
        set.tests.retain(|test| test.test_name != name);
        if change(host, scope, &pointers, set, Some((action, next)), &reason).await? == Applied::Yes {
            return show_tests(host, scope, environment, Some(name)).await;
        }
    }
    Err(Refusal::conflict())
}

/// Reads the pointers, and then the set from its truth: what is newer than the pointers conflicts when it is written.
async fn read_set<H: Host>(host: &H, environment: Environment) -> Result<(Pointers, DefinitionSet), Refusal> {
    let pointers = Library::pointers(host).await?;
    let json = Experiments::definition_set(host, environment).await?;
    let unreadable = Unavailable { store: "d1", reason: "the tests do not read" };
    let set = parsed(json.as_bytes(), environment).ok_or(unreadable)?;
    Ok((pointers, set))
}

/// Puts the set under its hash, then moves the truth to it.
async fn change<H: Host>(
    host: &H,
    scope: AdminScope,
    pointers: &Pointers,
    mut set: DefinitionSet,
    test: Option<(TestAction, StoredTest)>,
    reason: &str,
) -> Result<Applied, Refusal> {
    if set.salt.is_empty() {
        set.salt = fresh_salt(host);
    }
    let row = test.as_ref().map(|(action, test)| row_of(*action, test));
    set.tests.extend(test.map(|(_, test)| test).filter(|test| test.status != TestStatus::Archived));
    sort_list(&mut set.tests, |a, b| a.test_name.cmp(&b.test_name));
    let bytes = write_json(&set).into_bytes();
    let version = sha256_hex(&bytes);
    Blobs::put(host, &format!("experiments/{version}"), &bytes).await?;
    let pointer = pointer_name(set.environment);
    let expected = pointers.get(&pointer).map(String::as_str).unwrap_or_default();
    let change = TestChange {
        environment: set.environment,
        salt: set.salt,
        holdout_percentage: set.holdout_percentage,
        test: row,
        reason: reason.to_owned(),
        version: version.clone(),
    };
    let applied = Experiments::change_test(host, scope, &change, expected, host.now_ms()).await?;
    if applied == Applied::Yes {
        let mut next = pointers.clone();
        next.insert(pointer, version);
        // The copy is for when the truth is down: failing to write it is no reason to call the change failed.
        let _ = Blobs::put(host, "live", write_json(&next).as_bytes()).await;
    }
    Ok(applied)
}

/// The test as it would be kept after a definition was written.
fn written<H: Host>(set: &DefinitionSet, name: &str, mut definition: Definition, host: &H) -> StoredTest {
    definition.reason = String::new();
    let weights: Vec<f64> = definition.variants.iter().map(|variant| variant.traffic_percentage).collect();
    let Some(known) = set.test(name) else {
        return StoredTest {
            test_name: name.to_owned(),
            status: TestStatus::Draft,
            epoch: 1,
            stratum: 1,
            opened_at_ms: host.now_ms(),
            started_at_ms: None,
            stopped_at_ms: None,
            pauses: Vec::new(),
            salt: fresh_salt(host),
            allocation: Allocation::of_weights(&weights),
            ranges: None,
            definition,
        };
    };
    let epoch = known.epoch + 1;
    let before: Vec<f64> = known.definition.variants.iter().map(|variant| variant.traffic_percentage).collect();
    let is_reweighted = before != weights;
    // Nobody was assigned yet: there is nobody to leave in peace.
    let allocation = match known.started_at_ms {
        None => Allocation::of_weights(&weights),
        Some(_) if is_reweighted => known.allocation.reweighted(&weights),
        Some(_) => known.allocation.clone(),
    };
    let stratum = if is_reweighted { epoch } else { known.stratum };
    let next = StoredTest { epoch, stratum, opened_at_ms: host.now_ms(), allocation, definition, ..known.clone() };
    // Only the difference moves, in another engine's buckets too.
    let ranges = known.started_at_ms.and_then(|_| {
        let written = experiment_of(set, &StoredTest { ranges: None, ..next.clone() });
        KeptRanges::after(known.ranges.as_ref(), &experiment_of(set, known), &written)
    });
    StoredTest { ranges, ..next }
}

fn row_of(action: TestAction, test: &StoredTest) -> TestRow {
    let definition = &test.definition;
    let time = |text: &Option<String>| text.as_deref().and_then(parse_rfc3339);
    TestRow {
        action,
        test_name: test.test_name.clone(),
        description: definition.description.clone(),
        hypothesis: definition.hypothesis.clone(),
        start_date: time(&definition.start_date),
        end_date: time(&definition.end_date),
        status: test.status.name(),
        variants: write_json(&definition.variants),
        success_metric: definition.success_metric.clone(),
        minimum_sample_size: definition.minimum_sample_size,
        stopped_at_ms: test.stopped_at_ms,
        epoch: test.epoch,
        stratum: test.stratum,
        unit: definition.unit,
        salt: test.salt.clone(),
        hash_algorithm: definition.hash.algorithm.name(),
        definition: write_json(test),
    }
}

/// The live pack that a test names; None where it names none.
async fn pack_of<H: Host>(
    host: &H,
    definition: &Definition,
    pointers: &Pointers,
) -> Result<Option<Rc<Domain>>, Refusal> {
    let Some(id) = definition.pack.as_deref() else { return Ok(None) };
    if !pointers.contains_key(&format!("pack/{id}")) {
        return Err(Refusal::invalid("invalid-test", "pack [known-pack]"));
    }
    Ok(Some(domain_of(host, id, pointers).await?.domain))
}

/// 62 random digits: nobody guesses who sees what.
fn fresh_salt<H: Host>(host: &H) -> String {
    [host.fresh_id(), host.fresh_id()].concat().replace('-', "")
}

fn checked_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_REASON_CHARACTERS {
        return Err(Refusal::invalid("invalid-test", "reason [text-length]: say why, in at most 500 characters"));
    }
    Ok(reason.to_owned())
}

fn refuse(code: &'static str, findings: Vec<Finding>) -> Result<(), Refusal> {
    if findings.is_empty() {
        return Ok(());
    }
    let said: Vec<String> = shown(findings).iter().map(|fault| format!("{} [{}]", fault.path, fault.rule)).collect();
    Err(Refusal::invalid(code, said.join("; ")))
}

/// Places and rules, at most twenty. Places have names of ours only; the findings' own words repeat the input.
fn shown(findings: Vec<Finding>) -> Vec<FoundFault> {
    let shown = findings.into_iter().take(20);
    shown.map(|finding| FoundFault { path: finding.path, rule: finding.rule }).collect()
}
