//! The queue's two ends: events to apply, and messages that could not be applied, to file.
//!
//! A batch that fails would come again as a whole, so each message is acknowledged or sent back by itself, and nothing
//! is returned as an error.

use nearside_engine::flows::apply_message;
use nearside_engine::ports::Surroundings;
use nearside_engine::types::UserId;
use nearside_engine::wire::QueueMessage;
use nearside_json::{read_json, write_json};
use worker::js_sys::{Array, Date, JSON};
use worker::wasm_bindgen::{JsCast, JsValue};

use crate::adapters::DeadLetter;
use crate::config::Config;
use crate::host::EdgeHost;
use crate::runtime::{call, member, object_of, present};

/// The queue of messages that were delivered too often ends with this.
const DEAD_SUFFIX: &str = "-dead";
/// Deliveries before a message is dead: the first, and `max_retries` of wrangler.toml.
const DELIVERIES: u32 = 11;
/// The longest wait before a message comes again.
const LONGEST_DELAY_SECONDS: u32 = 300;

/// Takes a batch of either queue.
pub(crate) async fn consume(batch: &JsValue, env: &JsValue) {
    let Some(host) = EdgeHost::new(env, &Config::read(env)) else {
        let _ = call(batch, "retryAll", &[]);
        return;
    };
    let is_dead =
        present(batch, "queue").and_then(|name| name.as_string()).is_some_and(|name| name.ends_with(DEAD_SUFFIX));
    let messages: Array = member(batch, "messages").and_then(JsCast::dyn_into).unwrap_or_default();
    for message in messages.iter() {
        let is_done = if is_dead {
            bury(&host, &message, "delivered too often", DELIVERIES).await
        } else {
            apply(&host, &message).await
        };
        // Neither fails; and if it did, the queue would deliver the message again.
        let _ = if is_done {
            call(&message, "ack", &[])
        } else {
            // Waiting as long as it has waited doubles the age each time, without a count of deliveries.
            let age_ms = host.now_ms() - sent_at_ms(&message);
            let seconds = u32::try_from(age_ms / 1_000).unwrap_or(0).clamp(1, LONGEST_DELAY_SECONDS);
            call(&message, "retry", &[object_of(&[("delaySeconds", seconds.into())])])
        };
    }
}

fn sent_at_ms(message: &JsValue) -> i64 {
    let sent_at = member(message, "timestamp").and_then(JsCast::dyn_into::<Date>);
    sent_at.map_or(0, |date| date.get_time() as i64)
}

/// Applies one message. A poison message goes to the dead letters at once: no number of deliveries would mend it.
async fn apply(host: &EdgeHost, message: &JsValue) -> bool {
    let text = present(message, "body").and_then(|body| body.as_string());
    let parsed = text.as_deref().and_then(|text| read_json::<QueueMessage>(text.as_bytes()).ok());
    match parsed.filter(|message| message.v == 1) {
        Some(parsed) => apply_message(host, parsed).await.is_ok(),
        None => bury(host, message, "unreadable", 1).await,
    }
}

/// A message as text. Ours are texts; what somebody else sent as a structure is kept as its JSON.
fn text_of(message: &JsValue) -> Option<String> {
    let body = member(message, "body").ok()?;
    body.as_string().or_else(|| JSON::stringify(&body).ok()?.as_string())
}

/// Files a message with the dead letters: event by event where it reads, so that an erasure finds its person's.
async fn bury(host: &EdgeHost, message: &JsValue, reason: &str, attempts: u32) -> bool {
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
