//! Cleaning and counting against published and recomputed figures (origin: `tests/golden/README.md`).

mod common;

use std::path::Path;

use chrono::NaiveDate;
use quintile::clean::{CleanOut, clean};
use quintile::ctx::Ctx;
use quintile::intake::{self, Role};
use quintile::recipe::{FrequencyUnit, Recipe, Returns, ScoreCuts};
use quintile::rfm::score::quantile;
use quintile::rfm::{RfmOut, rfm};

/// Reads, cleans and counts, as the pipeline does.
fn count(recipe: &Recipe) -> (CleanOut, RfmOut) {
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let cleaned = clean(&read.table, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
    let counted = rfm(&cleaned, &recipe.rfm, &recipe.clean, &ctx).unwrap();
    (cleaned, counted)
}

fn text_file(folder: &Path, text: &str) -> Recipe {
    let path = folder.join("x.csv");
    std::fs::write(&path, text).unwrap();
    Recipe::for_file(path)
}

fn quantiles(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [0.2, 0.4, 0.6, 0.8].iter().map(|&p| (quantile(&sorted, p) * 1e6).round() / 1e6).collect()
}

#[test]
fn uci_online_retail_with_policy_drop() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let mut recipe = Recipe::for_file(path);
    recipe.clean.returns = Returns::Drop;
    let (cleaned, counted) = count(&recipe);
    let step = |id: &str| {
        let s = cleaned.funnel.iter().find(|s| s.id == id).unwrap();
        (s.rows, s.customers)
    };
    assert_eq!(step("read"), (541_909, 4_372));
    assert_eq!(step("customer_present"), (406_829, 4_372));
    assert_eq!(step("not_cancelled"), (397_924, 4_339));
    assert_eq!(step("positive"), (397_884, 4_338));
    let last = counted.funnel.last().unwrap();
    assert_eq!((last.rows, last.customers, last.amount), (397_884, 4_338, 8_911_407.904));
    let mut invoices = cleaned.transactions.invoice.clone();
    invoices.sort_unstable();
    invoices.dedup();
    assert_eq!(invoices.len(), 18_532);

    assert_eq!(counted.snapshot, NaiveDate::from_ymd_opt(2011, 12, 10));
    let t = &counted.customers;
    assert_eq!(t.recency().iter().sum::<f64>(), 403_692.0);
    assert_eq!(t.frequency().iter().sum::<f64>(), 18_532.0);
    let range = |v: &[f64]| v.iter().fold((f64::MAX, f64::MIN), |(l, h), &x| (l.min(x), h.max(x)));
    assert_eq!(range(t.recency()), (1.0, 374.0));
    assert_eq!(range(t.frequency()).1, 209.0);
    assert_eq!(range(t.monetary()).1, 280_206.02);
    assert_eq!(quantiles(t.recency()), [13.8, 33.0, 72.0, 180.0]);
    assert_eq!(quantiles(t.frequency()), [1.0, 2.0, 3.0, 6.0]);
    assert_eq!(quantiles(t.monetary()), [250.194, 490.096, 942.276, 2058.426]);
    for (axis, values) in counted.scores.iter().zip([t.recency(), t.frequency(), t.monetary()]) {
        let cuts: Vec<f64> = axis.cuts.iter().map(|c| (c * 1e6).round() / 1e6).collect();
        assert_eq!(cuts, quantiles(values));
    }

    recipe.clean.drop_duplicates = true;
    let (cleaned, _) = count(&recipe);
    assert_eq!(cleaned.funnel.last().unwrap().rows, 392_692);
}

