//! A decision in numbers as bytes that JavaScript reads as one array of doubles, with JSON at their end.

use nearside_engine::flows::InNumbers;
use nearside_json::write_json;

const DOUBLE: usize = size_of::<f64>();

/// Lays the numbers and the head out.
pub(crate) fn bytes(answer: &InNumbers) -> Vec<u8> {
    let head = write_json(&answer.head);
    let doubles = 1 + answer.numbers.len();
    let size = doubles * DOUBLE + head.len().next_multiple_of(DOUBLE);
    let mut bytes = vec![b' '; size];
    let numbers = std::iter::once(doubles as f64).chain(answer.numbers.iter().copied());
    for (place, number) in bytes.chunks_exact_mut(DOUBLE).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    if let Some(place) = bytes.get_mut(doubles * DOUBLE..).and_then(|end| end.get_mut(..head.len())) {
        place.copy_from_slice(head.as_bytes());
    }
    bytes
}
