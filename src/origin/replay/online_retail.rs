//! Reads UCI Online Retail under the protocol that its published figures follow.
//!
//! Kept are lines with a customer, an invoice that is not a cancellation, quantity and price above zero, and a stock
//! code that begins with five digits. One purchase is customer x invoice x item, at the time of its first line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDateTime};
use csv::ByteRecord;
use flate2::read::MultiGzDecoder;
use nearside_engine::types::TimeMs;

use super::purchases::{Purchase, Replay};

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Where the columns stand.
struct Columns {
    invoice: usize,
    code: usize,
    description: usize,
    quantity: usize,
    time: usize,
    price: usize,
    customer: usize,
}

/// Reads a file, gzipped or not.
///
/// # Errors
/// The line and column that cannot be read.
pub(super) fn read(path: &Path) -> Result<Replay> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut first = Vec::new();
    file.by_ref().take(2).read_to_end(&mut first).with_context(|| format!("{} cannot be read", path.display()))?;
    file.rewind()?;
    let file = BufReader::new(file);
    let replay = if first == GZIP { read_csv(MultiGzDecoder::new(file)) } else { read_csv(file) };
    replay.with_context(|| format!("{} is not Online Retail", path.display()))
}

fn read_csv(input: impl Read) -> Result<Replay> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let columns = Columns::find(reader.byte_headers()?)?;
    let mut kept = Kept::default();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        kept.add(&record, &columns).with_context(|| format!("line {line}"))?;
    }
    Ok(kept.into_replay())
}

impl Columns {
    /// Finds the columns by their names; the archive's later editions spell some differently.
    fn find(headers: &ByteRecord) -> Result<Self> {
        let plain = |name: &[u8]| -> String {
            let name = String::from_utf8_lossy(name);
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
        };
        let names: Vec<String> = headers.iter().map(plain).collect();
        let find = |wanted: &[&str]| {
            let place = names.iter().position(|name| wanted.contains(&name.as_str()));
            place.with_context(|| format!("no column is called {}", wanted.join(" or ")))
        };
        Ok(Self {
            invoice: find(&["invoiceno", "invoice"])?,
            code: find(&["stockcode"])?,
            description: find(&["description"])?,
            quantity: find(&["quantity"])?,
            time: find(&["invoicedate"])?,
            price: find(&["unitprice", "price"])?,
            customer: find(&["customerid"])?,
        })
    }
}

/// The lines kept so far. Names are numbered as they come, and put in order at the end.
#[derive(Default)]
struct Kept {
    customers: Names,
    invoices: Names,
    items: Names,
    descriptions: Names,
    /// The earliest line, by customer, invoice and item.
    purchases: BTreeMap<(u32, u32, u32), TimeMs>,
    described: Vec<(TimeMs, u32, u32)>,
}

impl Kept {
    fn add(&mut self, record: &ByteRecord, columns: &Columns) -> Result<()> {
        let field = |index: usize| record.get(index).map(String::from_utf8_lossy).unwrap_or_default().trim().to_owned();
        let number = |index: usize, name: &str| -> Result<f64> {
            let text = field(index);
            text.parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .with_context(|| format!("the {name} is not a number"))
        };
        let (customer, invoice, code) =
            (field(columns.customer), field(columns.invoice), field(columns.code).to_uppercase());
        // Spreadsheets turned whole numbers into decimals in some editions.
        let customer = customer.strip_suffix(".0").unwrap_or(&customer);
        let has_code = code.len() >= 5 && code.bytes().take(5).all(|byte| byte.is_ascii_digit());
        if customer.is_empty() || invoice.is_empty() || invoice.starts_with(['C', 'c']) || !has_code {
            return Ok(());
        }
        if number(columns.quantity, "quantity")? <= 0.0 || number(columns.price, "price")? <= 0.0 {
            return Ok(());
        }
        let at_ms = time_ms(&field(columns.time))?;
        let key = (self.customers.number(customer), self.invoices.number(&invoice), self.items.number(&code));
        let first = self.purchases.entry(key).or_insert(at_ms);
        *first = at_ms.min(*first);
        let description = field(columns.description);
        if !description.is_empty() {
            self.described.push((at_ms, key.2, self.descriptions.number(&description)));
        }
        Ok(())
    }

    fn into_replay(self) -> Replay {
        let (customers, customer_order) = self.customers.in_order();
        let (invoices, invoice_order) = self.invoices.in_order();
        let (items, item_order) = self.items.in_order();
        let (descriptions, description_order) = self.descriptions.in_order();
        let place = |order: &[u32], number: u32| order.get(number as usize).copied().unwrap_or_default();
        let mut purchases: Vec<Purchase> = self
            .purchases
            .into_iter()
            .map(|((customer, invoice, item), at_ms)| Purchase {
                at_ms,
                customer: place(&customer_order, customer),
                invoice: place(&invoice_order, invoice),
                item: place(&item_order, item),
            })
            .collect();
        purchases.sort_unstable();
        let described = self.described.into_iter();
        let described =
            described.map(|(at_ms, item, text)| (at_ms, place(&item_order, item), place(&description_order, text)));
        Replay { customers, invoices, items, descriptions, purchases, described: described.collect() }
    }
}