/// The other two policies, against a separate implementation of their definitions in pandas.
#[test]
fn uci_online_retail_with_policies_net_and_match() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let mut recipe = Recipe::for_file(path);
    let mut sums = |returns| {
        recipe.clean.returns = returns;
        let (cleaned, counted) = count(&recipe);
        let t = &counted.customers;
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let money = (sum(t.monetary()) * 1e3).round() / 1e3;
        (cleaned, (t.len(), sum(t.recency()), sum(t.frequency()), money))
    };
    assert_eq!(sums(Returns::Net).1, (4_317, 400_482.0, 18_508.0, 8_313_294.954));
    let (cleaned, match_sums) = sums(Returns::Match);
    assert_eq!(match_sums, (4_327, 403_365.0, 18_387.0, 8_464_090.844));
    let note = |id: &str| cleaned.funnel.iter().find(|s| s.id == id).unwrap().note.clone();
    assert!(note("cancellations_matched").starts_with("2,895 "), "{}", note("cancellations_matched"));
    assert!(note("cancellations_unmatched").starts_with("6,010 "), "{}", note("cancellations_unmatched"));
}

/// The figures of R's rfm package, with its own way of cutting and counting.
#[test]
fn orders_of_the_rfm_package() {
    let Some(path) = common::shared("reference/rfm_rfm_data_orders.csv") else { return };
    let mut recipe = Recipe::for_file(path);
    recipe.rfm.snapshot = NaiveDate::from_ymd_opt(2006, 12, 31);
    recipe.rfm.frequency = FrequencyUnit::Rows;
    recipe.rfm.score_cuts = ScoreCuts::RfmPackage;
    let (cleaned, counted) = count(&recipe);
    assert_eq!(cleaned.funnel[0].rows, 4_906);
    assert_eq!(counted.customers.len(), 995);
    assert_eq!(counted.customers.monetary().iter().sum::<f64>(), 464_158.0);
    let cuts = |i: usize| counted.scores[i].cuts.iter().map(|c| (c * 1e6).round() / 1e6).collect::<Vec<_>>();
    assert_eq!(cuts(0), [115.0, 181.0, 297.4, 482.0]);
    assert_eq!(cuts(1), [4.0, 5.0, 6.0, 8.0]);
    assert_eq!(cuts(2), [255.8, 382.0, 506.4, 666.0]);

    // Segments of rfm ≤ 0.2: the first range that holds all three scores.
    let ranges: [(&str, [u8; 2], [u8; 2]); 10] = [
        ("Champions", [4, 5], [4, 5]),
        ("Loyal", [2, 5], [3, 5]),
        ("Potential", [3, 5], [1, 3]),
        ("New", [4, 5], [1, 1]),
        ("Promising", [3, 4], [1, 1]),
        ("Attention", [2, 3], [2, 3]),
        ("Sleep", [2, 3], [1, 2]),
        ("At risk", [1, 2], [2, 5]),
        ("Can't lose", [1, 1], [4, 5]),
        ("Lost", [1, 2], [1, 2]),
    ];
    let within = |x: u8, [low, high]: [u8; 2]| (low..=high).contains(&x);
    let mut found: std::collections::BTreeMap<&str, (usize, f64, f64)> = Default::default();
    for i in 0..counted.customers.len() {
        let [r, f, m] = [0, 1, 2].map(|a| counted.scores[a].scores[i]);
        let name = ranges.iter().find(|(_, rr, fm)| within(r, *rr) && within(f, *fm) && within(m, *fm));
        let entry = found.entry(name.map_or("Others", |n| n.0)).or_default();
        entry.0 += 1;
        entry.1 += counted.customers.frequency()[i];
        entry.2 += counted.customers.monetary()[i];
    }
    assert_eq!(found["Champions"], (158, 1234.0, 120_178.0));
    let sizes = ["Loyal", "Potential", "Lost", "At risk", "Sleep", "Others", "Attention"].map(|n| found[n].0);
    assert_eq!(sizes, [278, 229, 111, 86, 50, 48, 35]);
}

#[test]
fn cdnow_master() {
    let Some(path) = common::shared("cdnow/CDNOW_master.txt") else { return };
    let (cleaned, counted) = count(&Recipe::for_file(path));
    assert_eq!((cleaned.funnel[0].rows, cleaned.funnel[0].customers), (69_659, 23_570));
    assert_eq!(cleaned.transactions.customers[0], "00001");
    assert_eq!(counted.frequency_of, "days");
    let set_aside = 23_570 - counted.customers.len();
    println!("{set_aside} customers spent nothing");
    // Every purchase of a customer who is left counts once a day; the whole file has 67,591 such days.
    let days: f64 = counted.customers.frequency().iter().sum();
    assert!(days <= 67_591.0 && days > 67_000.0, "{days}");
}

