//! The queue's two ends: events to apply, and messages that could not be applied, to file.
//!
//! A handler that fails here would trap and take the requests in flight with it, so each message is acknowledged or
//! sent back by itself, and nothing is returned as an error.

use nearside_engine::flows::apply_message;
use nearside_engine::ports::Surroundings;
use nearside_engine::types::UserId;
use nearside_engine::wire::QueueMessage;
use nearside_json::{read_json, write_json};
use worker::{Env, MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage, Result};

use crate::adapters::DeadLetter;
use crate::config::Config;
use crate::host::EdgeHost;

/// The queue of messages that were delivered too often ends with this.
const DEAD_SUFFIX: &str = "-dead";
/// Deliveries before a message is dead: the first, and `max_retries` of wrangler.toml.
const DELIVERIES: u32 = 11;
/// The longest wait before a message comes again.
const LONGEST_DELAY_SECONDS: u32 = 300;

/// Takes a batch of either queue.
pub(crate) async fn consume(batch: &MessageBatch<String>, env: &Env) -> Result<()> {
    let Ok(host) = EdgeHost::new(env, &Config::read(env)) else {
        batch.retry_all();
        return Ok(());
    };
    let is_dead = batch.queue().ends_with(DEAD_SUFFIX);
    for message in batch.raw_iter() {
        let is_done = if is_dead {
            bury(&host, &message, "delivered too often", DELIVERIES).await
        } else {
            apply(&host, &message).await
        };
        if is_done {
            message.ack();
        } else {
            // Waiting as long as it has waited doubles the age each time, without a count of deliveries.
            let age_ms = host.now_ms() - i64::try_from(message.timestamp().as_millis()).unwrap_or(0);
            let seconds = u32::try_from(age_ms / 1_000).unwrap_or(0).clamp(1, LONGEST_DELAY_SECONDS);
            message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(seconds).build());
        }
    }
    Ok(())
}

/// Applies one message. A poison message goes to the dead letters at once: no number of deliveries would mend it.
async fn apply(host: &EdgeHost, message: &RawMessage) -> bool {
    let text = message.body().as_string();
    let parsed = text.as_deref().and_then(|text| read_json::<QueueMessage>(text.as_bytes()).ok());
    match parsed.filter(|message| message.v == 1) {
        Some(parsed) => apply_message(host, parsed).await.is_ok(),
        None => bury(host, message, "unreadable", 1).await,
    }
}

/// A message as text. Ours are texts; what somebody else sent as a structure is kept as its JSON.
fn text_of(message: &RawMessage) -> Option<String> {
    let body = message.body();
    body.as_string().or_else(|| worker::js_sys::JSON::stringify(&body).ok()?.as_string())
}

/// Files a message with the dead letters: event by event where it reads, so that an erasure finds its person's.
async fn bury(host: &EdgeHost, message: &RawMessage, reason: &str, attempts: u32) -> bool {
    let payload = text_of(message).unwrap_or_default();
    let letter = |user: Option<UserId>, payload: String| DeadLetter {
        user,
        payload,
        reason: reason.to_owned(),
        attempts,
        at_ms: host.now_ms(),
    };
    let letters: Vec<DeadLetter> = match read_json::<QueueMessage>(payload.as_bytes()) {
        Ok(parsed) => {
            let events = parsed.events.into_iter();
            events.map(|queued| letter(Some(queued.user), write_json(&queued))).collect()
        }
        Err(_) => vec![letter(None, payload)],
    };
    host.store().bury_letters(&letters).await.is_ok()
}
