use proptest::prelude::*;

use super::*;
use crate::rfm::{Feature, Unit};

#[test]
fn quantiles_are_type_7() {
    let v = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(quantile(&v, 0.0), 1.0);
    assert_eq!(quantile(&v, 0.5), 2.5);
    assert_eq!(quantile(&v, 0.25), 1.75);
    assert_eq!(quantile(&v, 1.0), 4.0);
    assert!(quantile(&[], 0.5).is_nan());
}

#[test]
fn one_time_buyers_share_one_score_and_empty_bins_are_reported() {
    let mut f = vec![1.0; 60];
    f.extend([2.0; 20]);
    f.extend([3.0; 10]);
    f.extend([9.0; 10]);
    let axis = score_axis(&f, 5, ScoreCuts::Quantile, false);
    assert_eq!(axis.cuts, vec![1.0, 1.0, 1.4, 2.2]);
    assert_eq!(axis.sizes, vec![60, 0, 0, 20, 20]);
    assert!(axis.scores[..60].iter().all(|&s| s == 1));
}

#[test]
fn low_recency_scores_high() {
    let axis = score_axis(&[1.0, 10.0, 20.0, 30.0, 40.0], 5, ScoreCuts::Quantile, true);
    assert_eq!(axis.scores, vec![5, 4, 3, 2, 1]);
}

#[test]
fn cuts_given_by_hand_leave_equal_values_below_or_above_as_the_rule_says() {
    let values = [10.0, 30.0, 31.0, 90.0, 91.0];
    let below = score_by(&values, vec![30.0, 90.0], ScoreCuts::Quantile, true);
    assert_eq!((below.scores, below.sizes), (vec![3, 3, 2, 2, 1], vec![1, 2, 2]));
    // As the package has it, and without adding one to what was given.
    let above = score_by(&values, vec![30.0, 90.0], ScoreCuts::RfmPackage, true);
    assert_eq!(above.scores, vec![3, 2, 2, 1, 1]);
}

fn table(rows: &[[f64; 3]]) -> CustomerTable {
    let features = [RECENCY, FREQUENCY, MONETARY]
        .into_iter()
        .enumerate()
        .map(|(axis, name)| Feature::new(name, name, "", Unit::Number, rows.iter().map(|row| row[axis]).collect()));
    CustomerTable {
        ids: std::sync::Arc::new((0..rows.len()).map(|i| i.to_string()).collect()),
        features: features.collect(),
    }
}

