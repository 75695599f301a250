//! Ready-made features against pandas and brute force.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use quintile::ctx::Ctx;
use quintile::features::engagement::{self, ReadyMade};
use quintile::recipe::{Recipe, Returns};
use quintile::rfm::Feature;
use serde_json::Value;

use crate::{Shop, common, texts};

fn all(shop: &Shop) -> Vec<Feature> {
    engagement::all(&shop.known(), &shop.counted, &shop.recipe, &Ctx::silent()).unwrap()
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{what}: {found}, expected {expected}");
}

#[test]
fn online_retail_is_as_pandas_counts_it() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let expected: Value = serde_json::from_str(include_str!("../golden/features/engagement.json")).unwrap();
    let shop = Shop::of(Recipe::for_file(path));
    let features = all(&shop);
    let ids = &shop.counted.customers.ids;
    assert_eq!(ids.len() as u64, expected["customers"].as_u64().unwrap());
    let names: Vec<&str> = features.iter().map(|f| f.name.as_str()).collect();
    for (name, numbers) in expected["features"].as_object().unwrap() {
        let feature = features.iter().find(|f| f.name == *name).unwrap_or_else(|| panic!("{name} among {names:?}"));
        let mut known: Vec<f64> = feature.values.iter().copied().filter(|v| v.is_finite()).collect();
        known.sort_by(f64::total_cmp);
        let n = known.len() as f64;
        let mean = known.iter().sum::<f64>() / n;
        let sd = (known.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        let middle = (known[(known.len() - 1) / 2] + known[known.len() / 2]) / 2.0;
        let found = [n, mean, sd, known[0], middle, known[known.len() - 1]];
        for (key, found) in ["count", "mean", "sd", "min", "median", "max"].into_iter().zip(found) {
            close(found, numbers[key].as_f64().unwrap(), &format!("{name} {key}"));
        }
    }
    for (name, counts) in expected["words"].as_object().unwrap() {
        let feature = features.iter().find(|f| f.name == *name).unwrap();
        let words = texts(feature);
        for (word, count) in counts.as_object().unwrap() {
            let found = words.iter().filter(|w| *w == word).count() as u64;
            assert_eq!(found, count.as_u64().unwrap(), "{name} {word}");
        }
    }
    for (id, row) in expected["some"].as_object().unwrap() {
        let at = ids.iter().position(|i| i == id).unwrap();
        for (name, value) in row.as_object().unwrap() {
            let feature = features.iter().find(|f| f.name == *name).unwrap();
            match value {
                Value::Null => assert!(feature.values[at].is_nan(), "{id} {name}"),
                Value::String(word) => assert_eq!(texts(feature)[at], *word, "{id} {name}"),
                number => close(feature.values[at], number.as_f64().unwrap(), &format!("{id} {name}")),
            }
        }
    }
    // No column is a category or a discount there.
    assert_eq!(names.len(), ReadyMade::ALL.len() - 2);
}

/// One line of a small shop.
#[derive(Debug, Clone)]
struct Line {
    customer: u8,
    invoice: u8,
    day: u16,
    product: u8,
    category: u8,
    quantity: i8,
    cents: u16,
    discount: u8,
}

fn line() -> impl Strategy<Value = Line> {
    (0u8..5, 0u8..30, 0u16..400, 0u8..6, 0u8..4, -2i8..6, 1u16..900, 0u8..3).prop_map(
        |(customer, invoice, day, product, category, quantity, cents, discount)| Line {
            customer,
            invoice,
            day,
            product,
            category,
            quantity: if quantity == 0 { 1 } else { quantity },
            cents,
            discount,
        },
    )
}

fn date(day: u16) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(day.into())
}

fn csv(lines: &[Line]) -> String {
    let mut out = String::from("CustomerID,InvoiceNo,InvoiceDate,Product,Category,Quantity,UnitPrice,Discount\n");
    for l in lines {
        // An invoice without a category, and one without an invoice number now and then.
        let category = ["", "Tea", "Cups", "Spoons"][l.category as usize];
        let invoice = if l.invoice == 0 { String::new() } else { format!("9{:03}", l.invoice) };
        out.push_str(&format!(
            "{},{invoice},{},P{},{category},{},{}.{:02},{}\n",
            100 + u32::from(l.customer),
            date(l.day),
            l.product,
            l.quantity,
            l.cents / 100,
            l.cents % 100,
            ["0", "0.1", ""][l.discount as usize],
        ));
    }
    out
}