/// Columns that roles must have found, or that there is none.
type Expected = &'static [(Role, Option<&'static str>)];

/// Those of UCI Online Retail, as text and as a workbook.
const ONLINE_RETAIL: Expected = &[
    (Role::CustomerId, Some("CustomerID")),
    (Role::Date, Some("InvoiceDate")),
    (Role::Invoice, Some("InvoiceNo")),
    (Role::Amount, None),
    (Role::Quantity, Some("Quantity")),
    (Role::UnitPrice, Some("UnitPrice")),
    (Role::Product, Some("StockCode")),
];

#[test]
fn the_five_files_open_with_the_right_roles() {
    use Role::*;
    let cases: [(&str, usize, Expected); 5] = [
        ("online_retail/OnlineRetail.csv", 541_909, ONLINE_RETAIL),
        ("online_retail/Online Retail.xlsx", 541_909, ONLINE_RETAIL),
        (
            "cdnow/CDNOW_master.txt",
            69_659,
            &[(CustomerId, Some("customer_id")), (Date, Some("date")), (Invoice, None), (Amount, Some("dollar_value"))],
        ),
        (
            "superstore/Sample - Superstore.csv",
            9_994,
            &[
                (CustomerId, Some("Customer ID")),
                (Date, Some("Order Date")),
                (Invoice, Some("Order ID")),
                (Amount, Some("Sales")),
                (Product, Some("Product ID")),
                (UnitPrice, None),
            ],
        ),
        (
            "reference/rfm_rfm_data_orders.csv",
            4_906,
            &[
                (CustomerId, Some("customer_id")),
                (Date, Some("order_date")),
                (Invoice, None),
                (Amount, Some("revenue")),
            ],
        ),
    ];
    for (file, rows, expected) in cases {
        let Some(path) = common::shared(file) else { return };
        let read = intake::read(&Recipe::for_file(path).input, &Ctx::silent()).unwrap();
        assert_eq!(read.table.rows, rows, "{file}");
        let roles = intake::roles::find(&read.table, &Default::default(), &Ctx::silent()).unwrap();
        for (role, column) in expected {
            assert_eq!(roles.column(*role), *column, "{file}: {role:?}");
        }
    }
}

#[test]
fn the_workbook_and_the_csv_give_the_same_customers() {
    let Some(csv) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let Some(book) = common::shared("online_retail/Online Retail.xlsx") else { return };
    let (_, a) = count(&Recipe::for_file(csv));
    let (_, b) = count(&Recipe::for_file(book));
    assert_eq!(a.customers.ids, b.customers.ids);
    for (x, y) in a.customers.features.iter().zip(&b.customers.features) {
        assert_eq!(x.values, y.values, "{}", x.name);
    }
}

const RETURNS: &str = "invoice,customer,product,quantity,price,date\n\
    1001,A,x,2,5.00,2024-01-05 10:00\n\
    1002,A,x,2,5.00,2024-02-05 10:00\n\
    1003,A,y,1,7.00,2024-02-06 10:00\n\
    C1004,A,x,-2,5.00,2024-03-01 10:00\n\
    C1005,A,y,-2,7.00,2024-03-02 10:00\n\
    1006,B,x,1,5.00,2024-01-10 10:00\n\
    C1007,B,x,-1,5.00,2024-01-09 10:00\n\
    1008,B,z,1,0.00,2024-03-03 10:00\n\
    1009,D,x,1,5.00,2024-01-11 10:00\n\
    C1010,D,x,-4,5.00,2024-03-04 10:00\n\
    1011,,x,1,5.00,2024-01-12 10:00\n";

