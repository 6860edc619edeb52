//! The trained models of `nearside try-models`, with every setting as an argument, and what bytes cost them.

use std::time::Instant;

use anyhow::Result;
use clap::Args;

use super::command::Table;
use crate::progress::note;
use crate::train::{
    Csr, FactorSettings, ItemFactors, NeighbourSettings, Neighbours, available_threads, loss, quantize_neighbours,
    quantize_vectors, train_factors, train_neighbours,
};

/// How models are trained.
#[derive(Debug, Args)]
pub(super) struct ModelArgs {
    /// Threads of training; all by default.
    #[arg(long)]
    threads: Option<usize>,
    /// EASE^R: added to every item's count.
    #[arg(long, default_value_t = 250.0)]
    ease_regularisation: f64,
    /// EASE^R: the share of the own count that is added.
    #[arg(long, default_value_t = 0.0)]
    ease_dropout: f64,
    /// EASE^R: weights that a column keeps.
    #[arg(long, default_value_t = 200)]
    ease_keep: usize,
    /// EASE^R: a row counts as if it had this power of its length less: 0 is as it is, 0.5 rows of length 1.
    #[arg(long, default_value_t = 0.0)]
    ease_row_power: f32,
    /// EASE^R: half-life of a person's purchases in training and when scored; none by default.
    #[arg(long)]
    ease_half_life_days: Option<f64>,
    /// Factors: numbers of a vector.
    #[arg(long, default_value_t = 64)]
    dimensions: usize,
    /// Factors: the weight of what did not happen.
    #[arg(long, default_value_t = 0.3)]
    unobserved_weight: f64,
    /// Factors: regularisation.
    #[arg(long, default_value_t = 0.006)]
    regularisation: f64,
    /// Factors: how regularisation grows with the number of entries.
    #[arg(long, default_value_t = 1.0)]
    frequency_exponent: f64,
    /// Factors: passes.
    #[arg(long, default_value_t = 16)]
    sweeps: usize,
    /// Factors: steps of conjugate gradients a pass.
    #[arg(long, default_value_t = 3)]
    gradient_steps: usize,
    /// Factors: half-life of purchases, which count by the sum of what is left of them; 0 lets them count by number.
    #[arg(long, default_value_t = 120.0)]
    half_life_days: f64,
    /// Factors: without a half-life, the confidence of repeated purchases is 1 + this x ln(their number).
    #[arg(long, default_value_t = 0.0)]
    repeat_weight: f64,
}

/// Trains, measures and prints EASE^R, as f32 and as bytes.
///
/// # Errors
/// Settings out of range.
pub(super) fn print_neighbours(table: &Table<'_>, args: &ModelArgs) -> Result<()> {
    const NAME: &str = "EASE^R";
    if !table.wants(NAME) {
        return Ok(());
    }
    let started = Instant::now();
    let settings = NeighbourSettings {
        regularisation: args.ease_regularisation,
        dropout: args.ease_dropout,
        keep: args.ease_keep,
        threads: args.threads.unwrap_or_else(available_threads),
    };
    let input = match args.ease_half_life_days {
        Some(days) => {
            let decayed = table.problem.weighted(|age_days| (-age_days / days).exp2())?;
            decayed.reweighted(|_, _, weight| weight.min(1.0))
        }
        None => table.seen.clone(),
    };
    let scaled = input.reweighted(|row, _, weight| weight / (input.row(row).0.len() as f32).powf(args.ease_row_power));
    let neighbours = train_neighbours(&scaled, &settings)?;
    let seconds = started.elapsed().as_secs_f64();
    let bytes = quantize_neighbours(&neighbours).dequantized();
    note!("{} weights, {} as bytes", neighbours.weights(), bytes.weights());
    print_sums(table, NAME, seconds, &input, &neighbours)?;
    print_sums(table, "EASE^R, int8", seconds, &input, &bytes)
}

/// Scores are the sums of the columns' weights over what the person took.
fn print_sums(table: &Table<'_>, name: &str, seconds: f64, input: &Csr, neighbours: &Neighbours) -> Result<()> {
    let by_input = neighbours.by_input();
    table.print_trained(name, seconds, &|person| {
        let mut scores = vec![0.0; table.problem.items];
        for (item, weight) in input.entries(person as usize) {
            for (other, own) in by_input.get(item as usize).into_iter().flatten() {
                if let Some(score) = scores.get_mut(*other as usize) {
                    *score += f64::from(weight) * f64::from(*own);
                }
            }
        }
        scores
    })
}

/// Trains, measures and prints iALS, as f32 and as bytes. Every person is folded in.
///
/// # Errors
/// Settings out of range.
pub(super) fn print_factors(table: &Table<'_>, args: &ModelArgs, seed: u64) -> Result<()> {
    let name = format!("iALS-{}", args.dimensions);
    if !table.wants(&name) {
        return Ok(());
    }
    let started = Instant::now();
    let settings = FactorSettings {
        dimensions: args.dimensions,
        unobserved_weight: args.unobserved_weight,
        regularisation: args.regularisation,
        frequency_exponent: args.frequency_exponent,
        sweeps: args.sweeps,
        gradient_steps: args.gradient_steps,
        seed,
        threads: args.threads.unwrap_or_else(available_threads),
    };
    let repeated = |_, _, times: f32| (1.0 + args.repeat_weight * f64::from(times).ln()) as f32;
    let input = if args.half_life_days > 0.0 {
        table.problem.weighted(|age_days| (-age_days / args.half_life_days).exp2())?
    } else {
        table.problem.weighted(|_| 1.0)?.reweighted(repeated)
    };
    let items = train_factors(&input, &settings)?.items;
    let seconds = started.elapsed().as_secs_f64();
    let quantized = quantize_vectors(&items.vectors, items.dimensions);
    note!("{} bytes: {:?}", quantized.bytes.len(), loss(&items.vectors, &quantized.dequantized()));
    print_products(table, &name, seconds, &input, &items)?;
    print_products(table, &format!("{name}, int8"), seconds, &input, &quantized.as_factors(&items))
}

fn print_products(table: &Table<'_>, name: &str, seconds: f64, input: &Csr, items: &ItemFactors) -> Result<()> {
    let gram = items.gram();
    table.print_trained(name, seconds, &|person| {
        let taken: Vec<(u32, f32)> = input.entries(person as usize).collect();
        // The gram is the model's own and regularisation is above 0, so there is a solution.
        let vector = items.fold_in(&gram, &taken).unwrap_or_default();
        let score = |item: &[f32]| item.iter().zip(&vector).map(|(item, own)| f64::from(*item) * own).sum();
        items.vectors.chunks_exact(items.dimensions).map(score).collect()
    })
}