#[test]
fn nested_cuts_are_those_of_the_cell() {
    // Two recency groups; frequency is low in one and high in the other.
    let row = |i: usize| [if i < 5 { 1.0 } else { 100.0 }, if i < 5 { 1.0 + i as f64 } else { 50.0 + i as f64 }, 1.0];
    let rows: Vec<[f64; 3]> = (0..10).map(row).collect();
    let choice = Rfm { binning: Binning::Nested, recency_cuts: Some(vec![10.0, 20.0, 30.0, 40.0]), ..Rfm::default() };
    let [r, f, m] = &score_all(&table(&rows), &choice)[..] else { panic!() };
    assert_eq!((r.from, f.from, m.from), (CutsFrom::Hand, CutsFrom::Nested, CutsFrom::Nested));
    assert_eq!(f.scores, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    assert_eq!(f.cuts_for(&[5]), [1.8, 2.6, 3.4, 4.2]);
    assert_eq!(f.cuts_for(&[1]), [55.8, 56.6, 57.4, 58.2]);
    // Nobody scores 3 on recency; a new customer there is measured by everyone.
    assert_eq!(
        f.cuts_for(&[3]),
        score_axis(&rows.iter().map(|r| r[1]).collect::<Vec<_>>(), 5, ScoreCuts::Quantile, false).cuts
    );
    assert_eq!((m.within.len(), m.cuts_for(&[5, 2])), (25, &[1.0; 4][..]));
    assert!(m.scores.iter().all(|&s| s == 1));
    assert_eq!(r.cuts_for(&[]), [10.0, 20.0, 30.0, 40.0]);
}

fn customers() -> impl Strategy<Value = Vec<[f64; 3]>> {
    // Few different values, so that there are ties in plenty.
    prop::collection::vec((0..40u32, 1..6u32, 0..30u32).prop_map(|(r, f, m)| [r, f, m].map(f64::from)), 1..120)
}

fn choices() -> impl Strategy<Value = Rfm> {
    (3..=10u32, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(scores, nested, package, by_hand)| Rfm {
        scores,
        binning: if nested { Binning::Nested } else { Binning::Independent },
        score_cuts: if package { ScoreCuts::RfmPackage } else { ScoreCuts::Quantile },
        frequency_cuts: by_hand.then(|| (1..scores).map(f64::from).collect()),
        ..Rfm::default()
    })
}

proptest! {
    #[test]
    fn permuting_customers_changes_no_score(rows in customers(), choice in choices(), seed in any::<u64>()) {
        let scored = score_all(&table(&rows), &choice);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&i| (i as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let moved: Vec<[f64; 3]> = order.iter().map(|&i| rows[i]).collect();
        let again = score_all(&table(&moved), &choice);
        for (a, b) in scored.iter().zip(&again) {
            prop_assert_eq!((&a.cuts, &a.sizes, &a.within), (&b.cuts, &b.sizes, &b.within));
            prop_assert!(order.iter().zip(&b.scores).all(|(&i, &score)| a.scores[i] == score));
        }
    }

    #[test]
    fn equal_values_get_equal_scores_and_larger_ones_no_smaller(rows in customers(), choice in choices()) {
        let scored = score_all(&table(&rows), &choice);
        let n = choice.scores as u8;
        for (i, a) in rows.iter().enumerate() {
            for (j, b) in rows.iter().enumerate().skip(i) {
                for (axis, scores) in scored.iter().enumerate() {
                    let (x, y) = (scores.scores[i], scores.scores[j]);
                    prop_assert!((1..=n).contains(&x));
                    let cell = |row: usize| scored[..axis].iter().map(|s| s.scores[row]).collect::<Vec<_>>();
                    if scores.from == CutsFrom::Nested && cell(i) != cell(j) {
                        continue;
                    }
                    let (low, high) = if axis == 0 { (b[axis], a[axis]) } else { (a[axis], b[axis]) };
                    prop_assert!(a[axis] != b[axis] || x == y);
                    prop_assert!(low >= high || x <= y, "{low} {high}: {x} {y}");
                }
            }
        }
        for axis in &scored {
            prop_assert_eq!(axis.sizes.iter().sum::<usize>(), rows.len());
            prop_assert_eq!(axis.sizes.len(), usize::from(n));
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_score(rows in customers(), choice in choices()) {
        let table = table(&rows);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| score_all(&table, &choice))
        };
        prop_assert_eq!(on(1), on(3));
    }

    /// The scores that a customer card works out from the cut points it shows are those of the table.
    #[test]
    fn cuts_for_a_customer_lead_to_the_score(rows in customers(), choice in choices()) {
        let scored = score_all(&table(&rows), &choice);
        for (i, row) in rows.iter().enumerate() {
            let mut before = Vec::new();
            for (axis, scores) in scored.iter().enumerate() {
                let cuts = scores.cuts_for(&before);
                let above = match choice.score_cuts {
                    ScoreCuts::Quantile => cuts.iter().filter(|&&c| row[axis] > c).count(),
                    ScoreCuts::RfmPackage => cuts.iter().filter(|&&c| row[axis] >= c).count(),
                };
                let score = if axis == 0 { choice.scores as usize - above } else { above + 1 };
                prop_assert_eq!(usize::from(scores.scores[i]), score);
                before.push(scores.scores[i]);
            }
        }
    }
}
