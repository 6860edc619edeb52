//! From the wire shape to a validated event, or to the reason why not. The reason never repeats the input.

use uuid::Uuid;

use crate::math::is_exact;
use crate::pack::Pack;
use crate::types::{
    CLOCK_TOLERANCE_MS, Context, DAY_MS, Direction, EventKind, Interaction, ItemFacts, TimeMs, is_text_id,
    parse_rfc3339,
};
use crate::wire::RawInteraction;

/// Clients' times may lie this far back (PRODUCT).
const OLDEST_MS: i64 = 30 * DAY_MS;
/// The longest stay that TIME_SPENT can report: a day.
const LONGEST_STAY_SECONDS: f64 = 86_400.0;

/// Targets that are not items of a catalogue.
const OTHER_TARGETS: [&str; 14] = [
    "app",
    "activity",
    "article",
    "category",
    "content",
    "feature",
    "goal",
    "item",
    "notification",
    "page",
    "recommendation",
    "search",
    "tag",
    "topic",
];

/// What the taker of events knows.
#[derive(Debug, Clone, Copy)]
pub struct TakingRules<'a> {
    /// The default pack; the event may belong to another whose catalogue holds its target.
    pub pack: &'a Pack,
    /// The host's time.
    pub now_ms: TimeMs,
    /// Admins may import events of any age.
    pub may_import_old: bool,
}

/// Why an event was refused. `code` is for programs, `detail` for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInteraction {
    /// A stable word.
    pub code: &'static str,
    /// One sentence without the input.
    pub detail: String,
}

/// Judges an event. `facts` is what the catalogue knows of its target; `fresh_id` is used when the client gave none.
///
/// # Errors
/// The first rule that the event breaks.
pub fn validate(
    raw: RawInteraction,
    facts: Option<ItemFacts>,
    fresh_id: &str,
    rules: &TakingRules<'_>,
) -> Result<Interaction, InvalidInteraction> {
    let kind = kind_of(raw.kind.as_deref(), rules.pack)?;
    let id = match &raw.id {
        None => fresh_id.to_owned(),
        Some(text) => canonical_uuid(text).ok_or_else(|| refuse("invalid_id", "id is not a UUID"))?,
    };
    for (name, text) in [
        ("target_id", &raw.target_id),
        ("session_id", &raw.session_id),
        ("device_id", &raw.device_id),
        ("decision_id", &raw.decision_id),
    ] {
        check_text(name, text.as_deref(), 128)?;
    }
    for (name, text) in [("target_type", &raw.target_type), ("device_type", &raw.device_type)] {
        check_text(name, text.as_deref(), 50)?;
    }
    for (name, text) in [("action", &raw.action), ("reason", &raw.reason), ("category", &raw.category)] {
        check_text(name, text.as_deref(), 100)?;
    }
    check_target_type(raw.target_type.as_deref(), rules.pack)?;
    let facts = resolve_facts(facts, &raw, rules.pack)?;
    check_needs(kind, &raw, &facts)?;
    check_value(kind, &raw)?;
    if raw.position.is_some_and(|position| position > 10_000) {
        return Err(refuse("invalid_position", "position is above 10000"));
    }
    let context = raw.context.unwrap_or_default();
    validate_context(&context)?;
    // One name for one country, so that counts by country add up.
    let alias = context.country.as_ref().and_then(|country| rules.pack.country_aliases.get(country));
    let country = alias.or(context.country.as_ref()).cloned();
    let occurred_at_ms = occurred_at(raw.occurred_at.as_deref(), rules)?;
    Ok(Interaction {
        target_type: raw.target_type,
        target_id: raw.target_id,
        action: raw.action,
        reason: raw.reason,
        value: raw.value,
        session_id: raw.session_id,
        device_id: raw.device_id,
        device_type: raw.device_type,
        decision_id: raw.decision_id,
        position: raw.position,
        context: Context { time_zone: None, country, ..context },
        facts,
        ..Interaction::new(id, kind, occurred_at_ms)
    })
}

