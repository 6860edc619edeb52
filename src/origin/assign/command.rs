//! The command: a request a line in, an answer a line out.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use nearside_engine::experiments::Algorithm;
use nearside_json::FromName;
use serde::Serialize;
use serde_json::{Map, Value};

use super::engines::{Question, question};
use super::fields::{Fields, as_number};
use super::{native, unleash};
use crate::exit::Exit;

/// Where npm was called from, which is not where it runs its scripts.
const CALLER_VARIABLE: &str = "INIT_CWD";

/// The longest line that is read: a request is a test and one id.
const LONGEST_LINE_BYTES: u64 = 1024 * 1024;

/// Tells which variant each id sees, by our hash or by another engine's: for tests that move here from there.
///
/// FILE holds one JSON request a line:
///
///   {"algorithm":"growthbook-v2","seed":"my-test","unit":"user 1","coverage":1.0,"weights":[0.5,0.5]}
///
/// and each is answered by one line, {"variant":0,"bucket":0.1234}: the index of the variant, -1 for an id that takes no
/// part, and the number that chose it as a share of the engine's buckets, null where none was made. A line that cannot be
/// read is answered by {"error":"…","line":3} at its place, and the command then ends with 1. Empty lines are passed over.
///
/// Every request names algorithm and unit (or userId, distinctId, subject, bucketingId). weights are shares of 1 in the
/// order of the variants; coverage is the share that takes part. Without weights there is one variant, 0. Besides:
///
///   native         seed (salt); environment ("production"); layer {"name","from","to"}; holdout {"share","salt"}
///   growthbook-v1  seed (key); variations (a number or a list) for equal weights; namespace ["name",from,to];
///   growthbook-v2    ranges [[from,to],…]; filters [{"seed","hashVersion","ranges"}]; hashVersion overrides the name;
///                    without weights a rollout to the coverage; bucket takes the place of the hash
///   unleash        seed (group, groupId, feature); rollout (percentage) in per cent; weights in whole numbers, or
///                    variants [{"name","weight","stickiness","overrides"}]; variantGroup; stickiness, and context
///                    {"userId","sessionId","remoteAddress","properties"} in place of unit
///   optimizely     seed (experimentId); trafficAllocation [{"entityId","endOfRange"}]; variations [ids]; group
///                    {"id","trafficAllocation"}
///   launchdarkly   seed, or flag (key) and salt; weights of 100000, or variations [{"variation","weight"}]; secondary
///   posthog        seed (key); rollout_percentage in per cent; variants [{"key","rollout_percentage"}] or [[key,share],…]
///   eppo           seed (salt); totalShards (10000); splits [{"shards":[{"salt","ranges":[{"start","end"}]}]}]
///
/// "explain":true adds the ranges of the variants in the engine's own units.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct AssignArgs {
    /// The requests; - reads standard input.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

/// Answers every line.
///
/// # Errors
/// A file that cannot be read, or output that cannot be written. Lines that could not be answered end with `Failed`.
pub(crate) fn run(args: &AssignArgs) -> Result<ExitCode> {
    let input: Box<dyn Read> = match args.file.to_str() {
        Some("-") => Box::new(io::stdin()),
        _ => {
            let path = as_called(&args.file);
            Box::new(File::open(&path).with_context(|| format!("{} cannot be read", path.display()))?)
        }
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let (lines, failed) = answer_lines(&mut BufReader::new(input), &mut output)?;
    output.flush()?;
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: {failed} of {lines} requests could not be answered");
    Ok(Exit::Failed.into())
}

/// A path as the caller meant it: npm changes the folder before it runs a script.
fn as_called(path: &Path) -> PathBuf {
    let caller = env::var_os(CALLER_VARIABLE).map(PathBuf::from);
    caller.map(|folder| folder.join(path)).filter(|path| path.exists()).unwrap_or_else(|| path.to_owned())
}

/// Answers lines until the end, and returns how many there were and how many of them failed.
fn answer_lines(input: &mut impl BufRead, output: &mut impl Write) -> Result<(u64, u64)> {
    let (mut asked, mut failed) = (0, 0);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.take(LONGEST_LINE_BYTES).read_until(b'\n', &mut line).context("the requests cannot be read")? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let is_cut = line.len() as u64 == LONGEST_LINE_BYTES && line.last() != Some(&b'\n');
        if is_cut {
            pass_line(input)?;
        }
        asked += 1;
        let answered = if is_cut { too_long() } else { answer(&line) };
        let text = match answered {
            Ok(answer) => serde_json::to_string(&answer)?,
            Err(error) => {
                failed += 1;
                serde_json::to_string(&Refusal { error: format!("{error:#}"), line: number })?
            }
        };
        writeln!(output, "{text}")?;
    }
    Ok((asked, failed))
}

