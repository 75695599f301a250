//! The table of customers: filters, orders and exports against doing the same in the plainest way.

mod common;

use std::sync::Arc;

use proptest::prelude::*;
use quintile::ctx::Ctx;
use quintile::explore::customers::{
    Arranged, ColumnFacts, ColumnFilter, Condition, CustomerColumn, CustomerQuery, CustomerSheet, arrange, facts, find,
};
use quintile::export::{customers_as_tsv, write_shown};
use quintile::recipe::{CsvFor, Recipe};
use quintile::rfm::{Feature, RfmOut, Unit};

const N: usize = 60;

/// Sixty customers with a feature of numbers (some missing) and one of words (some missing).
fn sheet(numbers: &[Option<i8>], words: &[Option<usize>]) -> CustomerSheet {
    static COUNTED: std::sync::OnceLock<(RfmOut, CustomerSheet)> = std::sync::OnceLock::new();
    let (rfm, whole) = COUNTED.get_or_init(|| {
        let findings = common::analyse(&Recipe::for_file(common::sample())).unwrap();
        let clusters = Some((findings.chosen.clone(), findings.profiles.clone()));
        ((*findings.rfm).clone(), CustomerSheet { rfm: findings.rfm.clone(), clusters })
    });
    let mut rfm = rfm.clone();
    let nan = |v: Option<f64>| v.unwrap_or(f64::NAN);
    rfm.customers.ids = Arc::new(rfm.customers.ids[..N].to_vec());
    for axis in &mut rfm.scores {
        axis.scores.truncate(N);
    }
    for feature in &mut rfm.customers.features {
        feature.values = Arc::new(feature.values[..N].to_vec());
    }
    rfm.segment.truncate(N);
    let values = numbers.iter().map(|v| nan(v.map(f64::from))).collect();
    rfm.customers.features.push(Feature::new("points", "Points", "", Unit::Number, values));
    let places = words.iter().map(|v| nan(v.map(|v| v as f64))).collect();
    let mut favourite = Feature::new("favourite", "Favourite", "", Unit::Words, places);
    favourite.names = Some(Arc::new(["pear", "Apple", "fig"].map(String::from).to_vec()));
    rfm.customers.features.push(favourite);
    CustomerSheet { rfm: Arc::new(rfm), clusters: whole.clusters.clone() }
}

fn feature(name: &str) -> CustomerColumn {
    CustomerColumn::Feature(name.into())
}

