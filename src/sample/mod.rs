//! A generated shop: sales that look like a real export, so that everybody has data to try the program on.
//!
//! The same number of rows and the same seed give the same bytes on every platform: all choices are made
//! with whole numbers, and no function of the mathematics library has a say.

mod catalogue;
mod customers;
mod dice;
mod rows;

use std::io::{self, Write};

/// Rows of the sample unless asked otherwise, and its seed.
pub const DEFAULT_ROWS: usize = 60_000;
pub const DEFAULT_SEED: u64 = 42;

/// Writes a shop with exactly `rows` rows of sales below the header, as CSV in the order of time:
/// `InvoiceNo,InvoiceDate,CustomerID,StockCode,Description,Quantity,UnitPrice,Country`.
///
/// The shop sells things for home and kitchen from 2023-01-02 to 2024-12-30, to one customer per 15 rows. It has
/// what real files have: seasons, one-time buyers, wholesalers, customers who leave, returns (`C…` invoices with
/// negative quantities that mostly cancel an earlier purchase), orders without a customer, postage, and a few
/// rows that are plainly wrong.
///
/// # Errors
/// Whatever `out` fails with.
pub fn write_sample(rows: usize, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut dice = dice::Dice::new(seed);
    let catalogue = catalogue::Catalogue::new(&mut dice);
    let orders = customers::orders(rows, &mut dice);
    rows::write(rows, &catalogue, orders, &mut dice, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    fn sample(rows: usize, seed: u64) -> String {
        let mut out = Vec::new();
        write_sample(rows, seed, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_number_of_rows_is_exact_and_the_seed_decides() {
        for rows in [0, 1, 2, 10, 49, 50, 51, 333, 5_000] {
            assert_eq!(sample(rows, 1).lines().count(), rows + 1, "{rows}");
        }
        assert_eq!(sample(500, 7), sample(500, 7));
        assert_ne!(sample(500, 7), sample(500, 8));
    }

    #[test]
    fn it_is_the_shop_that_the_documentation_promises() {
        let text = sample(DEFAULT_ROWS, DEFAULT_SEED);
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
        assert!(rows.iter().all(|r| r.len() == 8), "no field needs quotes");

        let real = |d: &&str| d.len() == 16 && d.starts_with("202") && &d[5..7] < "13";
        let dated: Vec<&str> = rows.iter().map(|r| r[1]).filter(real).collect();
        assert!(dated.is_sorted());
        assert!(dated.len() < rows.len() && dated.len() + 20 > rows.len(), "a few dates are wrong");
        assert!(*dated.first().unwrap() < "2023-01-04" && *dated.first().unwrap() >= "2023-01-02");
        assert!(*dated.last().unwrap() > "2024-12-29" && *dated.last().unwrap() < "2024-12-31");

        let mut orders: HashMap<&str, HashSet<&str>> = HashMap::new();
        for r in rows.iter().filter(|r| !r[2].is_empty() && !r[0].starts_with('C')) {
            orders.entry(r[2]).or_default().insert(r[0]);
        }
        assert!((3_700..=4_100).contains(&orders.len()), "{}", orders.len());
        let once = orders.values().filter(|o| o.len() == 1).count() as f64 / orders.len() as f64;
        assert!((0.33..0.42).contains(&once), "{once}");
        let most = orders.values().map(HashSet::len).max().unwrap();
        assert!(most > 60, "{most}");

        let missing = rows.iter().filter(|r| r[2].is_empty()).count() as f64 / rows.len() as f64;
        assert!((0.02..0.04).contains(&missing), "{missing}");

        let mut bought: HashSet<(&str, &str, i64)> = HashSet::new();
        let (mut returns, mut matched) = (0, 0);
        for r in &rows {
            let quantity: i64 = r[5].parse().unwrap();
            if r[0].starts_with('C') {
                assert!(quantity < 0);
                returns += 1;
                matched += usize::from(bought.contains(&(r[2], r[3], -quantity)));
            } else {
                assert!(quantity > 0);
                bought.insert((r[2], r[3], quantity));
            }
        }
        assert_eq!(returns, DEFAULT_ROWS / 50);
        assert!(matched * 10 > returns * 7 && matched < returns, "{matched} of {returns}");

        let month = |m: &str| dated.iter().filter(|d| &d[5..7] == m).count();
        assert!(month("12") + month("11") > month("07") + month("08"));
        assert!(rows.iter().any(|r| r[6].is_empty()) && rows.iter().any(|r| r[6] == "0.00"));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.windows(2).filter(|w| w[0] == w[1]).count() >= DEFAULT_ROWS / 4_000);
        assert!(rows.iter().any(|r| r[3] == "POST"));
    }
}
