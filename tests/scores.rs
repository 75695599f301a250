//! Scores and segment maps against published and recomputed figures (origin: `tests/golden/README.md`).

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use quintile::ctx::Ctx;
use quintile::intake;
use quintile::recipe::{Binning, FrequencyUnit, IdList, Recipe, Returns, Rfm, Roles, ScoreCuts};
use quintile::rfm::score::score_all;
use quintile::rfm::{CustomerTable, FREQUENCY, Feature, Given, MONETARY, RECENCY, RfmOut, SegmentMap, Unit, rfm_of};

fn count(recipe: &Recipe) -> RfmOut {
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let cleaned = quintile::clean::clean(&read.table, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
    rfm_of(&cleaned, &recipe.rfm, &recipe.clean, &recipe.customers, &ctx).unwrap()
}

/// Orders of R's rfm package, scored and mapped as its version 0.2 does.
fn package(path: std::path::PathBuf) -> Recipe {
    let mut recipe = Recipe::for_file(path);
    recipe.rfm.snapshot = NaiveDate::from_ymd_opt(2006, 12, 31);
    recipe.rfm.frequency = FrequencyUnit::Rows;
    recipe.rfm.score_cuts = ScoreCuts::RfmPackage;
    recipe.rfm.map = "rfm_package".into();
    recipe
}

/// Customers, orders and revenue of each segment.
fn by_segment(out: &RfmOut) -> BTreeMap<&str, (usize, f64, f64)> {
    let mut sums: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for (i, &segment) in out.segment.iter().enumerate() {
        let sum = sums.entry(&out.map.segments[usize::from(segment)].name).or_default();
        *sum = (sum.0 + 1, sum.1 + out.customers.frequency()[i], sum.2 + out.customers.monetary()[i]);
    }
    sums
}

#[test]
fn the_figures_of_the_rfm_package_through_its_map() {
    let Some(path) = common::shared("reference/rfm_rfm_data_orders.csv") else { return };
    let out = count(&package(path));
    assert_eq!(out.customers.len(), 995);
    let cuts = |i: usize| out.scores[i].cuts.iter().map(|c| (c * 1e6).round() / 1e6).collect::<Vec<_>>();
    assert_eq!(cuts(0), [115.0, 181.0, 297.4, 482.0]);
    assert_eq!(cuts(1), [4.0, 5.0, 6.0, 8.0]);
    assert_eq!(cuts(2), [255.8, 382.0, 506.4, 666.0]);
    let sums = by_segment(&out);
    assert_eq!(sums["Champions"], (158, 1234.0, 120_178.0));
    let sizes: Vec<(&str, usize)> = sums.iter().map(|(name, sum)| (*name, sum.0)).collect();
    let expected = [
        ("About To Sleep", 50),
        ("At Risk", 86),
        ("Champions", 158),
        ("Lost", 111),
        ("Loyal Customers", 278),
        ("Need Attention", 35),
        ("Others", 48),
        ("Potential Loyalist", 229),
    ];
    assert_eq!(sizes, expected);
    assert_eq!(sums.values().map(|s| s.1).sum::<f64>(), 4_906.0);
    assert_eq!(sums.values().map(|s| s.2).sum::<f64>(), 464_158.0);
    assert!(
        out.map.notes.iter().any(|n| n.contains("New Customers, Promising, Can't Lose Them")),
        "{:?}",
        out.map.notes
    );
}

/// Half of all customers bought once. Cutting them by their rank in the file would give 472, 471 and 275 of them the
/// scores 1, 2 and 3.
#[test]
fn ties_of_cdnow_share_a_score() {
    let Some(path) = common::shared("cdnow/CDNOW_sample.txt") else { return };
    let rows = std::fs::read_to_string(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut counted = Vec::new();
    // In the order of the file, and the other way round.
    for reversed in [false, true] {
        let mut lines: Vec<String> = rows
            .lines()
            .map(|line| {
                let f: Vec<&str> = line.split_whitespace().collect();
                format!("{},{}-{}-{},{}\n", f[1], &f[2][..4], &f[2][4..6], &f[2][6..], f[4])
            })
            .collect();
        if reversed {
            lines.reverse();
        }
        let file = folder.path().join(format!("{reversed}.csv"));
        std::fs::write(&file, format!("customer_id,date,amount\n{}", lines.concat())).unwrap();
        let mut recipe = Recipe::for_file(file);
        recipe.clean.set_aside_not_positive = false;
        recipe.roles = Roles { customer_id: Some("customer_id".into()), ..Roles::default() };
        counted.push(count(&recipe));
    }
    let out = &counted[0];
    assert_eq!(out.customers.len(), 2_357);
    let frequency = &out.scores[1];
    assert_eq!(out.customers.frequency().iter().filter(|&&f| f == 1.0).count(), 1_218);
    assert_eq!(frequency.cuts, [1.0, 1.0, 2.0, 4.0]);
    assert_eq!(frequency.sizes, [1_218, 0, 403, 358, 378]);
    let once = out.customers.frequency().iter().zip(&frequency.scores).filter(|(f, _)| **f == 1.0);
    assert!(once.map(|(_, score)| *score).all(|score| score == 1));
    let warning = out.warnings.iter().find(|w| w.contains("frequency score 2")).unwrap();
    assert!(warning.contains("1,218 customers share the value 1"), "{warning}");
    assert_eq!(counted[0].scores, counted[1].scores);
    assert_eq!(counted[0].segment, counted[1].segment);
}

/// The made-up customers of the fixture.
fn made_up() -> CustomerTable {
    let text = include_str!("golden/nested/customers.csv");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let column = |name: &str, at: usize| {
        Feature::new(name, name, "", Unit::Number, rows.iter().map(|row| row[at].parse().unwrap()).collect())
    };
    CustomerTable {
        ids: Arc::new(rows.iter().map(|row| row[0].to_string()).collect()),
        features: vec![column(RECENCY, 1), column(FREQUENCY, 2), column(MONETARY, 3)],
    }
}

#[test]
fn nested_scores_equal_those_of_pandas() {
    let expected: serde_json::Value = serde_json::from_str(include_str!("golden/nested/expected.json")).unwrap();
    let table = made_up();
    for bins in [3u32, 5, 10] {
        let choice = Rfm { scores: bins, binning: Binning::Nested, ..Rfm::default() };
        let scored = score_all(&table, &choice);
        let wanted = &expected[bins.to_string()];
        for (axis, name) in scored.iter().zip(["r", "f", "m"]) {
            let scores: Vec<u8> = serde_json::from_value(wanted[name].clone()).unwrap();
            assert_eq!(axis.scores, scores, "{bins} {name}");
        }
        let cuts: BTreeMap<u8, Vec<f64>> = serde_json::from_value(wanted["frequency_cuts"].clone()).unwrap();
        assert!(cuts.len() >= 3);
        for (r, cuts) in cuts {
            let close = scored[1].cuts_for(&[r]).iter().zip(&cuts).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs());
            assert!(close, "{bins} R {r}: {:?} is not {cuts:?}", scored[1].cuts_for(&[r]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Rows in any order: the same scores, cut points, sizes and segments.
    #[test]
    fn permuting_rows_changes_no_score_and_no_segment(
        rows in prop::collection::vec((0..25u8, 1..28u8, 1..4u8, -3..40i16), 20..120),
        seed in any::<u64>(),
        bins in 3..=10u32,
        nested in any::<bool>(),
        map in 0..4usize,
        returns in prop::sample::select(Returns::ALL),
    ) {
        // Every row has an invoice, a product and a quantity of its own, so that no two orders of rows differ in what a
        // return could take away.
        let lines: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(i, (who, day, month, money))| format!("{i},c{who},p{i},{money},1,2024-{month:02}-{day:02}\n"))
            .collect();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&i| (i as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.csv");
        let mut recipe = Recipe::for_file(&file);
        recipe.clean.returns = returns;
        recipe.clean.set_aside_not_positive = false;
        let role = |name: &str| Some(name.to_string());
        recipe.roles = Roles {
            customer_id: role("customer"),
            date: role("date"),
            invoice: role("invoice"),
            product: role("product"),
            quantity: role("quantity"),
            unit_price: role("price"),
            ..Roles::default()
        };
        recipe.rfm.scores = bins;
        recipe.rfm.binning = if nested { Binning::Nested } else { Binning::Independent };
        recipe.rfm.map = SegmentMap::names()[map].0.into();
        let write = |lines: String| {
            std::fs::write(&file, format!("invoice,customer,product,quantity,price,date\n{lines}")).unwrap();
            count(&recipe)
        };
        let a = write(lines.concat());
        let b = write(order.iter().map(|&i| lines[i].as_str()).collect());
        prop_assert_eq!(&a.customers.ids, &b.customers.ids);
        prop_assert_eq!(&a.scores, &b.scores);
        prop_assert_eq!(&a.segment, &b.segment);
        prop_assert_eq!(a.map.scores, bins as u8);
    }
}

/// Whoever was left out has no part in quantiles; the funnel and the warnings say what happened.
#[test]
fn customers_picked_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.csv");
    let rows: String = (0..60).map(|i| format!("C{:02},2024-{:02}-15,{}\n", i % 20, 1 + i / 20, 1 + i % 20)).collect();
    std::fs::write(&file, format!("customer,date,amount\n{rows}")).unwrap();
    let mut recipe = Recipe::for_file(&file);
    let all = count(&recipe);
    assert!(all.funnel.iter().all(|s| s.id != "picked_by_hand"));
    let ids = |range: std::ops::Range<usize>| IdList::new(range.map(|i| format!("C{i:02}")).collect());
    recipe.customers.only = Some(ids(5..25));
    recipe.customers.without = ids(5..10);
    let some = count(&recipe);
    assert_eq!(some.customers.ids[..], (10..20).map(|i| format!("C{i}")).collect::<Vec<_>>()[..]);
    assert_eq!(some.snapshot, all.snapshot);
    let step = some.funnel.iter().find(|s| s.id == "picked_by_hand").unwrap();
    // Customers C10 to C19 buy three times for 11 to 20.
    assert_eq!((step.rows, step.customers, step.amount), (30, 10, 465.0));
    assert_eq!(step.note, "10 customers left out");
    let last = some.funnel.last().unwrap();
    assert_eq!((last.rows, last.customers, last.amount), (30, 10, 465.0));
    let warning = some.warnings.iter().find(|w| w.contains("limited to")).unwrap();
    assert!(warning.starts_with("5 of the 20 customers") && warning.contains("\"C20\""), "{warning}");
    // Scored among themselves: two in each fifth.
    assert_eq!(some.scores[2].sizes, [2, 2, 2, 2, 2]);

    recipe.rfm.window_days = Some(31);
    let step = count(&recipe).funnel.iter().find(|s| s.id == "in_window").unwrap().note.clone();
    assert!(step.starts_with("10 rows outside"), "{step}");
    recipe.rfm.window_days = None;

    recipe.customers.only = Some(IdList::new(vec!["nobody".into()]));
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let cleaned = quintile::clean::clean(&read.table, &roles, &recipe.clean, None, &ctx).unwrap();
    let error = rfm_of(&cleaned, &recipe.rfm, &recipe.clean, &recipe.customers, &ctx).unwrap_err().to_string();
    assert!(error.contains("limited to"), "{error}");
}

#[test]
fn customers_of_a_ready_made_table_can_be_picked_too() {
    let recipe_of = |path: &Path| {
        let mut recipe = Recipe::for_file(path);
        recipe.rfm.map = "codes125".into();
        recipe.customers.without = IdList::new(vec!["C0003".into(), "C9999".into()]);
        recipe
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/nested/customers.csv");
    let recipe = recipe_of(&path);
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let prepared = quintile::clean::Prepared::untouched(&read.table);
    let clean = quintile::rfm::clean_customers(&prepared, &roles, &ctx).unwrap();
    let out = Given { table: &read.table, roles: &roles, clean: &clean }.customers(&recipe, &ctx).unwrap();
    assert_eq!(out.customers.len(), 599);
    assert!(!out.customers.ids.contains(&"C0003".to_string()));
    let step = out.funnel.iter().position(|s| s.id == "picked_by_hand").unwrap();
    assert_eq!((out.funnel[step].customers, out.funnel[step].note.as_str()), (599, "1 customer left out"));
    assert!(out.warnings.iter().any(|w| w.contains("to go without is not in the data") && w.contains("C9999")));
    for (i, &segment) in out.segment.iter().enumerate() {
        let [r, f, m] = [0, 1, 2].map(|axis| out.scores[axis].scores[i]);
        assert_eq!(segment, out.map.segment_of(r, f, m));
    }
}
