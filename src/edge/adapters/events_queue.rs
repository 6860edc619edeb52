//! `EventQueue` on a Queue: texts, since structured messages lose their maps on the way.

use std::rc::Rc;

use nearside_engine::ports::{EventQueue, Unavailable};
use worker::wasm_bindgen::JsValue;
use worker::{BatchMessageBuilder, Queue, QueueContentType, RawMessageBuilder};

use super::deadline::{READ, within};

/// The most messages of one call.
const BATCH_MESSAGES: usize = 100;
/// The most bytes of one call: the queue takes 256 KB, and each message has a little around it.
const BATCH_BYTES: usize = 240_000;

/// A queue's producer. Clones share one binding; without one nothing is taken.
#[derive(Debug, Clone)]
pub(crate) struct EventsQueue {
    binding: Option<Rc<Queue>>,
}

impl EventsQueue {
    /// Wraps a binding, or the fact that there is none.
    pub(crate) fn new(binding: Option<Queue>) -> Self {
        Self { binding: binding.map(Rc::new) }
    }
}

impl EventQueue for EventsQueue {
    async fn send(&self, messages: &[String]) -> Result<usize, Unavailable> {
        let Some(queue) = &self.binding else { return Err(unavailable("not bound")) };
        let mut sent = 0;
        while let Some(left) = messages.get(sent..).filter(|left| !left.is_empty()) {
            let together = fitting(left);
            let batch = left.iter().take(together).fold(BatchMessageBuilder::new(), |batch, message| {
                let message = RawMessageBuilder::new(JsValue::from_str(message));
                batch.message(message.build_with_content_type(QueueContentType::Text))
            });
            match within(READ, "queue", queue.send_raw_batch(batch.build())).await {
                Ok(Ok(())) => sent += together,
                _ if sent > 0 => break,
                _ => return Err(unavailable("a send failed")),
            }
        }
        Ok(sent)
    }
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

fn unavailable(reason: &str) -> Unavailable {
    Unavailable { store: "queue", reason: reason.to_owned() }
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
