//! Many rows to one route, in calls that keep to the Worker's limits.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// The Worker takes this many rows in one call …
const ROWS_A_CALL: usize = 1_000;
/// … and 1 MB; the rest is for the braces around them.
const BYTES_A_CALL: usize = 1_000_000;

/// Puts a body at a path of a Worker.
pub(crate) type Put<'a> = dyn FnMut(&str, &[u8]) -> Result<Written> + 'a;

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Written {
    /// Rows that are in the tables now.
    pub(crate) written: u64,
    /// Rows of people who do not share, or are not known under their name.
    pub(crate) withheld: u64,
}

/// Puts rows: each body is `head`, which ends with an opening bracket, rows with commas between them, and `]}`.
///
/// # Errors
/// A row that is too large by itself, before anything is sent; what the Worker refuses, with the calls before it done.
pub(crate) fn put_rows<R: Serialize>(
    path: &str,
    head: &str,
    rows: impl Iterator<Item = R>,
    put: &mut Put<'_>,
) -> Result<Written> {
    let mut total = Written::default();
    for body in bodies(head, rows)? {
        let Written { written, withheld } = put(path, &body)?;
        total = Written { written: total.written + written, withheld: total.withheld + withheld };
    }
    Ok(total)
}

fn bodies<R: Serialize>(head: &str, rows: impl Iterator<Item = R>) -> Result<Vec<Vec<u8>>> {
    let mut bodies: Vec<(Vec<u8>, usize)> = Vec::new();
    for (number, row) in (1..).zip(rows) {
        let row = serde_json::to_vec(&row)?;
        if row.len() + head.len() + 2 > BYTES_A_CALL {
            bail!("row {number} alone has {} bytes, more than a call may carry", row.len());
        }
        match bodies.last_mut() {
            Some((body, count)) if *count < ROWS_A_CALL && body.len() + row.len() + 3 <= BYTES_A_CALL => {
                body.push(b',');
                body.extend(row);
                *count += 1;
            }
            _ => bodies.push(([head.as_bytes(), &row].concat(), 1)),
        }
    }
    Ok(bodies.into_iter().map(|(body, _)| [body.as_slice(), b"]}"].concat()).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn calls_keep_to_the_workers_limits_and_their_counts_add_up() {
        let send = |rows: usize, bytes: usize| {
            let (mut counts, mut paths) = (Vec::new(), Vec::new());
            let rows = (0..rows).map(|number| json!({ "user_id": number, "text": "x".repeat(bytes) }));
            let total = put_rows("/a", r#"{"pack":"p","rows":["#, rows, &mut |path, body| {
                assert!(body.len() <= 1_000_000);
                let body: Value = serde_json::from_slice(body).unwrap();
                assert_eq!(body["pack"], "p");
                counts.push(body["rows"].as_array().unwrap().len());
                paths.push(path.to_owned());
                Ok(Written { written: 2, withheld: 1 })
            });
            (counts, total.map(|total| (total.written, total.withheld)).unwrap_or_default())
        };
        assert_eq!(send(0, 0), (vec![], (0, 0)));
        assert_eq!(send(2_001, 1), (vec![1_000, 1_000, 1], (6, 3)));
        assert_eq!(send(5, 400_000), (vec![2, 2, 1], (6, 3)));
        assert_eq!(send(1, 1_000_000), (vec![], (0, 0)), "it is refused before anything is sent");
    }
}
