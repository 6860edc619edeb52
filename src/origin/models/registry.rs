//! What publishing needs of a Worker: reading and writing paths. Tests put a Worker of their own behind it.

use anyhow::Result;
use serde_json::Value;

use crate::api::Api;

/// How a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Something is done.
    Post,
    /// Something is put in its place.
    Put,
}

/// A Worker, as far as its models go.
pub(crate) trait Registry {
    /// Reads a path; None when there is nothing.
    ///
    /// # Errors
    /// A refusal, in the Worker's words; nobody there.
    fn read(&self, path: &str) -> Result<Option<String>>;

    /// Sends JSON.
    ///
    /// # Errors
    /// As `read`; and then nobody knows whether it was done, unless the Worker refused.
    fn write(&self, method: Method, path: &str, body: &[u8]) -> Result<Value>;
}

impl Registry for Api {
    fn read(&self, path: &str) -> Result<Option<String>> {
        self.find_text(path)
    }

    fn write(&self, method: Method, path: &str, body: &[u8]) -> Result<Value> {
        match method {
            Method::Post => self.post(path, body),
            Method::Put => self.put(path, body),
        }
    }
}
