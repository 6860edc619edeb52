//! The figures, as one table or as JSON.

use std::io::{self, Write};

use anyhow::Result;

use super::measure::Measured;

/// Prints the figures to standard output.
pub(super) fn print(models: &[Measured], json: bool) -> Result<()> {
    let text = if json { serde_json::to_string(models)? } else { table(models) };
    writeln!(io::stdout(), "{}", text.trim_end())?;
    Ok(())
}

fn table(models: &[Measured]) -> String {
    let header = format!("{:<18} {:>6} {:>8} {:>10}\n", "model", "users", "NDCG@10", "Recall@20");
    let rows = models
        .iter()
        .map(|row| format!("{:<18} {:>6} {:>8.4} {:>10.4}\n", row.model, row.users, row.ndcg10, row.recall20));
    std::iter::once(header).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_stand_under_their_names() {
        let row = Measured { model: "recent_popularity", users: 1_096, ndcg10: 0.111_5, recall20: 0.110_4 };
        let expected = "model               users  NDCG@10  Recall@20\nrecent_popularity    1096   0.1115     0.1104\n";
        assert_eq!(table(&[row]), expected);
    }
}