fn refuse(code: &'static str, detail: &str) -> InvalidInteraction {
    InvalidInteraction { code, detail: detail.to_owned() }
}

fn kind_of(name: Option<&str>, pack: &Pack) -> Result<EventKind, InvalidInteraction> {
    let name = name.ok_or_else(|| refuse("invalid_type", "type is missing"))?;
    let aliased = pack.events.iter().find(|(_, rule)| rule.alias.as_deref() == Some(name)).map(|(kind, _)| *kind);
    aliased.or_else(|| EventKind::parse(name)).ok_or_else(|| {
        let names: Vec<&str> = EventKind::ALL.iter().map(|(_, name)| *name).collect();
        refuse("invalid_type", &format!("type is not one of {}", names.join(", ")))
    })
}

/// Any spelling of a UUID that has hyphens; stored in lower case, so that one id has one spelling.
fn canonical_uuid(text: &str) -> Option<String> {
    let id = (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()?;
    (!id.is_nil()).then(|| id.hyphenated().to_string())
}

fn check_text(name: &str, text: Option<&str>, limit: usize) -> Result<(), InvalidInteraction> {
    match text {
        Some(text) if !is_text_id(text) || text.len() > limit => Err(refuse(
            "invalid_text",
            &format!("{name} is not a text of 1 to {limit} bytes without control characters and outer spaces"),
        )),
        _ => Ok(()),
    }
}

fn check_target_type(target_type: Option<&str>, pack: &Pack) -> Result<(), InvalidInteraction> {
    match target_type {
        Some(name) if !OTHER_TARGETS.contains(&name) && !pack.kinds.iter().any(|kind| kind == name) => Err(refuse(
            "invalid_target",
            &format!("target_type is not one of {} or the pack's kinds", OTHER_TARGETS.join(", ")),
        )),
        _ => Ok(()),
    }
}

fn resolve_facts(facts: Option<ItemFacts>, raw: &RawInteraction, pack: &Pack) -> Result<ItemFacts, InvalidInteraction> {
    if let Some(facts) = facts {
        return Ok(facts);
    }
    let mut facts = ItemFacts { pack: pack.id.clone(), ..ItemFacts::default() };
    facts.category = raw.category.clone();
    match (raw.target_type.as_deref(), &raw.target_id) {
        (Some("category"), Some(id)) => facts.category = Some(id.clone()),
        (Some("tag" | "topic"), Some(id)) => facts.tags = vec![id.clone()],
        _ => {}
    }
    if facts.category.as_ref().is_some_and(|id| !pack.categories.iter().any(|category| category.id == *id)) {
        return Err(refuse("invalid_category", "category is not one of the pack's categories"));
    }
    Ok(facts)
}

fn check_needs(kind: EventKind, raw: &RawInteraction, facts: &ItemFacts) -> Result<(), InvalidInteraction> {
    let needs_target = !matches!(
        kind,
        EventKind::SessionStarted | EventKind::TimeSpent | EventKind::SearchPerformed | EventKind::Feedback
    );
    if needs_target && raw.target_id.is_none() {
        return Err(refuse("missing_target", "target_id is missing"));
    }
    let about_item = matches!(
        kind,
        EventKind::RecommendationAccepted | EventKind::RecommendationDismissed | EventKind::RecommendationViewed
    );
    if about_item && !facts.is_item && facts.category.is_none() {
        return Err(refuse("unknown_target", "target_id is in no live catalogue and category is missing"));
    }
    Ok(())
}

fn check_value(kind: EventKind, raw: &RawInteraction) -> Result<(), InvalidInteraction> {
    if raw.value.is_some_and(|value| !is_exact(value)) {
        return Err(refuse("invalid_value", "value is not a finite number within 2^53"));
    }
    match (kind, raw.value) {
        (EventKind::TimeSpent, Some(value)) if (0.0..=LONGEST_STAY_SECONDS).contains(&value) => Ok(()),
        (EventKind::TimeSpent, _) => Err(refuse("invalid_value", "value is the seconds spent, 0 to 86400")),
        (EventKind::Feedback, value) => check_feedback(raw.action.as_deref(), value, raw.target_id.is_some()),
        _ => Ok(()),
    }
}

fn check_feedback(action: Option<&str>, value: Option<f64>, has_target: bool) -> Result<(), InvalidInteraction> {
    if action == Some("general") {
        let is_heard = value.is_none_or(|value| (-1.0..=1.0).contains(&value));
        return if is_heard { Ok(()) } else { Err(refuse("invalid_value", "value is a satisfaction of -1 to 1")) };
    }
    let Some(direction) = action.and_then(Direction::parse) else {
        let names: Vec<&str> = Direction::ALL.iter().map(|(name, _)| *name).collect();
        return Err(refuse("invalid_action", &format!("action is not one of {}, general", names.join(", "))));
    };
    if !has_target {
        return Err(refuse("missing_target", "target_id is missing"));
    }
    match (direction, value) {
        (Direction::Rating, Some(rating)) if (1.0..=5.0).contains(&rating) => Ok(()),
        (Direction::Rating, _) => Err(refuse("invalid_value", "value is a rating of 1 to 5")),
        _ => Ok(()),
    }
}

/// Judges a situation.
///
/// # Errors
/// The first field that breaks its rule.
pub fn validate_context(context: &Context) -> Result<(), InvalidInteraction> {
    let texts = [
        ("context.locale", &context.locale),
        ("context.country", &context.country),
        ("context.platform", &context.platform),
        ("context.device_type", &context.device_type),
        ("context.weather", &context.weather),
        ("context.social", &context.social),
        ("context.surface", &context.surface),
        ("context.previous_action", &context.previous_action),
        ("context.recommendation_type", &context.recommendation_type),
        ("context.time_zone", &context.time_zone),
    ];
    for (name, text) in texts {
        check_text(name, text.as_deref(), 50)?;
    }
    if context.utc_offset_minutes.is_some_and(|offset| !(-840..=840).contains(&offset)) {
        return Err(refuse("invalid_context", "context.utc_offset_minutes is not within -840 to 840"));
    }
    if context.scroll_depth.is_some_and(|depth| !(0.0..=1.0).contains(&depth)) {
        return Err(refuse("invalid_context", "context.scroll_depth is not within 0 to 1"));
    }
    match context.place {
        Some(place) if !is_rounded(place.lat, 90.0) || !is_rounded(place.lon, 180.0) => {
            Err(refuse("invalid_context", "context.place is a latitude and a longitude rounded to two decimals"))
        }
        _ => Ok(()),
    }
}

/// True for a coordinate within its limit and with two decimals at most, about a kilometre.
fn is_rounded(degrees: f64, limit: f64) -> bool {
    let hundredths = degrees * 100.0;
    degrees.abs() <= limit && (hundredths - libm::round(hundredths)).abs() < 1e-6
}

fn occurred_at(text: Option<&str>, rules: &TakingRules<'_>) -> Result<TimeMs, InvalidInteraction> {
    let Some(text) = text else { return Ok(rules.now_ms) };
    let at_ms = parse_rfc3339(text).ok_or_else(|| refuse("invalid_time", "occurred_at is not an RFC 3339 time"))?;
    if at_ms > rules.now_ms + CLOCK_TOLERANCE_MS {
        return Err(refuse("invalid_time", "occurred_at is more than 5 minutes ahead of the server's time"));
    }
    if at_ms < rules.now_ms - OLDEST_MS && !rules.may_import_old {
        return Err(refuse("invalid_time", "occurred_at is more than 30 days before the server's time"));
    }
    Ok(at_ms)
}
