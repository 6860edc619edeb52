//! Tables as another engine writes them, and every way in which they can be wrong.

use std::path::PathBuf;
use std::sync::Arc;

use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::data::{ScratchFolder, scratch_folder};

/// As Spark and pyarrow write it: lists of three levels.
const SCHEMA: &str = "message spark_schema {
    optional binary item_id (UTF8);
    optional group factors (LIST) { repeated group list { optional float element; } }
}";
type Rows<'a> = &'a [(&'a str, &'a [f32])];

/// Writes two levels of null at most: the vector is there, its numbers are there.
fn write_table(path: &Path, schema: &str, rows: Rows<'_>) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let names: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(row.0)).collect();
    let numbers: Vec<f32> = rows.iter().flat_map(|row| row.1).copied().collect();
    let starts: Vec<i16> = rows.iter().flat_map(|row| (0..row.1.len()).map(|place| i16::from(place > 0))).collect();
    while let Some(mut column) = group.next_column().unwrap() {
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(writer) => {
                writer.write_batch(&names, Some(&vec![1; names.len()]), None).unwrap();
            }
            ColumnWriter::FloatColumnWriter(writer) => {
                writer.write_batch(&numbers, Some(&vec![3; numbers.len()]), Some(&starts)).unwrap();
            }
            ColumnWriter::DoubleColumnWriter(writer) => {
                let numbers: Vec<f64> = numbers.iter().copied().map(f64::from).collect();
                writer.write_batch(&numbers, Some(&vec![3; numbers.len()]), Some(&starts)).unwrap();
            }
            _ => panic!("another type"),
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

struct Case {
    folder: ScratchFolder,
}

impl Case {
    fn new(name: &str) -> Self {
        Self { folder: scratch_folder(name) }
    }

    fn table(&self) -> PathBuf {
        self.folder.path().join("factors.parquet")
    }

    /// Writes a table and the JSON that fits it, with one text in it replaced.
    fn write(&self, schema: &str, rows: Rows<'_>, replaced: (&str, &str)) -> Result<ExternalFactors> {
        write_table(&self.table(), schema, rows);
        let sha256 = sha256_hex(&fs::read(self.table()).unwrap());
        let told = format!(
            r#"{{"format": 1, "engine": "Spark 3.5.5 ALS", "pack": "retail", "before": "2025-03-01", "rank": 2, "regParam": 0.01,
            "alpha": 2.0, "maxIter": 16, "seed": 1, "people": 3, "items": 2, "pairs": 4, "sha256": "{sha256}"}}"#
        );
        fs::write(self.table().with_extension("json"), told.replace(replaced.0, replaced.1)).unwrap();
        read(&self.table())
    }
}

const GOOD: Rows<'_> = &[("b", &[0.5, -1.0]), ("a", &[1.5, 2.0])];
const AS_IT_IS: (&str, &str) = ("", "");

#[test]
fn a_table_reads_as_it_was_written() {
    let factors = Case::new("factors-read").write(SCHEMA, GOOD, AS_IT_IS).unwrap();
    assert_eq!((factors.engine.as_str(), factors.pack.as_str()), ("Spark 3.5.5 ALS", "retail"));
    assert_eq!((factors.dimensions, factors.regularisation, factors.alpha), (2, 0.01, 2.0));
    assert_eq!(factors.items, BTreeMap::from([("a".to_owned(), vec![1.5, 2.0]), ("b".to_owned(), vec![0.5, -1.0])]));
    assert_eq!(factors.before_ms, Some(1_740_787_200_000));
    let served = factors.of_items(["a", "new", "b"].into_iter()).for_fold_in();
    assert_eq!(served.vectors, [1.5, 2.0, 0.0, 0.0, 0.5, -1.0]);
    assert_eq!(served.gram, [2.5, 2.5, 2.5, 5.0]);
    assert_eq!((served.confidence, served.target, served.regularization_per_item), (2.0, 3.0, 0.01));
}

#[test]
fn order_of_columns_and_further_ones_do_not_matter() {
    let turned = "message m { optional group factors (LIST) { repeated group list { optional float element; } }
        optional binary item_id (UTF8); optional binary title (UTF8); }";
    let factors = Case::new("factors-turned").write(turned, GOOD, AS_IT_IS).unwrap();
    assert_eq!(factors.items["b"], [0.5, -1.0]);
}

#[test]
fn wrong_tables_are_refused_with_what_is_wrong() {
    let case = Case::new("factors-wrong");
    let check = |schema: &str, rows: Rows<'_>, expected: &str| {
        let error = format!("{:#}", case.write(schema, rows, AS_IT_IS).unwrap_err());
        assert!(error.contains("factors.parquet holds no vectors") && error.contains(expected), "{error}");
    };
    check(SCHEMA, &[], "it has no rows");
    check(SCHEMA, &[("a", &[1.0, 2.0]), ("b", &[1.0])], "row 2, item_id \"b\": 1 numbers, where all have 2");
    check(SCHEMA, &[("a", &[1.0, 2.0, 3.0])], "3 numbers, where all have 2");
    check(SCHEMA, &[("a", &[1.0, f32::NAN])], "row 1, item_id \"a\": number 2 is NaN");
    check(SCHEMA, &[("a", &[f32::INFINITY, 1.0])], "number 1 is inf");
    check(SCHEMA, &[("a", &[1.0, 2.0]), ("a", &[1.0, 2.0])], "row 2: item_id \"a\" stands twice");
    check(&SCHEMA.replace("item_id", "item"), GOOD, "it has no column item_id");
    check(&SCHEMA.replace("factors", "features"), GOOD, "it has no column factors");
    check(&SCHEMA.replace("float", "double"), GOOD, "number 1 is 0.5, not an f32");
    check(&SCHEMA.replace("(UTF8)", ""), GOOD, "item_id is neither a text");
}

#[test]
fn settings_that_do_not_fit_are_refused() {
    let case = Case::new("factors-settings");
    let check = |replaced: (&str, &str), expected: &str| {
        let error = format!("{:#}", case.write(SCHEMA, GOOD, replaced).unwrap_err());
        assert!(error.contains(expected), "{error}");
    };
    check((r#""format": 1"#, r#""format": 2"#), "factors.json does not describe factors: format 2 is not 1");
    check((r#""rank": 2"#, r#""rank": 0"#), "rank 0 is not in 1..=128");
    check((r#""rank": 2"#, r#""rank": 129"#), "rank 129 is not in 1..=128");
    check((r#""rank": 2"#, r#""rank": 3"#), "2 numbers, where all have 3");
    check(("0.01", "0"), "regParam 0 is not above 0");
    check((r#""alpha": 2.0"#, r#""alpha": -1"#), "alpha -1 is not above 0");
    check((r#""alpha": 2.0,"#, ""), "missing field `alpha`");
    check((r#""sha256": ""#, r#""sha256": "0"#), "factors.json describes another file than");
}

#[test]
fn missing_and_broken_files_are_named() {
    let case = Case::new("factors-broken");
    let error = || format!("{:#}", read(&case.table()).unwrap_err());
    assert!(error().contains("factors.json cannot be read"), "{}", error());
    case.write(SCHEMA, GOOD, AS_IT_IS).unwrap();
    fs::remove_file(case.table()).unwrap();
    assert!(error().contains("factors.parquet cannot be read"), "{}", error());
    fs::write(case.table(), "PAR1 but no more").unwrap();
    let broken = read_vectors(&case.table(), "item_id", 2).unwrap_err();
    assert!(format!("{broken:#}").contains("it is no whole Parquet file"), "{broken:#}");
}