fn arranged(sheet: &CustomerSheet, query: &CustomerQuery) -> Arranged {
    arrange(sheet, query, &Ctx::silent()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_and_filters_are_those_of_the_plainest_way(
        numbers in prop::collection::vec(prop::option::weighted(0.8, -5i8..5), N),
        words in prop::collection::vec(prop::option::weighted(0.8, 0usize..3), N),
        from in -6i8..6, wide in 0i8..8, wanted in prop::sample::subsequence(vec!["pear", "Apple", "fig", ""], 1..4),
        descending: bool, by_words: bool, only in prop::option::of(prop::collection::btree_set(0u32..N as u32, 0..N)),
    ) {
        let sheet = sheet(&numbers, &words);
        let (low, high) = (f64::from(from), f64::from(from + wide));
        let filters = vec![
            ColumnFilter { column: feature("points"), condition: Condition::Between { from: Some(low), to: Some(high) } },
            ColumnFilter {
                column: feature("favourite"),
                condition: Condition::OneOf(wanted.iter().map(|w| w.to_string()).collect()),
            },
        ];
        let sort = feature(if by_words { "favourite" } else { "points" });
        let only_places = only.as_ref().map(|o| Arc::new(o.iter().copied().collect::<Vec<u32>>()));
        let query = CustomerQuery { filters, sort, descending, only: only_places, ..CustomerQuery::default() };
        let found = arranged(&sheet, &query);

        let names = ["pear", "Apple", "fig"];
        let mut expected: Vec<u32> = (0..N as u32).filter(|&c| {
            let c = c as usize;
            numbers[c].is_some_and(|v| low <= f64::from(v) && f64::from(v) <= high)
                && wanted.contains(&words[c].map_or("", |w| names[w]))
                && only.as_ref().is_none_or(|o| o.contains(&(c as u32)))
        }).collect();
        // Apple, fig, pear by the alphabet; customers without a value last in both directions.
        let alphabet = [2, 0, 1];
        let key = |c: u32| match by_words {
            true => words[c as usize].map(|w| alphabet[w]),
            false => numbers[c as usize].map(i32::from),
        };
        expected.sort_by_key(|&c| {
            let key = key(c);
            (key.is_none(), key.map(|k| if descending { -k } else { k }), c)
        });
        prop_assert_eq!(&*found.order, &expected);
        let mut places = expected.clone();
        places.sort_unstable();
        prop_assert_eq!(&*found.places, &places);
        let spent = sheet.rfm.customers.monetary();
        let sum: f64 = places.iter().map(|&c| spent[c as usize]).sum();
        prop_assert!((found.money.unwrap() - sum).abs() < 1e-6);
    }
}

fn usual() -> CustomerSheet {
    let numbers: Vec<Option<i8>> = (0..N).map(|i| (i % 7 != 0).then_some((i % 11) as i8 - 3)).collect();
    let words: Vec<Option<usize>> = (0..N).map(|i| (i % 5 != 0).then_some(i % 3)).collect();
    sheet(&numbers, &words)
}

#[test]
fn what_a_filter_offers_counts_the_customers_that_the_other_filters_leave() {
    let sheet = usual();
    let positive = Condition::Between { from: Some(0.0), to: None };
    let filters = vec![
        ColumnFilter { column: feature("points"), condition: positive },
        ColumnFilter { column: feature("favourite"), condition: Condition::OneOf(vec!["fig".into()]) },
    ];
    let query = CustomerQuery { filters, ..CustomerQuery::default() };
    let ask = |column| facts(&sheet, &query, &column, &Ctx::silent()).unwrap().unwrap();
    let left = |i: &usize| !i.is_multiple_of(7) && i % 11 >= 3;
    let count = |word: Option<usize>| (0..N).filter(left).filter(|i| (i % 5 != 0).then_some(i % 3) == word).count();
    let ColumnFacts::Names(names) = ask(feature("favourite")) else { panic!("words have names") };
    let mut expected = vec![
        ("pear".to_string(), count(Some(0))),
        ("Apple".to_string(), count(Some(1))),
        ("fig".to_string(), count(Some(2))),
    ];
    expected.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    expected.push((String::new(), count(None)));
    assert_eq!(names, expected);
    // The range is that of the customers with figs, whatever their points.
    let figs = (0..N).filter(|i| i % 5 != 0 && i % 3 == 2);
    let missing = figs.clone().filter(|i| i % 7 == 0).count();
    let points: Vec<f64> = figs.filter(|i| i % 7 != 0).map(|i| (i % 11) as f64 - 3.0).collect();
    let (least, most) = points.iter().fold((f64::MAX, f64::MIN), |(l, m), v| (l.min(*v), m.max(*v)));
    assert_eq!(ask(feature("points")), ColumnFacts::Numbers { least, most, missing });
    assert_eq!(ask(CustomerColumn::Id), ColumnFacts::Texts);
    assert_eq!(facts(&sheet, &query, &feature("nowhere"), &Ctx::silent()).unwrap(), None);
}

#[test]
fn a_search_means_the_exact_id_first() {
    let sheet = usual();
    let ids = &sheet.rfm.customers.ids;
    let part = &ids[17][..ids[17].len() - 1];
    let query = |text: &str| CustomerQuery {
        id: text.into(),
        sort: feature("points"),
        descending: true,
        ..CustomerQuery::default()
    };
    let found = arranged(&sheet, &query(&ids[17].to_lowercase()));
    assert_eq!(found.meant.map(|c| &ids[c as usize]), Some(&ids[17]));
    let found = arranged(&sheet, &query(part));
    let expected = ids.iter().filter(|id| id.contains(part)).count();
    assert_eq!(found.order.len(), expected);
    assert!(found.meant.is_some_and(|c| ids[c as usize].starts_with(part)));
    assert_eq!(arranged(&sheet, &query("no such id")).meant, None);
    assert_eq!(find(ids, &ids[17]), Some(17));
    assert_eq!(find(ids, "no such id"), None);
}

#[test]
fn what_is_shown_is_what_is_written() {
    let sheet = usual();
    let columns = [
        CustomerColumn::Id,
        feature("points"),
        feature("favourite"),
        CustomerColumn::Score(1),
        CustomerColumn::RfmSegment,
    ];
    let ids = &sheet.rfm.customers.ids;
    let segment = |c: usize| &sheet.rfm.map.segments[sheet.rfm.segment[c] as usize].name;
    let f = |c: usize| sheet.rfm.scores[1].scores[c];
    let mut csv = Vec::new();
    write_shown(&sheet, &columns, &[8, 7, 5], CsvFor::Programs, &mut csv).unwrap();
    let expected = format!(
        "customer_id,points,favourite,f_score,rfm_segment\n{},5,fig,{},{}\n{},,Apple,{},{}\n{},2,,{},{}\n",
        ids[8],
        f(8),
        segment(8),
        ids[7],
        f(7),
        segment(7),
        ids[5],
        f(5),
        segment(5)
    );
    assert_eq!(String::from_utf8(csv).unwrap(), expected);
    let lines = customers_as_tsv(&sheet, &columns[..3], &[8, 7]);
    assert_eq!(lines, format!("Customer\tPoints\tFavourite\n{}\t5\tfig\n{}\t\tApple\n", ids[8], ids[7]));
}