fn too_long() -> Result<Answer> {
    bail!("the line is longer than {LONGEST_LINE_BYTES} bytes")
}

/// Reads on to the end of a line without keeping it.
fn pass_line(input: &mut impl BufRead) -> Result<()> {
    loop {
        let (used, is_end) = match input.fill_buf()? {
            [] => return Ok(()),
            bytes => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (bytes.len(), false),
            },
        };
        input.consume(used);
        if is_end {
            return Ok(());
        }
    }
}

fn answer(line: &[u8]) -> Result<Answer> {
    // A byte-order mark is what some editors begin a file with.
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let request: Map<String, Value> = serde_json::from_slice(line).context("not a JSON object")?;
    let fields = Fields(&request);
    let name = fields.text(&["algorithm", "engine"])?.context("the request names no algorithm")?;
    let name = name.to_lowercase().replace('_', "-");
    let name = match name.as_str() {
        // Without a version, the version that a request does not name is the first.
        "growthbook" | "growthbookv1" => "growthbook-v1",
        "growthbookv2" => "growthbook-v2",
        other => other,
    };
    let Ok(algorithm) = Algorithm::from_name(name) else {
        bail!("there is no algorithm {name:?}: it is one of {}", Algorithm::NAMES.join(", "))
    };
    match algorithm {
        Algorithm::Native => native::answer(fields).map(|(variant, bucket)| answered(variant.map(i64::from), bucket)),
        Algorithm::Unleash => {
            let found = unleash::answer(fields)?;
            Ok(answered(found.variant.map(i64::from), Some(found.bucket)))
        }
        _ => match question(algorithm, fields)? {
            Some(question) => of_rule(&question, fields),
            None => Ok(answered(None, None)),
        },
    }
}

fn of_rule(question: &Question, fields: Fields<'_>) -> Result<Answer> {
    let mut found = question.rule.assign(&question.unit);
    let mut has_bucket = question.takes_part || fields.unit()?.is_some();
    let mut takes_part = question.takes_part;
    if let Some((_, number)) = fields.any(&["bucket", "n"]) {
        found.bucket = as_number(number).context("bucket")?;
        found.variant = question.rule.variant_at(found.bucket);
        (has_bucket, takes_part) = (true, true);
    }
    let name_of = |variant: u8| match &question.names {
        Some(names) => names.get(usize::from(variant)).copied().unwrap_or_else(|| i64::from(variant)),
        None => i64::from(variant),
    };
    let variant = found.variant.filter(|_| takes_part).map(name_of);
    let mut answer = answered(variant, has_bucket.then_some(found.bucket));
    if fields.any(&["explain"]).is_some_and(|(_, flag)| *flag == Value::Bool(true)) {
        let ranges = question.rule.ranges().collect();
        answer.ranges = Some(ranges);
    }
    Ok(answer)
}

fn answered(variant: Option<i64>, bucket: Option<f64>) -> Answer {
    Answer { variant: variant.unwrap_or(-1), bucket: bucket.filter(|bucket| bucket.is_finite()), ranges: None }
}

/// The answer to one request.
#[derive(Debug, Serialize)]
struct Answer {
    /// -1 for an id that takes no part.
    variant: i64,
    bucket: Option<f64>,
    /// From, to and variant, when they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    ranges: Option<Vec<(f64, f64, u8)>>,
}

/// The answer to a line that could not be read.
#[derive(Debug, Serialize)]
struct Refusal {
    error: String,
    line: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "command_tests.rs"]
mod tests;
