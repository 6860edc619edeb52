//! Whole files through the command: every format, twice, and what hostile ones do.

use std::fs;
use std::io::Write;

use clap::Parser;
use flate2::Compression;
use flate2::write::GzEncoder;
use nearside_engine::types::DAY_MS;

use super::*;
use crate::data::{ScratchFolder, scratch_folder};
use crate::store::Kinds;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    import: ImportArgs,
}

/// When the imports of these tests run: in 2027.
const NOW_MS: TimeMs = 1_800_000_000_000;

/// A folder with one file, and a store.
struct Bench {
    folder: ScratchFolder,
    store: Store,
}

impl Bench {
    fn new(name: &str) -> Self {
        Self { folder: scratch_folder(&format!("import-{name}")), store: Store::in_memory().unwrap() }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&mut self, path: &Path, flags: &[&str]) -> Result<Tally> {
        self.import_with(path, flags, &Plan::at(NOW_MS))
    }

    fn import_with(&mut self, path: &Path, flags: &[&str], plan: &Plan) -> Result<Tally> {
        let words = ["import", path.to_str().unwrap()].into_iter().chain(flags.iter().copied());
        let args = Line::try_parse_from(words).map_err(anyhow::Error::from)?.import;
        let mapping = Mapping::parse(&args.map, &args.set)?;
        let span = Span { since_ms: args.since.unwrap_or(TimeMs::MIN), until_ms: args.until.unwrap_or(TimeMs::MAX) };
        import_file(&mut self.store, path, &args, &mapping, &Plan { span, ..plan.clone() })
    }

    fn events(&self) -> usize {
        self.store.dataset("shop", Kinds::All).unwrap().events.len()
    }
}

const FLAGS: [&str; 4] = ["--set", "type=PURCHASED", "--set", "pack=shop"];
const CSV: &str = "customer,item,when,amount\n1,cup,2011-01-01,2.5\n2,jug,2011-01-02 10:00:00,1\n2,cup,1294000000,\n";

