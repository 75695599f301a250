//! The card of one customer: against pandas on UCI Online Retail, against numbers worked out by hand, and against
//! trying every score there is.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use common::{analyse, close};
use quintile::ctx::Ctx;
use quintile::pipeline::Findings;
use quintile::profile::card::{CustomerCard, Known, ProductSum, Standing, better, card, raise};
use quintile::recipe::{Binning, Group, IdList, Recipe, ScoreCuts};
use quintile::rfm::Unit;
use serde::Deserialize;

fn card_of(findings: &Findings, id: &str) -> CustomerCard {
    let place = findings.rfm.customers.ids.iter().position(|i| i == id).unwrap() as u32;
    let known = Known {
        prepared: &findings.prepared,
        roles: &findings.roles,
        clean: &findings.clean,
        rfm: &findings.rfm,
        recipe: &findings.recipe,
        clusters: Some((&findings.matrix, &findings.chosen, &findings.profiles)),
    };
    card(&known, place, &Ctx::silent()).unwrap()
}

fn day(text: &str) -> i32 {
    quintile::intake::dates::day_number(text.parse::<NaiveDate>().unwrap())
}

#[derive(Deserialize)]
struct Golden {
    customers: usize,
    cuts: BTreeMap<String, Vec<f64>>,
    cards: BTreeMap<String, GoldenCard>,
}

#[derive(Deserialize)]
struct GoldenCard {
    groups: usize,
    lines: usize,
    purchases: usize,
    first: String,
    last: String,
    bought: f64,
    returned: f64,
    net: f64,
    products: usize,
    by_money: Vec<(String, f64)>,
    by_pieces: Vec<(String, f64)>,
    values: [f64; 3],
    lower: [f64; 3],
    higher: [f64; 3],
    scores: [u8; 3],
    segment: String,
    raises: [Option<f64>; 3],
}

#[test]
fn cards_of_online_retail_are_those_of_pandas() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let golden: Golden = serde_json::from_str(include_str!("golden/cards/cards.json")).unwrap();
    let findings = analyse(&Recipe::for_file(path)).unwrap();
    assert_eq!(findings.rfm.customers.len(), golden.customers);
    for (id, expected) in &golden.cards {
        let card = card_of(&findings, id);
        let bought = card.purchases.as_ref().unwrap();
        assert_eq!(bought.orders.len(), expected.groups, "{id}");
        assert_eq!(bought.orders.iter().map(|o| o.lines.len()).sum::<usize>(), expected.lines, "{id}");
        assert_eq!(bought.purchases, expected.purchases, "{id}");
        assert_eq!((bought.first, bought.last), (Some(day(&expected.first)), Some(day(&expected.last))), "{id}");
        for (mine, theirs) in
            [(bought.bought, expected.bought), (bought.returned, expected.returned), (bought.net, expected.net)]
        {
            assert!(close(mine, theirs), "{id}: {mine} {theirs}");
        }
        assert!(close(bought.basket() * expected.purchases as f64, expected.bought));
        assert_eq!(bought.products.len(), expected.products, "{id}");
        for (mine, theirs) in bought.products.iter().zip(&expected.by_money) {
            // Products with the same money may stand in any order.
            let same = |p: &ProductSum| close(p.amount, theirs.1);
            assert!(bought.products.iter().filter(|p| same(p)).any(|p| p.product == theirs.0), "{id} {}", theirs.0);
            assert!(close(mine.amount, theirs.1), "{id} {}", mine.product);
            assert!(!mine.description.is_empty(), "{id} {}", mine.product);
        }
        let most = bought.products.iter().map(|p| p.pieces).fold(f64::MIN, f64::max);
        assert_eq!(most, expected.by_pieces[0].1, "{id}");

        let standing = card.standing.as_ref().unwrap();
        for (axis, name) in ["recency", "frequency", "monetary"].into_iter().enumerate() {
            let (mine, feature) = (&standing.axes[axis], &card.features[axis]);
            assert!(close(mine.value, expected.values[axis]), "{id} {name}");
            assert_eq!(mine.score, expected.scores[axis], "{id} {name}");
            assert!(mine.cuts.iter().zip(&golden.cuts[name]).all(|(a, b)| close(*a, *b)), "{id} {name}");
            assert!(close(feature.lower, expected.lower[axis]), "{id} {name}");
            assert!(close(feature.higher, expected.higher[axis]), "{id} {name}");
            let to = standing.raises.iter().find(|r| r.axis == axis).map(|r| r.to);
            match (to, expected.raises[axis]) {
                (Some(mine), Some(theirs)) => assert!(close(mine, theirs), "{id} {name}: {mine} {theirs}"),
                (mine, theirs) => assert_eq!(mine, theirs, "{id} {name}"),
            }
        }
        assert_eq!(standing.name, expected.segment, "{id}");
        let rule = format!("R {} and F {} → {}", expected.scores[0], expected.scores[1], expected.segment);
        assert_eq!(standing.rule, rule);
        let belonging = card.belonging.unwrap();
        assert_eq!(belonging.cluster as u32, findings.chosen.clustering.labels[card.place as usize]);
        let (_, _, next) = belonging.next.unwrap();
        assert!(belonging.distance <= next, "{id} is nearer to another centroid");
        let pull: f64 = belonging.pulls.iter().map(|p| p.pull).sum();
        assert!((pull - (next * next - belonging.distance * belonging.distance)).abs() < 1e-9, "{id}");
    }
}

