//! The parameters of a Thompson sampling policy, from a file.
//!
//! Two forms: a CSV with the columns `item_id,alpha,beta`, or the YAML of the Open Bandit Pipeline (`prior_bts.yaml`: for
//! each campaign a list `alpha` and a list `beta`), of which no more than that is understood.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::thompson::Belief;

/// Reads beliefs, an item at its index. `campaign` names the part of a YAML file.
///
/// # Errors
/// A file that cannot be read or has another form.
pub(crate) fn read(path: &Path, campaign: &str) -> Result<Vec<Belief>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let beliefs = match ending {
        "csv" => read_csv(&text),
        "yaml" | "yml" => read_yaml(&text, campaign),
        other => bail!("{}: a policy is a .csv or a .yaml file, not .{other}", path.display()),
    };
    beliefs.with_context(|| path.display().to_string())
}

fn read_csv(text: &str) -> Result<Vec<Belief>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<&str> = reader.headers()?.iter().collect::<Vec<_>>();
    ensure!(header == ["item_id", "alpha", "beta"], "the columns must be item_id,alpha,beta, not {}", header.join(","));
    let mut beliefs = Vec::new();
    for row in reader.deserialize() {
        let (item, alpha, beta): (usize, f64, f64) = row?;
        ensure!(item == beliefs.len(), "item {item} stands where item {} should", beliefs.len());
        beliefs.push(Belief { alpha, beta });
    }
    Ok(beliefs)
}

fn read_yaml(text: &str, campaign: &str) -> Result<Vec<Belief>> {
    let (mut is_ours, mut list) = (false, String::new());
    let (mut alphas, mut betas): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_suffix(':') {
            if line.starts_with(char::is_whitespace) {
                name.clone_into(&mut list);
            } else {
                is_ours = name == campaign;
            }
            continue;
        }
        let number = trimmed.strip_prefix('-').and_then(|number| number.trim().parse().ok());
        let number = number.with_context(|| format!("line {} is no number of a list: {trimmed}", index + 1))?;
        match list.as_str() {
            "alpha" if is_ours => alphas.push(number),
            "beta" if is_ours => betas.push(number),
            _ => {}
        }
    }
    ensure!(!alphas.is_empty(), "there is no campaign {campaign} with a list alpha");
    ensure!(alphas.len() == betas.len(), "{campaign} has {} alpha and {} beta", alphas.len(), betas.len());
    Ok(alphas.into_iter().zip(betas).map(|(alpha, beta)| Belief { alpha, beta }).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_give_the_same() {
        let expected = [Belief { alpha: 2.0, beta: 30.0 }, Belief { alpha: 1.5, beta: 4.0 }];
        assert_eq!(read_csv("item_id,alpha,beta\n0,2,30\n1,1.5,4\n").unwrap(), expected);
        let yaml = "men:\n  alpha:\n    - 9.0\n  beta:\n    - 9.0\nall:\n  alpha:\n    - 2.0\n    - 1.5\n  beta:\n    - 30\n    - 4.0\n";
        assert_eq!(read_yaml(yaml, "all").unwrap(), expected);
        assert_eq!(read_yaml(yaml, "women").unwrap_err().to_string(), "there is no campaign women with a list alpha");
    }

    #[test]
    fn other_forms_are_refused() {
        assert!(read_csv("id,alpha,beta\n0,1,1\n").is_err());
        assert!(read_csv("item_id,alpha,beta\n1,1,1\n").is_err());
        assert!(read_yaml("all:\n  alpha: [1, 2]\n", "all").is_err());
        assert!(read_yaml("all:\n  alpha:\n    - 1\n  beta:\n", "all").is_err());
    }
}
