//! Reads UCI Online Retail under the protocol that its published figures follow.
//!
//! Kept are lines with a customer, an invoice that is not a cancellation, quantity and price above zero, and a stock
//! code that begins with five digits. One purchase is customer x invoice x item, at the time of its first line.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::NaiveDateTime;
use csv::ByteRecord;
use nearside_engine::types::TimeMs;

use super::purchases::{Purchase, Purchases};
use crate::data::{open_plain, read_time};

/// What became of a line.
#[derive(Debug)]
pub(crate) enum Line {
    /// It is part of a purchase.
    Kept,
    /// The protocol leaves it out, for this reason.
    LeftOut(&'static str),
    /// It cannot be read.
    Unreadable(anyhow::Error),
}

/// Where the columns stand.
struct Columns {
    invoice: usize,
    code: usize,
    description: usize,
    quantity: usize,
    time: usize,
    price: usize,
    customer: usize,
    country: Option<usize>,
}

/// Reads a file, gzipped or not.
///
/// # Errors
/// The line and column that cannot be read.
pub(crate) fn read(path: &Path) -> Result<Purchases> {
    read_judging(path, &mut |line, _, verdict| match verdict {
        Line::Unreadable(error) => Err(error.context(format!("line {line}"))),
        Line::Kept | Line::LeftOut(_) => Ok(()),
    })
}

/// Reads a file, gzipped or not, and shows every line with its number and what became of it. Whether a line that cannot
/// be read ends it is said by the answer.
///
/// # Errors
/// A file that is no CSV with the columns of this data, and what `judge` answers.
pub(crate) fn read_judging(path: &Path, judge: &mut Judge<'_>) -> Result<Purchases> {
    read_csv(open_plain(path)?, judge).with_context(|| format!("{} is not Online Retail", path.display()))
}

/// Is shown a line's number, its fields and what became of it.
pub(crate) type Judge<'a> = dyn FnMut(u64, &ByteRecord, Line) -> Result<()> + 'a;

fn read_csv(input: impl Read, judge: &mut Judge<'_>) -> Result<Purchases> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let columns = Columns::find(reader.byte_headers()?)?;
    let mut kept = Kept::default();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        let verdict = kept.add(&record, &columns).unwrap_or_else(Line::Unreadable);
        judge(line, &record, verdict)?;
    }
    Ok(kept.into_purchases())
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
            country: find(&["country"]).ok(),
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
    countries: Names,
    /// By customer, invoice and item: the time of the earliest line, the first line's country, and the sum in pence.
    purchases: BTreeMap<(u32, u32, u32), (TimeMs, u32, i64)>,
    described: Vec<(TimeMs, u32, u32)>,
}

impl Kept {
    fn add(&mut self, record: &ByteRecord, columns: &Columns) -> Result<Line> {
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
        if customer.is_empty() || invoice.is_empty() {
            return Ok(Line::LeftOut("no customer or no invoice"));
        }
        if invoice.starts_with(['C', 'c']) {
            return Ok(Line::LeftOut("a cancellation"));
        }
        if !has_code {
            return Ok(Line::LeftOut("a stock code that does not begin with five digits"));
        }
        let (quantity, price) = (number(columns.quantity, "quantity")?, number(columns.price, "price")?);
        if quantity <= 0.0 || price <= 0.0 {
            return Ok(Line::LeftOut("a quantity or price that is not above zero"));
        }
        let at_ms = time_ms(&field(columns.time))?;
        let key = (self.customers.number(customer), self.invoices.number(&invoice), self.items.number(&code));
        let country = self.countries.number(&columns.country.map(field).unwrap_or_default());
        // Whole pence: sums of integers do not depend on the order of the lines. `as` saturates.
        let amount_pence = (quantity * price * 100.0).round() as i64;
        let bought = self.purchases.entry(key).or_insert((at_ms, country, 0));
        bought.0 = at_ms.min(bought.0);
        bought.2 = bought.2.saturating_add(amount_pence);
        let description = field(columns.description);
        if !description.is_empty() {
            self.described.push((at_ms, key.2, self.descriptions.number(&description)));
        }
        Ok(Line::Kept)
    }

    fn into_purchases(self) -> Purchases {
        let (customers, customer_order) = self.customers.in_order();
        let (invoices, invoice_order) = self.invoices.in_order();
        let (items, item_order) = self.items.in_order();
        let (descriptions, description_order) = self.descriptions.in_order();
        let (countries, country_order) = self.countries.in_order();
        let place = |order: &[u32], number: u32| order.get(number as usize).copied().unwrap_or_default();
        let mut purchases: Vec<Purchase> = self
            .purchases
            .into_iter()
            .map(|((customer, invoice, item), (at_ms, country, amount_pence))| Purchase {
                at_ms,
                customer: place(&customer_order, customer),
                invoice: place(&invoice_order, invoice),
                item: place(&item_order, item),
                country: place(&country_order, country),
                amount_pence,
            })
            .collect();
        purchases.sort_unstable();
        let described = self.described.into_iter();
        let described =
            described.map(|(at_ms, item, text)| (at_ms, place(&item_order, item), place(&description_order, text)));
        Purchases { customers, invoices, items, descriptions, countries, purchases, described: described.collect() }
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

/// Reads a time as all readers do, or as the editions of this data write it; without an offset it is UTC.
fn time_ms(text: &str) -> Result<TimeMs> {
    const EDITIONS: [&str; 2] = ["%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M"];
    if let Ok(at_ms) = read_time(text) {
        return Ok(at_ms);
    }
    match EDITIONS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()) {
        Some(at) => Ok(at.and_utc().timestamp_millis()),
        None => bail!("the invoice date is not a time such as 2010-12-01 08:26:00"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn strictly(text: &str) -> Result<Purchases> {
        read_csv(text.as_bytes(), &mut |line, _, verdict| match verdict {
            Line::Unreadable(error) => Err(error.context(format!("line {line}"))),
            _ => Ok(()),
        })
    }

    fn read_lines(lines: &str) -> Purchases {
        strictly(&format!("{HEADER}{lines}")).unwrap()
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
        assert_eq!(kept.purchases[0].amount_pence, 900);
        assert_eq!(kept.countries, ["GB"]);
        assert_eq!(kept.described.len(), 2);
    }

    #[test]
    fn the_editions_of_the_archive_are_read() {
        let other = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n\
                     1,71053,A,1,12/1/2010 8:26,3,1,GB\n";
        assert_eq!(strictly(other).unwrap().purchases[0].at_ms, 1_291_191_960_000);
        for time in ["2010-12-01 08:26:00", "2010-12-01T08:26:00Z", "2010-12-01T08:26:00", "2010-12-01 09:26:00+01:00"]
        {
            assert_eq!(time_ms(time).unwrap(), 1_291_191_960_000, "{time}");
        }
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        let error = |text: &str| format!("{:#}", strictly(text).unwrap_err());
        let lines = format!(
            "{HEADER}1,71053,A,1,2010-12-01 08:26:00+00:00,3,1,GB\n1,71053,A,many,2010-12-01 08:26:00+00:00,3,1,GB\n"
        );
        assert_eq!(error(&lines), "line 3: the quantity is not a number");
        assert!(error(&format!("{HEADER}1,71053,A,1,yesterday,3,1,GB\n")).starts_with("line 2: the invoice date"));
        assert!(error("a,b\n1,2\n").contains("no column is called"));
    }
}