/// Ten customers; the first has two orders, a return and a product without a description elsewhere.
fn small_shop(folder: &Path) -> Recipe {
    let mut text = String::from("invoice,date,customer,StockCode,description,quantity,unit price\n");
    text += "1,2024-01-10,c0,A,apple,2,5\n1,2024-01-10,c0,B,bread,1,3\n";
    text += "2,2024-03-01,c0,A,apple,10,4.5\nC3,2024-03-05,c0,A,apple,-4,4.5\n";
    for c in 1..10 {
        for order in 0..c {
            text += &format!("{},2024-0{}-11,c{c},B,bread,{},3\n", 100 * c + order, 1 + order % 5, 1 + c);
        }
    }
    let path = folder.join("shop.csv");
    std::fs::write(&path, text).unwrap();
    let mut recipe = Recipe::for_file(path);
    recipe.rfm.snapshot = NaiveDate::from_ymd_opt(2024, 5, 31);
    recipe
}

#[test]
fn orders_products_and_groups_are_as_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = small_shop(folder.path());
    let group = |name: &str, ids: &[&str]| Group {
        name: name.into(),
        ids: IdList::new(ids.iter().map(|i| i.to_string()).collect()),
    };
    recipe.customers.groups = vec![group("Friends", &["c0", "c1", "c9", "gone"]), group("Others", &["c4"])];
    let findings = analyse(&recipe).unwrap();
    let card = card_of(&findings, "c0");
    let bought = card.purchases.unwrap();
    // 13 and 45 bought, 18 returned.
    assert_eq!((bought.bought, bought.returned, bought.net), (58.0, -18.0, 40.0));
    assert_eq!((bought.purchases, bought.basket()), (2, 29.0));
    let orders: Vec<(Option<&str>, f64, bool, usize)> =
        bought.orders.iter().map(|o| (o.invoice.as_deref(), o.amount, o.is_return, o.lines.len())).collect();
    let expected = [(Some("C3"), -18.0, true, 1), (Some("2"), 45.0, false, 1), (Some("1"), 13.0, false, 2)];
    assert_eq!(orders, expected, "latest first");
    assert_eq!(bought.orders[2].lines[1].description, "bread");
    let products: Vec<(&str, f64, f64, usize)> =
        bought.products.iter().map(|p| (p.product.as_str(), p.amount, p.pieces, p.orders)).collect();
    assert_eq!(products, [("A", 37.0, 8.0, 2), ("B", 3.0, 1.0, 1)]);
    assert!(bought.has_pieces);
    // c1 spent 6, c9 270; "gone" is not in the analysis.
    let group = &card.groups[0];
    assert_eq!((card.groups.len(), group.name.as_str(), group.customers, group.rank), (1, "Friends", 3, Some(2)));
    assert!(card.unknown.is_empty());

    // In a window of 92 days the first order is seen, and does not count.
    recipe.rfm.window_days = Some(92);
    let findings = analyse(&recipe).unwrap();
    let bought = card_of(&findings, "c0").purchases.unwrap();
    assert_eq!(bought.orders.iter().map(|o| o.counts).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!((bought.purchases, bought.net), (1, 27.0));
    assert_eq!((bought.first, bought.last), (Some(day("2024-03-01")), Some(day("2024-03-01"))));
}