fn gzipped(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn every_format_gives_the_same_events_and_none_twice() {
    let ndjson = "{\"customer\":1,\"item\":\"cup\",\"when\":\"2011-01-01T00:00:00Z\",\"amount\":2.5}\n\
                  {\"customer\":\"2\",\"item\":\"jug\",\"when\":1293962400000,\"amount\":1}\n\n\
                  {\"customer\":2,\"item\":\"cup\",\"when\":1294000000}";
    let files: [(&str, Vec<u8>); 6] = [
        ("plain.csv", CSV.into()),
        ("packed.csv.gz", gzipped(CSV)),
        ("semicolons.csv", CSV.replace(',', ";").into()),
        ("windows.csv", format!("\u{feff}{}", CSV.replace('\n', "\r\n")).into()),
        ("lines.ndjson", ndjson.into()),
        ("marked.ndjson.gz", gzipped(&format!("\u{feff}{}", ndjson.replace('\n', "\r\n")))),
    ];
    let mut bench = Bench::new("formats");
    for (number, (name, bytes)) in files.iter().enumerate() {
        let path = bench.file(name, bytes);
        let tally = bench.import(&path, &FLAGS).unwrap();
        let expected = if number == 0 { (3, 0) } else { (0, 3) };
        assert_eq!((tally.imported, tally.known), expected, "{name}: {tally:?}");
    }
    assert_eq!(bench.events(), 3);
}

#[test]
fn parquet_goes_out_and_comes_back_the_same() {
    let mut bench = Bench::new("parquet");
    let path = bench.file("a.csv", CSV.as_bytes());
    bench.import(&path, &FLAGS).unwrap();
    let table = bench.folder.path().join("events.parquet");
    assert_eq!(bench.store.write_parquet(&table, Some("shop")).unwrap(), 3);
    let first = fs::read(&table).unwrap();
    bench.store.write_parquet(&table, None).unwrap();
    assert_eq!(fs::read(&table).unwrap(), first, "the same store gives the same bytes");
    assert_eq!(bench.import(&table, &[]).unwrap().known, 3);
    let mut other = Bench::new("parquet-other");
    assert_eq!(other.import(&table, &[]).unwrap().imported, 3);
    let dataset = |bench: &Bench| bench.store.dataset("shop", Kinds::All).unwrap();
    assert_eq!(dataset(&bench), dataset(&other));
    for length in [4, first.len() / 2, first.len() - 1] {
        let path = other.file("cut.parquet", &first[..length]);
        assert!(other.import(&path, &[]).is_err(), "{length}");
    }
}

#[test]
fn bad_rows_are_counted_by_reason_and_the_others_come_in() {
    let mut bench = Bench::new("bad-rows");
    let mut text = CSV.as_bytes().to_vec();
    text.extend(
        b"3,cup,2011-01-01,NaN\n4,cup,2011-01-01,inf\n5,cup,2200-01-01,1\n6,cup,2011-01-01\n,cup,2011-01-01,1\n",
    );
    text.extend(b"7,c\xff\xfep,2011-01-01,1\n8,cup,2011-01-01,1,9,9\n9,,2011-01-01,1\n");
    let path = bench.file("bad.csv", &text);
    for expected in [(3, 0), (0, 3)] {
        let tally = bench.import(&path, &FLAGS).unwrap();
        assert_eq!((tally.imported, tally.known), expected);
        let counts: Vec<(&str, u64)> = tally.rejected.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
        assert_eq!(
            counts,
            [
                ("occurred_at is not within 1990 to 2099", 1),
                ("target_id is missing", 1),
                ("target_id is not UTF-8", 1),
                ("the number of fields is not that of the header", 2),
                ("user_id is missing", 1),
                ("value is not a finite number within 2^53", 2),
            ]
        );
    }
}

#[test]
fn an_event_of_the_future_is_put_aside_whatever_the_format() {
    let mut bench = Bench::new("future");
    let (noon, later) = (NOW_MS + DAY_MS, NOW_MS + DAY_MS + 1);
    let csv = format!("customer,item,when\n1,cup,{noon}\n1,jug,{later}\n1,pot,2098-12-01\n");
    let line = |item: &str, at_ms: TimeMs| format!("{{\"customer\":1,\"item\":\"{item}\",\"when\":{at_ms}}}\n");
    let ndjson = [line("cup", noon), line("jug", later), line("pot", 4_068_230_400_000)].concat();
    let mut table = Bench::new("future-table");
    let patient = Plan::at(5_000_000_000_000);
    for (name, text) in [("a.csv", csv), ("a.ndjson", ndjson)] {
        let path = bench.file(name, text.as_bytes());
        let tally = bench.import(&path, &FLAGS).unwrap();
        assert_eq!((tally.imported + tally.known, tally.rejected["occurred_at lies in the future"]), (1, 2), "{name}");
        table.import_with(&path, &FLAGS, &patient).unwrap();
    }
    let path = table.folder.path().join("events.parquet");
    assert_eq!(table.store.write_parquet(&path, None).unwrap(), 3);
    let tally = bench.import(&path, &[]).unwrap();
    assert_eq!((tally.known, tally.rejected["occurred_at lies in the future"]), (1, 2));
}

#[test]
fn files_of_one_name_keep_each_what_was_put_aside() {
    let mut bench = Bench::new("one-name");
    let mut paths = Vec::new();
    for folder in ["a", "b"] {
        fs::create_dir(bench.folder.path().join(folder)).unwrap();
        paths.push(bench.file(&format!("{folder}/x.csv"), format!("{CSV}{folder},cup,never,1\n").as_bytes()));
    }
    let kept = |bench: &mut Bench, path: &Path| {
        bench.import(path, &FLAGS).unwrap();
        bench.store.rejected_lines().unwrap().len()
    };
    assert_eq!(kept(&mut bench, &paths[0]), 1);
    assert_eq!(kept(&mut bench, &paths[1]), 2);
    assert_eq!(kept(&mut bench, &paths[1]), 2, "the same file again replaces its own");
    assert_eq!(kept(&mut bench, &paths[0].with_file_name("./x.csv")), 2);
    bench.file("a/x.csv", CSV.as_bytes());
    assert_eq!(kept(&mut bench, &paths[0]), 1, "what was put right is forgotten");
    assert_eq!(source_of(Path::new("./x.csv")), "file:x.csv");
    assert_eq!(source_of(Path::new("../a/./x.csv")), "file:../a/x.csv");
}

#[test]
fn hostile_lines_are_put_aside() {
    let mut bench = Bench::new("hostile-lines");
    let good = "{\"user\":\"1\",\"item\":\"cup\",\"time\":\"2011-01-01\"}";
    let deep = format!("{{\"user\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let huge = format!("{{\"user\":\"{}\"}}", "x".repeat(3_000_000));
    let text = [good, &deep, &huge, "{\"user\":", "[1]", "null", "\"user\"", "{}"].join("\n");
    let path = bench.file("hostile.ndjson", &[text.as_bytes(), b"\n{\"user\":\"\xff\"}\n"].concat());
    let tally = bench.import(&path, &FLAGS).unwrap();
    assert_eq!((tally.rows, tally.imported, tally.rejected_rows()), (9, 1, 8));
    for reason in ["the JSON is nested too deep", "the line is longer than 1 MiB", "the line is not JSON"] {
        assert!(tally.rejected.contains_key(reason), "{reason}: {tally:?}");
    }
}

#[test]
fn a_huge_line_of_csv_is_put_aside_and_the_rest_comes_in() {
    let mut bench = Bench::new("huge-csv");
    let huge = "x".repeat(5_000_000);
    for (number, end) in ["\n", "\r\n"].into_iter().enumerate() {
        let lines = [
            "customer,item,when",
            "1,cup,2011-01-01",
            &format!("2,{huge},2011-01-01"),
            "3,cup,never",
            "4,jug,2011-01-01",
            &format!("5,\"{huge}\",2011-01-01"),
        ];
        let path = bench.file(&format!("{number}.csv"), lines.join(end).as_bytes());
        let tally = bench.import(&path, &FLAGS).unwrap();
        assert_eq!((tally.rows, tally.imported + tally.known, tally.rejected_rows()), (5, 2, 3), "{tally:?}");
        assert_eq!(tally.rejected["the line is longer than 1 MiB"], 2);
    }
    let lines = bench.store.rejected_lines().unwrap();
    assert_eq!(lines, [3, 3, 4, 4, 6, 6]);
    let path = bench.file("header.csv", format!("{huge},a\n1,2\n").as_bytes());
    assert!(format!("{:#}", bench.import(&path, &FLAGS).unwrap_err()).contains("the header is longer than 1 MiB"));
}

#[test]
fn files_that_cannot_be_read_change_nothing() {
    let mut bench = Bench::new("unreadable");
    let packed = gzipped(&CSV.repeat(100));
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("cut.csv.gz", packed[..packed.len() - 9].to_vec(), "cut off"),
        ("empty.csv", Vec::new(), "the file is empty"),
        ("columns.csv", b"a,b\n1,2\n".to_vec(), "no column says user_id: give --map user_id=COLUMN"),
        ("twice.csv", b"user,item,item,time\n1,a,b,2011-01-01\n".to_vec(), "two columns are called \"item\""),
        ("keys.ndjson", b"{\"a\":1}\n".to_vec(), "the columns are a"),
    ];
    for (name, bytes, expected) in cases {
        let path = bench.file(name, &bytes);
        let error = format!("{:#}", bench.import(&path, &FLAGS).unwrap_err());
        assert!(error.contains(expected) && error.contains(name), "{error}");
    }
    assert_eq!(bench.events(), 0);
}

#[test]
fn a_quotation_mark_that_is_never_closed_ends_the_import() {
    let mut bench = Bench::new("quotation");
    let path = bench.file("open.csv", format!("{CSV}\"{}", CSV.repeat(100_000)).as_bytes());
    let error = format!("{:#}", bench.import(&path, &FLAGS).unwrap_err());
    assert!(error.contains("after row 3") && error.contains("quotation mark"), "{error}");
}

#[test]
fn a_span_leaves_out_what_lies_beside_it() {
    let mut bench = Bench::new("span");
    let path = bench.file("a.csv", CSV.as_bytes());
    let flags = [&FLAGS[..], &["--since", "2011-01-02", "--until", "2011-01-02T11:00:00Z"]].concat();
    let tally = bench.import(&path, &flags).unwrap();
    assert_eq!(tally.imported, 1);
    assert_eq!((tally.left_out["before --since"], tally.left_out["from --until on"]), (1, 1));
}

#[test]
fn a_saved_export_is_imported_as_it_is() {
    let mut bench = Bench::new("saved");
    let lines = "{\"sequence\":1,\"user_id\":\"ann\",\"interaction\":{\"id\":\"1\",\"type\":\"CLICKED\",\"target_id\":\"cup\",\
                 \"tags\":[],\"pack\":\"shop\",\"context\":{},\"occurred_at\":\"2026-01-01T00:00:00Z\"}}\n\
                 {\"sequence\":2,\"user_id\":\"bob\",\"erased_at\":\"2026-01-02T00:00:00Z\"}\n";
    let path = bench.file("export.ndjson", lines.as_bytes());
    let tally = bench.import(&path, &[]).unwrap();
    assert_eq!((tally.imported, tally.tombstones, tally.rejected_rows()), (1, 1, 0), "{tally:?}");
}

#[test]
fn online_retail_follows_its_protocol() {
    let mut bench = Bench::new("retail");
    let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
                1,85123a,RED CUP,2,2010-12-01 08:26:00+00:00,1.25,17850,United Kingdom\n\
                1,85123A,RED CUP,1,2010-12-01 08:27:00+00:00,1.25,17850,United Kingdom\n\
                C2,85123A,RED CUP,1,2010-12-02 08:26:00+00:00,1.25,17850,United Kingdom\n\
                3,71053,BLUE JUG,many,2010-12-02 08:26:00+00:00,1.25,17850,United Kingdom\n\
                4,71053,BLUE JUG,1,2011-12-02 08:26:00+00:00,3,17851,EIRE\n";
    let path = bench.file("retail.csv.gz", &gzipped(text));
    let flags = ["--preset", "online-retail", "--until", "2011-10-10"];
    let tally = bench.import(&path, &flags).unwrap();
    assert_eq!((tally.rows, tally.imported, tally.items, tally.rejected_rows()), (5, 1, 1, 1));
    assert_eq!(tally.rejected["the quantity is not a number"], 1);
    let left: u64 = tally.left_out.values().sum();
    assert_eq!(tally.rows, tally.imported + tally.rejected_rows() + left, "every line is accounted for");
    assert_eq!(bench.import(&path, &flags).unwrap().known, 1);
    let dataset = bench.store.dataset("retail", Kinds::Positive).unwrap();
    assert_eq!((dataset.people, dataset.regions), (vec!["17850".to_owned()], vec!["GB".to_owned()]));
    assert_eq!((dataset.items[0].id.as_str(), dataset.items[0].title.as_str()), ("85123A", "Red cup"));
    assert_eq!(dataset.events[0].value, Some(3.75));
}

#[test]
fn sources_and_flags_that_contradict_each_other_are_refused() {
    for words in [
        &["import"][..],
        &["import", "--from-start", "a.csv"],
        &["import", "a.csv", "--preset", "online-retail", "--set", "type=CLICKED"],
    ] {
        assert!(Line::try_parse_from(words).is_err(), "{words:?}");
    }
    assert!(Line::try_parse_from(["import", "--from-edge"]).is_ok());
}
