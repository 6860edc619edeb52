//! Vectors and neighbours as signed bytes: `value = byte x scale`, one scale a vector or column, zero in the middle.
//!
//! `scale = largest size / 127`, so that a byte is off by at most half a scale. What reads the bytes back multiplies in f32;
//! those products are the model's weights, not an approximation of them.

use super::item_neighbours::Neighbours;

/// The largest byte.
const LARGEST: f32 = 127.0;

/// Rows of signed bytes, all of one length.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct QuantizedVectors {
    /// Numbers of a row.
    pub(crate) dimensions: usize,
    /// One a row; 0 where the row is zero.
    pub(crate) scales: Vec<f32>,
    /// Row by row.
    pub(crate) bytes: Vec<i8>,
}

/// Neighbours whose weights are signed bytes.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct QuantizedNeighbours {
    /// One a column; 0 where the column is empty.
    pub(crate) scales: Vec<f32>,
    /// By column: input items and bytes, by item ascending. Weights that became 0 are gone.
    pub(crate) columns: Vec<Vec<(u32, i8)>>,
}

/// Turns rows of `dimensions` numbers into bytes; a rest that fills no row is left out.
pub(crate) fn quantize_vectors(vectors: &[f32], dimensions: usize) -> QuantizedVectors {
    let mut quantized = QuantizedVectors { dimensions, ..QuantizedVectors::default() };
    for row in vectors.chunks_exact(dimensions.max(1)) {
        let scale = scale_of(row.iter().copied());
        quantized.scales.push(scale);
        quantized.bytes.extend(row.iter().map(|value| byte_of(*value, scale)));
    }
    quantized
}

/// Turns weights into bytes, column by column.
pub(crate) fn quantize_neighbours(neighbours: &Neighbours) -> QuantizedNeighbours {
    let mut quantized = QuantizedNeighbours::default();
    for column in &neighbours.columns {
        let scale = scale_of(column.iter().map(|(_, weight)| *weight));
        let bytes = column.iter().map(|(input, weight)| (*input, byte_of(*weight, scale)));
        quantized.scales.push(scale);
        quantized.columns.push(bytes.filter(|(_, byte)| *byte != 0).collect());
    }
    quantized
}

fn scale_of(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(0.0_f32, |largest, value| largest.max(value.abs())) / LARGEST
}

fn byte_of(value: f32, scale: f32) -> i8 {
    if scale > 0.0 { (value / scale).round().clamp(-LARGEST, LARGEST) as i8 } else { 0 }
}

impl QuantizedVectors {
    /// The numbers that the bytes stand for.
    pub(crate) fn dequantized(&self) -> Vec<f32> {
        let rows = self.bytes.chunks_exact(self.dimensions.max(1)).zip(&self.scales);
        rows.flat_map(|(row, scale)| row.iter().map(move |byte| f32::from(*byte) * scale)).collect()
    }
}

impl QuantizedNeighbours {
    /// The weights that the bytes stand for.
    pub(crate) fn dequantized(&self) -> Neighbours {
        let columns = self
            .columns
            .iter()
            .zip(&self.scales)
            .map(|(column, scale)| column.iter().map(|(input, byte)| (*input, f32::from(*byte) * scale)).collect());
        Neighbours { columns: columns.collect() }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_off_by_at_most_half_a_scale() {
        let vectors: Vec<f32> = (0..64).map(|index| ((index * 37) % 61) as f32 / 61.0 - 0.4).collect();
        let quantized = quantize_vectors(&vectors, 16);
        assert_eq!((quantized.scales.len(), quantized.bytes.len()), (4, 64));
        let back = quantized.dequantized();
        for (row, scale) in quantized.scales.iter().enumerate() {
            for place in row * 16..(row + 1) * 16 {
                assert!((vectors[place] - back[place]).abs() <= scale * 0.5001);
            }
        }
        assert_eq!(quantize_vectors(&back, 16).bytes, quantized.bytes, "bytes of bytes are the same");
    }

    #[test]
    fn nothing_stays_nothing() {
        let quantized = quantize_vectors(&[0.0; 4], 2);
        assert_eq!((quantized.scales.as_slice(), quantized.dequantized()), ([0.0; 2].as_slice(), vec![0.0; 4]));
    }

    #[test]
    fn weights_that_round_to_nothing_are_gone() {
        let neighbours = Neighbours { columns: vec![vec![(1, 0.001), (2, -1.27)], vec![], vec![(0, 0.5)]] };
        let quantized = quantize_neighbours(&neighbours);
        assert_eq!(quantized.columns, [vec![(2, -127)], vec![], vec![(0, 127)]]);
        let back = quantized.dequantized();
        assert!((back.columns[0][0].1 + 1.27).abs() < 1e-6);
    }
}