fn score(findings: &Findings, axis: usize, cuts: &[f64], value: f64) -> u8 {
    let quantile = findings.recipe.rfm.score_cuts == ScoreCuts::Quantile;
    let above = cuts.iter().filter(|&&c| if quantile { value > c } else { value >= c }).count();
    (if axis == 0 { cuts.len() + 1 - above } else { above + 1 }) as u8
}

/// The scores of these values, axis after axis.
fn scores_of(findings: &Findings, values: &[f64]) -> Vec<u8> {
    let mut scores: Vec<u8> = Vec::new();
    for (axis, value) in values.iter().enumerate() {
        let cuts = findings.rfm.scores[axis].cuts_for(&scores);
        scores.push(score(findings, axis, cuts, *value));
    }
    scores
}

/// Values of one axis from where it is, one day, order or cent after the other, each with a higher score than the one
/// before; the first is the present one.
fn higher(findings: &Findings, values: &[f64], axis: usize) -> Vec<f64> {
    let step = [-1.0, 1.0, 0.01][axis];
    let before = scores_of(findings, &values[..axis]);
    let cuts = findings.rfm.scores[axis].cuts_for(&before);
    let score = |value: f64| score(findings, axis, cuts, value);
    let (mut out, mut now) = (vec![values[axis]], score(values[axis]));
    for i in 1..100_000 {
        let at = values[axis] + step * f64::from(i);
        let at = if axis == 2 { (at * 100.0).round() / 100.0 } else { at };
        if at < 0.0 || usize::from(now) > cuts.len() {
            break;
        }
        if score(at) > now {
            now = score(at);
            out.push(at);
        }
    }
    out
}

/// What would lift one customer, against trying every value.
fn check_lifts(findings: &Findings, place: usize) {
    let id = &findings.rfm.customers.ids[place];
    let standing: Standing = card_of(findings, id).standing.unwrap();
    let map = &findings.rfm.map;
    let mine: Vec<u8> = standing.axes.iter().map(|a| a.score).collect();
    let values: Vec<f64> = standing.axes.iter().map(|a| a.value).collect();
    assert_eq!(scores_of(findings, &values), mine, "{id}");
    let nested = findings.recipe.rfm.binning == Binning::Nested;
    let of_cell = nested.then(|| format!("customers with R {} and F {}", mine[0], mine[1]));
    assert_eq!((&standing.axes[0].among, &standing.axes[2].among), (&None, &of_cell), "{id}");
    let segment = |scores: &[u8]| map.segment_of(scores[0], scores[1], scores[2]);
    assert_eq!(usize::from(segment(&mine)), standing.segment);
    for axis in 0..3 {
        let expected = higher(findings, &values, axis).get(1).copied();
        let found = standing.raises.iter().find(|r| r.axis == axis);
        assert_eq!(found.is_some(), expected.is_some(), "{id} axis {axis}");
        if let (Some(found), Some(to)) = (found, expected) {
            assert!((found.to - to).abs() < 1e-6, "{id} axis {axis}: {} {to}", found.to);
            let mut changed = values.clone();
            changed[axis] = to;
            let scores = scores_of(findings, &changed);
            assert_eq!((found.score, found.segment), (scores[axis], usize::from(segment(&scores))), "{id} {axis}");
        }
    }
    // The fewest steps to any better segment, and the best segment with that many.
    let rank = |segment: u8| map.segments[usize::from(segment)].rank.unwrap();
    let mut best: Option<(u32, u32)> = None;
    let mut changed = values.clone();
    for r in higher(findings, &values, 0) {
        changed[0] = r;
        changed[1] = values[1];
        for f in higher(findings, &changed, 1) {
            changed[1] = f;
            changed[2] = values[2];
            for m in higher(findings, &changed, 2) {
                let scores = scores_of(findings, &[r, f, m]);
                let steps = scores.iter().zip(&mine).map(|(a, b)| u32::from(a.saturating_sub(*b))).sum();
                let place = rank(segment(&scores));
                if place < rank(standing.segment as u8) && best.is_none_or(|b| (steps, place) < b) {
                    best = Some((steps, place));
                }
            }
        }
    }
    let found = standing.better.as_ref().map(|b| {
        let mut reached = values.clone();
        b.raises.iter().for_each(|r| reached[r.axis] = r.to);
        let scores = scores_of(findings, &reached);
        assert_eq!(usize::from(segment(&scores)), b.segment, "{id}");
        let steps = scores.iter().zip(&mine).map(|(a, b)| u32::from(a.saturating_sub(*b))).sum();
        (steps, rank(b.segment as u8))
    });
    assert_eq!(found, best, "{id}");
    assert_eq!(standing.is_best, rank(standing.segment as u8) == 1);
}

