use super::*;
use crate::rfm::{Feature, MONETARY, Unit};
use std::sync::Arc;

fn table(ids: &[&str], spent: &[f64]) -> CustomerTable {
    let ids = Arc::new(ids.iter().map(|id| id.to_string()).collect());
    CustomerTable { ids, features: vec![Feature::new(MONETARY, "Net spend", "", Unit::Money, spent.to_vec())] }
}

#[test]
fn every_customer_is_in_exactly_one_move_and_segments_match_by_name() {
    let (a, b) = (
        table(&["1", "2", "3", "4"], &[10.0, 20.0, 30.0, 40.0]),
        table(&["2", "3", "4", "5"], &[21.0, 31.0, 41.0, 5.0]),
    );
    let before = Side { customers: &a, names: &["Best", "Rest", "Old"], of: &[1, 1, 0, 2] };
    let after = Side { customers: &b, names: &["Rest", "Best"], of: &[1, 1, 0, 0] };
    let c = compare(&before, &after, Some("£"), &Ctx::silent()).unwrap();
    assert_eq!(c.groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["Rest", "Best", "Old"]);
    assert_eq!((c.both, c.new, c.gone, c.stayed), (3, 1, 1, 1));
    assert_eq!(c.moves.iter().map(|m| m.customers).sum::<usize>(), 5);
    assert_eq!(c.revenue, Some((100.0, 98.0)));
    let moved = |from, to| c.place(from, to).map(|at| c.moves[at]);
    // 2 went from Rest to Best, 3 stayed in Best, 4 went from Old to Rest, 5 is new in Rest, 1 is gone from Rest.
    assert_eq!(moved(Some(0), Some(1)).map(|m| (m.customers, m.before, m.after)), Some((1, 20.0, 21.0)));
    assert_eq!(moved(None, Some(0)).map(|m| m.after), Some(5.0));
    assert_eq!(moved(Some(0), None).map(|m| m.before), Some(10.0));
    assert_eq!(moved(Some(2), Some(1)), None);
    // Who they are: 2, 3, 4 and 5 have the places 0 to 3 of the later table.
    let who = |from, to| c.who[c.place(from, to).unwrap()].to_vec();
    assert_eq!((who(Some(0), Some(1)), who(Some(1), Some(1)), who(Some(2), Some(0))), (vec![0], vec![1], vec![2]));
    assert_eq!((who(None, Some(0)), who(Some(0), None)), (vec![3], vec![]));
    assert_eq!((c.who.len(), c.who.iter().map(|w| w.len()).sum::<usize>()), (c.moves.len(), b.len()));
    assert_eq!((c.groups[2].before.map(|s| s.customers), c.groups[2].after), (Some(1), None));
    assert!(c.words[0].starts_with("4 customers before, 4 now: 3 in both files, 1 new, 1 gone"), "{:?}", c.words);
    assert!(c.words[2].contains("fell from £100") && c.words[2].contains("£98"), "{:?}", c.words);
}

#[test]
fn a_segment_under_another_name_is_known_by_its_customers() {
    let ids: Vec<String> = (0..10).map(|i| i.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let t = table(&ids, &[1.0; 10]);
    let before = Side { customers: &t, names: &["Best", "Middle", "Few"], of: &[0, 0, 0, 1, 1, 1, 1, 2, 2, 2] };
    // Of Few, most went to Best; four of the five in Rest were in Middle.
    let after = Side { customers: &t, names: &["Best", "Rest"], of: &[0, 0, 0, 1, 1, 1, 1, 0, 0, 1] };
    let c = compare(&before, &after, None, &Ctx::silent()).unwrap();
    let groups: Vec<_> = c.groups.iter().map(|g| (g.name.as_str(), g.was.as_deref())).collect();
    assert_eq!(groups, [("Best", None), ("Rest", Some("Middle")), ("Few", None)]);
    assert_eq!((c.stayed, c.groups[1].before.map(|s| s.customers)), (7, Some(4)));
    assert!(c.words.iter().any(|w| w.starts_with("Middle goes on as Rest")), "{:?}", c.words);
    // Names that both sides have are never taken for others.
    let swapped = Side { names: &["Rest", "Best"], ..after };
    let c = compare(&after, &swapped, None, &Ctx::silent()).unwrap();
    assert_eq!((c.stayed, c.groups.iter().filter(|g| g.was.is_some()).count()), (0, 0));
}

#[test]
fn strangers_are_said() {
    let (a, b) = (table(&["1"], &[1.0]), table(&["x"], &[1.0]));
    let side = |t| Side { customers: t, names: &["All"], of: &[0] };
    let c = compare(&side(&a), &side(&b), None, &Ctx::silent()).unwrap();
    assert!(c.words[1].contains("No customer is in both files"), "{:?}", c.words);
}