fn brute(
    lines: &[Line],
    customer: &str,
    snapshot: NaiveDate,
    window: Option<u32>,
    first: NaiveDate,
) -> BTreeMap<&'static str, String> {
    let earliest = window.map(|w| snapshot - chrono::Days::new(w.into()));
    let of = |l: &&Line| {
        format!("{}", 100 + u32::from(l.customer)) == *customer
            && date(l.day) <= snapshot
            && earliest.is_none_or(|e| date(l.day) >= e)
    };
    let mine: Vec<&Line> = lines.iter().filter(of).collect();
    let bought: Vec<&&Line> = mine.iter().filter(|l| l.quantity > 0).collect();
    let money = |l: &Line| f64::from(l.quantity) * f64::from(l.cents) / 100.0;
    let spent: f64 = bought.iter().map(|l| money(l)).sum();
    let basket = |l: &Line| if l.invoice == 0 { format!("day {}", l.day) } else { format!("invoice {}", l.invoice) };
    let mut baskets: BTreeMap<String, u16> = BTreeMap::new();
    for l in &bought {
        let first = baskets.entry(basket(l)).or_insert(l.day);
        *first = (*first).min(l.day);
    }
    let days: BTreeSet<u16> = bought.iter().map(|l| l.day).collect();
    let days: Vec<u16> = days.into_iter().collect();
    let gaps: Vec<f64> = days.windows(2).map(|w| f64::from(w[1] - w[0])).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let squares = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>();
    let sd = if gaps.len() < 2 { f64::NAN } else { (squares / (gaps.len() as f64 - 1.0)).sqrt() };
    let most = |values: Vec<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        values.into_iter().for_each(|v| *counts.entry(v).or_default() += 1);
        let top = counts.values().max().copied().unwrap_or(0);
        counts.into_iter().find(|(_, n)| *n == top).map(|(v, _)| v).unwrap_or_default()
    };
    let start = earliest.map_or(first, |e| first.max(e));
    let later: f64 = bought
        .iter()
        .filter(|l| (date(l.day) - start).num_days() * 2 > (snapshot - start).num_days())
        .map(|l| money(l))
        .sum();
    let count = |n: usize| n.to_string();
    let number = |v: f64| if v.is_finite() { v.to_string() } else { String::new() };
    let weekday = most(baskets.values().map(|d| date(*d).weekday().num_days_from_monday().to_string()).collect());
    let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    BTreeMap::from([
        ("avg_basket_value", number(spent / baskets.len() as f64)),
        ("items_per_basket", number(bought.iter().map(|l| f64::from(l.quantity)).sum::<f64>() / baskets.len() as f64)),
        ("distinct_products", count(bought.iter().map(|l| l.product).collect::<BTreeSet<_>>().len())),
        (
            "distinct_categories",
            count(bought.iter().map(|l| l.category).filter(|c| *c > 0).collect::<BTreeSet<_>>().len()),
        ),
        ("days_between_mean", number(mean)),
        ("days_between_sd", number(sd)),
        ("purchase_span_days", number(f64::from(days[days.len() - 1] - days[0]))),
        ("tenure_days", number((snapshot - date(days[0])).num_days() as f64)),
        (
            "active_months",
            count(days.iter().map(|d| (date(*d).year(), date(*d).month())).collect::<BTreeSet<_>>().len()),
        ),
        ("return_rate", number(-mine.iter().filter(|l| l.quantity < 0).map(|l| money(l)).sum::<f64>() / spent)),
        ("spend_trend", number((later - (spent - later)) / spent)),
        ("favourite_product", most(bought.iter().map(|l| format!("P{}", l.product)).collect())),
        ("favourite_weekday", weekdays[weekday.parse::<usize>().unwrap_or(0)].to_string()),
        ("discount_share", number(bought.iter().filter(|l| l.discount == 1).count() as f64 / bought.len() as f64)),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_shops_are_counted_as_by_hand(
        lines in proptest::collection::vec(line(), 40..90),
        window in proptest::option::of(30u32..300),
    ) {
        let shop = Shop::from_csv(&csv(&lines), |recipe| {
            recipe.rfm.window_days = window;
            recipe.clean.set_aside_not_positive = false;
            recipe.roles.category = Some("Category".into());
            recipe.roles.discount = Some("Discount".into());
        });
        let snapshot = shop.counted.snapshot.unwrap();
        let first = lines.iter().map(|l| date(l.day)).min().unwrap();
        let features = all(&shop);
        prop_assert_eq!(features.len(), ReadyMade::ALL.len());
        for (at, id) in shop.counted.customers.ids.iter().enumerate() {
            let expected = brute(&lines, id, snapshot, window, first);
            for feature in &features {
                let (found, expected) = (&texts(feature)[at], &expected[feature.name.as_str()]);
                let same = match (found.parse::<f64>(), expected.parse::<f64>()) {
                    (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
                    _ => found == expected,
                };
                prop_assert!(same, "{} of {}: {}, expected {}", feature.name, id, found, expected);
            }
        }
    }

    #[test]
    fn the_order_of_rows_and_the_threads_change_nothing(
        lines in proptest::collection::vec(line(), 40..90),
        turn in 0usize..40,
    ) {
        let shop = |lines: &[Line]| Shop::from_csv(&csv(lines), |_| {});
        let forward = shop(&lines);
        let mut other = lines.clone();
        other.rotate_left(turn);
        other.reverse();
        let backward = shop(&other);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let (a, b) = (all(&forward), one.install(|| all(&backward)));
        for (a, b) in a.iter().zip(&b) {
            prop_assert_eq!(&a.name, &b.name);
            let bits = |f: &Feature| f.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(a), bits(b), "{}", a.name);
            prop_assert_eq!(&a.names, &b.names);
        }
    }
}

#[test]
fn who_bought_nothing_has_no_features_and_returns_may_be_removed() {
    let text = "CustomerID,InvoiceNo,InvoiceDate,StockCode,Quantity,UnitPrice\n\
                1,101,2020-01-01,A,2,5\n1,102,2020-12-01,B,-1,5\n2,103,2020-12-30,A,1,8\n2,104,2020-12-30,C,1,8\n";
    let shop = Shop::from_csv(text, |recipe| {
        recipe.rfm.window_days = Some(60);
        recipe.rfm.keep_inactive = true;
    });
    let features = all(&shop);
    let of = |name: &str| texts(features.iter().find(|f| f.name == name).unwrap());
    assert_eq!(shop.counted.customers.ids.as_slice(), ["1", "2"]);
    assert_eq!(of("avg_basket_value"), ["", "8"]);
    assert_eq!(of("favourite_product"), ["", "A"]);
    assert_eq!(of("days_between_mean"), ["", ""]);
    assert_eq!(of("purchase_span_days"), ["", "0"]);
    assert!(features.iter().all(|f| !f.definition.is_empty() && f.definition.ends_with('.')));

    let dropped = Shop::from_csv(text, |recipe| recipe.clean.returns = Returns::Drop);
    let rate = all(&dropped).into_iter().find(|f| f.name == "return_rate").unwrap();
    assert_eq!(texts(&rate), ["0", "0"]);
    assert!(rate.definition.contains("0 for everyone"), "{}", rate.definition);
}

#[test]
fn features_without_their_column_are_not_offered_and_asking_for_them_says_why() {
    let mut shop =
        Shop::from_csv("Customer ID,Order Date,Sales\na,2020-01-01,5\nb,2020-02-01,6\na,2020-03-01,7\n", |_| {});
    let names: Vec<&str> = engagement::available(&shop.known()).into_iter().map(ReadyMade::name).collect();
    for gone in ["distinct_products", "distinct_categories", "favourite_product", "discount_share"] {
        assert!(!names.contains(&gone), "{gone}");
    }
    shop.recipe.features.columns = Some(vec!["distinct_categories".into()]);
    let error = quintile::features::enrich(&shop.known(), &shop.counted, &shop.recipe, &Ctx::silent()).unwrap_err();
    assert!(error.to_string().contains("category"), "{error}");
}