#[test]
fn what_would_lift_a_customer_is_the_least_that_does() {
    use rand::{Rng, SeedableRng};
    let folder = tempfile::tempdir().unwrap();
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let mut text = String::from("invoice,date,customer,amount\n");
    for order in 0..500 {
        // Many customers with one order, some with many; amounts in cents with ties.
        let customer = (rng.gen_range(0.0..1.0f64).powi(2) * 120.0) as u32;
        let date = NaiveDate::from_ymd_opt(2024, rng.gen_range(1..13), rng.gen_range(1..29)).unwrap();
        let cents = if rng.gen_bool(0.3) { 1000 } else { rng.gen_range(100..5000) };
        text += &format!("{order},{date},k{customer},{}.{:02}\n", cents / 100, cents % 100);
    }
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, text).unwrap();
    let ways = [
        (ScoreCuts::Quantile, Binning::Independent, "grid25"),
        (ScoreCuts::RfmPackage, Binning::Independent, "codes125"),
        (ScoreCuts::Quantile, Binning::Nested, "classic11"),
    ];
    for (rule, binning, map) in ways {
        let mut recipe = Recipe::for_file(&path);
        (recipe.rfm.score_cuts, recipe.rfm.binning, recipe.rfm.map) = (rule, binning, map.into());
        let findings = analyse(&recipe).unwrap();
        assert!(findings.rfm.customers.len() > 80);
        for place in (0..findings.rfm.customers.len()).step_by(3) {
            check_lifts(&findings, place);
        }
    }
}

#[test]
fn lifts_are_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let findings = analyse(&small_shop(folder.path())).unwrap();
    // Frequencies 1, 2, 2, 3 … 9 have cut points 1.8, 2.6, 4.4, 6.2 …; what counts here is how a change reads.
    let standing = card_of(&findings, "c1").standing.unwrap();
    let said: Vec<String> = standing.raises.iter().map(|r| raise(&findings.rfm, r, Some("£"))).collect();
    let frequency = standing.raises.iter().position(|r| r.axis == 1).unwrap();
    let more = standing.raises[frequency].to - standing.raises[frequency].from;
    assert_eq!(said[frequency], if more == 1.0 { "1 more order".to_string() } else { format!("{more} more orders") });
    let money = standing.raises.iter().position(|r| r.axis == 2).unwrap();
    assert!(said[money].starts_with('£') && said[money].ends_with(" more"), "{}", said[money]);
    assert!(said[0].starts_with("a purchase in the last "), "{}", said[0]);
    let goal = standing.better.unwrap();
    let words = better(&findings.rfm, &goal, Some("£"));
    let each: Vec<String> = goal.raises.iter().map(|r| raise(&findings.rfm, r, Some("£"))).collect();
    assert_eq!(words, each.join(if each.len() == 2 { " and " } else { ", " }));
}

#[test]
fn a_table_of_customers_says_what_it_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let mut text = String::from("CustomerID,Age,Annual Income,Spending Score\n");
    for i in 1..=60 {
        text += &format!("{i},{},{},{}\n", 18 + i * 7 % 50, 15 + i * 13 % 120, 1 + i * 29 % 99);
    }
    std::fs::write(&path, text).unwrap();
    let findings = analyse(&Recipe::for_file(path)).unwrap();
    let card = card_of(&findings, "7");
    assert!(card.purchases.is_none() && card.standing.is_none());
    assert_eq!(card.unknown.len(), 2, "{:?}", card.unknown);
    assert!(card.features.iter().any(|f| f.label == "Age" && f.value == 67.0 && f.unit != Unit::Money));
    assert!(card.belonging.is_some());
}