/// Texts with numbers in the order in which they came.
#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }

    /// The texts in their order, and for each number its place there.
    fn in_order(self) -> (Vec<String>, Vec<u32>) {
        let mut places = vec![0; self.0.len()];
        let mut names = Vec::with_capacity(self.0.len());
        for (place, (name, number)) in (0..).zip(self.0) {
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place;
            }
            names.push(name);
        }
        (names, places)
    }
}

/// Reads a time; those without an offset are taken as UTC.
fn time_ms(text: &str) -> Result<TimeMs> {
    const WITH_OFFSET: [&str; 2] = ["%Y-%m-%d %H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S%:z"];
    const WITHOUT: [&str; 4] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M"];
    let with_offset = WITH_OFFSET.iter().find_map(|format| DateTime::parse_from_str(text, format).ok());
    if let Some(at) = with_offset.or_else(|| DateTime::parse_from_rfc3339(text).ok()) {
        return Ok(at.timestamp_millis());
    }
    match WITHOUT.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()) {
        Some(at) => Ok(at.and_utc().timestamp_millis()),
        None => bail!("the invoice date is not a time such as 2010-12-01 08:26:00"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read_lines(lines: &str) -> Replay {
        read_csv(format!("{HEADER}{lines}").as_bytes()).unwrap()
    }

    #[test]
    fn lines_outside_the_protocol_are_left_out() {
        let kept = read_lines(
            "2,85123a,B,6,2010-12-01 08:26:00+00:00,2.55,17850,GB\n\
             1,71053,A,1.0,2010-12-01 08:25:00+00:00,3.39,17850.0,GB\n\
             C3,71053,A,1,2010-12-02 08:26:00+00:00,3.39,17850,GB\n\
             4,71053,A,-1,2010-12-02 08:26:00+00:00,3.39,17850,GB\n\
             5,71053,A,1,2010-12-02 08:26:00+00:00,0,17850,GB\n\
             6,POST,A,1,2010-12-02 08:26:00+00:00,3,17850,GB\n\
             7,71053,A,1,2010-12-02 08:26:00+00:00,3,,GB\n",
        );
        assert_eq!(kept.customers, ["17850"]);
        assert_eq!(kept.items, ["71053", "85123A"]);
        let bought: Vec<(u32, u32)> = kept.purchases.iter().map(|purchase| (purchase.invoice, purchase.item)).collect();
        assert_eq!(bought, [(0, 0), (1, 1)], "in time order");
    }

    #[test]
    fn two_lines_of_one_item_on_one_invoice_are_one_purchase() {
        let kept =
            read_lines("1,71053,A,1,2010-12-01 08:26:00+00:00,3,1,GB\n1,71053,A,2,2010-12-01 08:25:00+00:00,3,1,GB\n");
        assert_eq!(kept.purchases.len(), 1);
        assert_eq!(kept.purchases[0].at_ms, 1_291_191_900_000);
        assert_eq!(kept.described.len(), 2);
    }

    #[test]
    fn the_editions_of_the_archive_are_read() {
        let other = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n\
                     1,71053,A,1,12/1/2010 8:26,3,1,GB\n";
        assert_eq!(read_csv(other.as_bytes()).unwrap().purchases[0].at_ms, 1_291_191_960_000);
        for time in ["2010-12-01 08:26:00", "2010-12-01T08:26:00Z", "2010-12-01T08:26:00", "2010-12-01 09:26:00+01:00"]
        {
            assert_eq!(time_ms(time).unwrap(), 1_291_191_960_000, "{time}");
        }
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        let error = |text: &str| format!("{:#}", read_csv(text.as_bytes()).unwrap_err());
        let lines = format!(
            "{HEADER}1,71053,A,1,2010-12-01 08:26:00+00:00,3,1,GB\n1,71053,A,many,2010-12-01 08:26:00+00:00,3,1,GB\n"
        );
        assert_eq!(error(&lines), "line 3: the quantity is not a number");
        assert!(error(&format!("{HEADER}1,71053,A,1,yesterday,3,1,GB\n")).starts_with("line 2: the invoice date"));
        assert!(error("a,b\n1,2\n").contains("no column is called"));
    }

    #[test]
    fn gzip_is_told_by_its_first_bytes() {
        let path = std::env::temp_dir().join(format!("nearside-online-retail-{}", std::process::id()));
        let mut packed = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
        packed.write_all(format!("{HEADER}1,71053,A,1,2010-12-01 08:26:00+00:00,3,1,GB\n").as_bytes()).unwrap();
        packed.finish().unwrap();
        let read = read(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap().purchases.len(), 1);
    }
}
