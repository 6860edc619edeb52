//! Lists as parameters: one JSON array for many rows, in as few pieces as the database takes.

use nearside_json::write_json;
use serde::Serialize;

/// The most bytes of JSON that are packed into one parameter. D1 takes 2 MB; on its way it is escaped once more.
pub(super) const PARAMETER_BYTES: usize = 900_000;

/// Packs values into JSON arrays that fit a parameter. A value that is larger by itself goes alone.
pub(super) fn json_arrays(values: &[impl Serialize]) -> Vec<String> {
    let mut packed: Vec<String> = Vec::new();
    for value in values {
        let json = write_json(value);
        match packed.last_mut().filter(|array| array.len() + json.len() < PARAMETER_BYTES) {
            Some(array) => {
                array.push(',');
                array.push_str(&json);
            }
            None => packed.push(format!("[{json}")),
        }
    }
    packed.iter_mut().for_each(|array| array.push(']'));
    packed
}