#[test]
fn three_policies_for_returns() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = text_file(folder.path(), RETURNS);
    let mut counted = |returns| {
        recipe.clean.returns = returns;
        let (cleaned, counted) = count(&recipe);
        let t = &counted.customers;
        let rows: Vec<_> =
            (0..t.len()).map(|i| (t.ids[i].clone(), t.recency()[i], t.frequency()[i], t.monetary()[i])).collect();
        (rows, cleaned, counted)
    };
    let row = |id: &str, r, f, m| (id.to_string(), r, f, m);

    // The last row that is left is B's order of 2024-02-06 for drop, a return of 2024-03-04 for net.
    let (rows, ..) = counted(Returns::Drop);
    assert_eq!(rows, [row("A", 1.0, 3.0, 27.0), row("B", 28.0, 1.0, 5.0), row("D", 27.0, 1.0, 5.0)]);

    // Returns reduce what was spent; A's visits and last visit are those of purchases. B nets 0 and D less than 0.
    let (rows, _, out) = counted(Returns::Net);
    assert_eq!(rows, [row("A", 28.0, 3.0, 27.0 - 10.0 - 14.0)]);
    assert!(out.funnel.last().unwrap().note.starts_with("2 customers"));
}

#[test]
fn a_cancellation_takes_away_the_latest_earlier_purchase_of_the_same_kind() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = text_file(folder.path(), RETURNS);
    recipe.clean.returns = Returns::Match;
    let (cleaned, counted) = count(&recipe);
    let t = &counted.customers;
    // A: C1004 takes away 1002 (not 1001); C1005 has another quantity and finds nothing. B: the cancellation is
    // earlier than the purchase and finds nothing. D: another quantity.
    let rows: Vec<_> = (0..t.len()).map(|i| (t.ids[i].as_str(), t.frequency()[i], t.monetary()[i])).collect();
    assert_eq!(rows, [("A", 2.0, 17.0), ("B", 1.0, 5.0), ("D", 1.0, 5.0)]);
    let step = |id: &str| cleaned.funnel.iter().find(|s| s.id == id).unwrap();
    assert!(
        step("cancellations_matched").note.starts_with("1 cancellation "),
        "{}",
        step("cancellations_matched").note
    );
    assert!(step("cancellations_unmatched").note.starts_with("3 cancellations "));
    assert_eq!(step("cancellations_matched").rows - step("cancellations_unmatched").rows, 3);
}

#[test]
fn the_window_and_those_who_did_not_buy_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = "customer,date,amount\nA,2024-01-01,10\nA,2024-03-01,10\nA,2024-03-01,5\nB,2024-01-15,20\nC,2024-03-20,30\nD,2024-05-01,1\n";
    let mut recipe = text_file(folder.path(), text);
    recipe.rfm.snapshot = NaiveDate::from_ymd_opt(2024, 3, 31);
    recipe.rfm.window_days = Some(30);
    let rows = |recipe: &Recipe| {
        let (_, c) = count(recipe);
        let t = &c.customers;
        (0..t.len()).map(|i| (t.ids[i].clone(), t.recency()[i], t.frequency()[i], t.monetary()[i])).collect::<Vec<_>>()
    };
    let row = |id: &str, r, f, m| (id.to_string(), r, f, m);
    // 2024-03-01 is 30 days before: inside. Two orders on one day are one visit without invoice numbers.
    assert_eq!(rows(&recipe), [row("A", 30.0, 1.0, 15.0), row("C", 11.0, 1.0, 30.0)]);
    recipe.rfm.keep_inactive = true;
    // D bought for the first time after the snapshot, and was no customer on that day.
    let all = [row("A", 30.0, 1.0, 15.0), row("B", 31.0, 0.0, 0.0), row("C", 11.0, 1.0, 30.0)];
    assert_eq!(rows(&recipe), all);
    recipe.rfm.snapshot = NaiveDate::from_ymd_opt(2020, 1, 1);
    recipe.rfm.keep_inactive = false;
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let cleaned = clean(&read.table, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
    let error = rfm(&cleaned, &recipe.rfm, &recipe.clean, &ctx).unwrap_err().to_string();
    assert!(error.contains("2020-01-01") && error.contains("2024-05-01"), "{error}");
}
