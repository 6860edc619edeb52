//! Why a value has no JSON.

use std::fmt::{self, Display};

/// A value that has no JSON: a map whose keys are not texts or integers, or what its own `Serialize` refused. One
/// pointer, since every step of writing returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError(Box<Message>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Message(String);

impl WriteError {
    #[cold]
    pub(crate) fn key() -> Self {
        Self(Box::new(Message("a name must be a text or an integer".to_owned())))
    }
}

impl Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for WriteError {}

impl serde::ser::Error for WriteError {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self(Box::new(Message(message.to_string())))
    }
}
