//! How large a document is on its way.

use std::io::Write;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use nearside_json::write_json;

/// Bytes of a document, plain and as gzip.
pub(crate) fn sizes(value: &impl serde::Serialize) -> Result<(usize, usize)> {
    let text = write_json(value);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(text.as_bytes())?;
    Ok((text.len(), gzip.finish()?.len()))
}
