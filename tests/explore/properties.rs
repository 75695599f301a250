//! The order of rows and the number of threads change nothing, and the numbers are those of plain definitions.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quintile::ctx::Ctx;
use quintile::explore::{Correlation, Measure, Question, Source, Subject, answer};

use super::messy::every_question;
use super::{charts, column, of_text, summaries, texts};

/// One row of a file.
#[derive(Debug, Clone)]
struct Row {
    invoice: Option<u8>,
    customer: u8,
    day: u8,
    hour: u8,
    quantity: i16,
    price: u16,
    level: Option<i16>,
    city: Option<u8>,
}

fn row() -> impl Strategy<Value = Row> {
    let level = prop::option::weighted(0.7, -50i16..50);
    let city = prop::option::weighted(0.8, 0u8..5);
    (prop::option::weighted(0.9, 0u8..12), 0u8..6, 0u8..90, 0u8..24, 1i16..20, 1u16..500, level, city).prop_map(
        |(invoice, customer, day, hour, quantity, price, level, city)| Row {
            invoice,
            customer,
            day,
            hour,
            quantity,
            price,
            level,
            city,
        },
    )
}

fn file(rows: &[Row]) -> String {
    let mut text = String::from("invoice,customer,when,quantity,price,level,city\n");
    for r in rows {
        let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(r.day.into());
        let some = |v: Option<String>| v.unwrap_or_default();
        text.push_str(&format!(
            "{},c{},{date} {:02}:30:00,{},{}.{:02},{},{}\n",
            some(r.invoice.map(|i| format!("I{i}"))),
            r.customer,
            r.hour,
            r.quantity,
            r.price / 100,
            r.price % 100,
            some(r.level.map(|l| l.to_string())),
            some(r.city.map(|c| format!("City {c}"))),
        ));
    }
    text
}

/// All answers as text. Scatter plots and the picture of missing values show rows in their order.
fn told(subject: &Subject) -> Vec<String> {
    let mut out: Vec<String> = [Source::File, Source::Transactions, Source::Customers]
        .iter()
        .map(|&source| format!("{:?}", summaries(subject, source)))
        .collect();
    for question in every_question(subject) {
        match question {
            Question::Summaries { .. } | Question::Scatter { .. } => continue,
            Question::Missing { .. } => {
                out.push(format!("{:?}", charts(subject, &question, None).get(1)));
            }
            // Some numbers are too many for groups.
            _ => out.push(format!("{question:?}: {:?}", answer(subject, &question, Some(&[0]), &Ctx::silent()))),
        }
    }
    out
}

/// Pearson's coefficient by its definition.
fn pearson(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - mx, p.1 - my)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

fn ranks(values: impl Fn(usize) -> f64, n: usize) -> Vec<f64> {
    let below = |v: f64| (0..n).filter(|&j| values(j) < v).count() as f64;
    let same = |v: f64| (0..n).filter(|&j| values(j) == v).count() as f64;
    (0..n).map(|i| below(values(i)) + (same(values(i)) + 1.0) / 2.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(rows in prop::collection::vec(row(), 8..60), seed in any::<u64>()) {
        let mut mixed = rows.clone();
        let mut state = seed | 1;
        for i in (1..mixed.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            mixed.swap(i, (state >> 33) as usize % (i + 1));
        }
        let (one, other) = (told(&of_text(&file(&rows))), told(&of_text(&file(&mixed))));
        for (a, b) in one.iter().zip(&other) {
            prop_assert_eq!(a, b);
        }
        prop_assert_eq!(one.len(), other.len());
    }

    #[test]
    fn customers_orders_and_revenue_are_those_of_a_plain_count(rows in prop::collection::vec(row(), 5..60)) {
        let subject = of_text(&file(&rows));
        let ask = |measure| {
            let question =
                Question::Categories { source: Source::Transactions, column: "city".into(), measure, most: 50 };
            let chart = charts(&subject, &question, None)[0].clone();
            let what = ["rows", "customers", "orders", "revenue"][measure as usize];
            if super::why_empty(&chart).is_some() {
                return BTreeMap::new();
            }
            texts(&chart.data, "city").into_iter().zip(column(&chart.data, what).to_vec()).collect::<BTreeMap<_, _>>()
        };
        let mut customers: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
        let mut orders: BTreeMap<String, BTreeSet<(u8, Option<u8>, u8)>> = BTreeMap::new();
        let mut cents: BTreeMap<String, i64> = BTreeMap::new();
        for r in &rows {
            let Some(city) = r.city.map(|c| format!("City {c}")) else { continue };
            customers.entry(city.clone()).or_default().insert(r.customer);
            // An invoice of several customers is an order of each; rows without one are one order per day.
            let order = (r.customer, r.invoice, if r.invoice.is_none() { r.day } else { 0 });
            orders.entry(city.clone()).or_default().insert(order);
            *cents.entry(city).or_default() += i64::from(r.quantity) * i64::from(r.price);
        }
        let has_invoices = subject.rfm.frequency_of == "invoices";
        let sizes = |of: BTreeMap<String, f64>| of;
        prop_assert_eq!(ask(Measure::Customers), sizes(customers.into_iter().map(|(c, s)| (c, s.len() as f64)).collect()));
        if has_invoices {
            prop_assert_eq!(ask(Measure::Orders), sizes(orders.into_iter().map(|(c, s)| (c, s.len() as f64)).collect()));
        }
        for (city, revenue) in ask(Measure::Revenue) {
            prop_assert!((revenue - cents[&city] as f64 / 100.0).abs() < 1e-6, "{} {}", city, revenue);
        }
    }

    #[test]
    fn correlations_are_pairwise_complete(rows in prop::collection::vec(row(), 12..60)) {
        let subject = of_text(&file(&rows));
        for method in [Correlation::Pearson, Correlation::Spearman] {
            let chart = charts(&subject, &Question::Correlations { source: Source::File, method }, None)[0].clone();
            if super::why_empty(&chart).is_some() || !chart.data.columns.iter().any(|(name, _)| name == "level") {
                continue;
            }
            let names = texts(&chart.data, "column");
            let Some(at) = names.iter().position(|n| n == "quantity") else { continue };
            let got = column(&chart.data, "level")[at];
            let pairs: Vec<(f64, f64)> =
                rows.iter().filter_map(|r| Some((f64::from(r.level?), f64::from(r.quantity)))).collect();
            let expected = match method {
                Correlation::Pearson => pearson(&pairs),
                Correlation::Spearman => {
                    let (x, y) = (ranks(|i| pairs[i].0, pairs.len()), ranks(|i| pairs[i].1, pairs.len()));
                    pearson(&x.into_iter().zip(y).collect::<Vec<_>>())
                }
            };
            prop_assert!((got - expected).abs() < 1e-9 || (got.is_nan() && expected.is_nan()), "{} {}", got, expected);
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut state = 5u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let rows: Vec<Row> = (0..70_000)
        .map(|_| Row {
            invoice: (next(20) > 0).then(|| next(250) as u8),
            customer: next(250) as u8,
            day: next(90) as u8,
            hour: next(24) as u8,
            quantity: next(300) as i16 + 1,
            price: next(60_000) as u16 + 1,
            level: (next(3) > 0).then(|| next(20_000) as i16),
            city: (next(5) > 0).then(|| next(5) as u8),
        })
        .collect();
    let subject = of_text(&file(&rows));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| told(&subject))
    };
    let (one, many) = (with(1), with(5));
    assert_eq!(one.len(), many.len());
    one.iter().zip(&many).for_each(|(a, b)| assert!(a == b, "{a}\n{b}"));
}
