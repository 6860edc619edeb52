//! `EventQueue` on a Queue: texts, since structured messages lose their maps on the way.

use std::rc::Rc;

use nearside_engine::ports::{EventQueue, Unavailable};
use worker::js_sys::Array;
use worker::wasm_bindgen::JsValue;

use super::deadline::{READ, within};
use crate::runtime::{ask, object_of};

/// The most messages of one call.
const BATCH_MESSAGES: usize = 100;
/// The most bytes of one call: the queue takes 256 KB, and each message has a little around it.
const BATCH_BYTES: usize = 240_000;

/// A queue's producer. Clones share one binding; without one nothing is taken.
#[derive(Debug, Clone)]
pub(crate) struct EventsQueue {
    binding: Option<Rc<JsValue>>,
}

impl EventsQueue {
    /// Wraps a binding, or the fact that there is none.
    pub(crate) fn new(binding: Option<JsValue>) -> Self {
        Self { binding: binding.map(Rc::new) }
    }
}

impl EventQueue for EventsQueue {
    async fn send(&self, messages: &[String]) -> Result<usize, Unavailable> {
        let Some(queue) = &self.binding else { return Err(unavailable("not bound")) };
        let mut sent = 0;
        while let Some(left) = messages.get(sent..).filter(|left| !left.is_empty()) {
            let together = fitting(left);
            let batch: Array = left.iter().take(together).map(|message| text_message(message)).collect();
            match within(READ, "queue", ask(queue, "sendBatch", &[batch.into()])).await {
                Ok(Ok(_)) => sent += together,
                _ if sent > 0 => break,
                _ => return Err(unavailable("a send failed")),
            }
        }
        Ok(sent)
    }
}

fn text_message(message: &str) -> JsValue {
    object_of(&[("body", JsValue::from_str(message)), ("contentType", JsValue::from_str("text"))])
}

/// Returns how many of these messages go into one call: at least one.
fn fitting(messages: &[String]) -> usize {
    let mut bytes = 0;
    let fits = messages.iter().take(BATCH_MESSAGES).take_while(|message| {
        bytes += message.len();
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}

fn unavailable(reason: &'static str) -> Unavailable {
    Unavailable { store: "queue", reason }
}

#[cfg(test)]
mod tests {
    use super::fitting;

    fn messages(sizes: &[usize]) -> Vec<String> {
        sizes.iter().map(|size| "x".repeat(*size)).collect()
    }

    #[test]
    fn a_call_holds_as_many_messages_as_the_queue_takes() {
        assert_eq!(fitting(&messages(&[100_000, 100_000, 100_000])), 2);
        assert_eq!(fitting(&messages(&[10; 250])), 100);
        assert_eq!(fitting(&messages(&[240_000, 1])), 1);
    }

    #[test]
    fn a_message_above_the_limit_still_goes_alone() {
        assert_eq!(fitting(&messages(&[300_000, 10])), 1);
    }
}
