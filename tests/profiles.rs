//! What is said of segments: against pandas on UCI Online Retail, and against adding up by hand on made-up shops.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use common::close;
use quintile::cluster::{Chosen, Clustering};
use quintile::ctx::Ctx;
use quintile::intake::dates::date_of;
use quintile::pipeline::Findings;
use quintile::profile::{Known, Patterns, Portrait, Portraits, Profile, portray, profiles};
use quintile::recipe::Recipe;
use serde::Deserialize;

/// Few clusters and no resampling: what is said of clusters does not depend on how they were found.
fn analysed(mut recipe: Recipe) -> Findings {
    (recipe.cluster.k_max, recipe.cluster.references, recipe.cluster.resamples) = (4, 0, 0);
    common::analyse(&recipe).unwrap()
}

fn known(found: &Findings) -> Known<'_> {
    Known {
        prepared: &found.prepared,
        roles: &found.roles,
        clean: &found.clean,
        rfm: &found.rfm,
        matrix: &found.matrix,
        window_days: found.recipe.rfm.window_days,
    }
}

/// Lists of name, amount, customers, share and lift, and how many values are not listed.
#[derive(Deserialize)]
struct GoldenTops {
    list: Vec<(String, f64, usize, f64, f64)>,
    others: usize,
}

#[derive(Deserialize)]
struct GoldenGroup {
    customers: usize,
    revenue: f64,
    /// First and third quartile and median between them, mean, difference.
    features: BTreeMap<String, [f64; 5]>,
    tops: BTreeMap<String, GoldenTops>,
    months: Vec<f64>,
}

#[derive(Deserialize)]
struct Golden {
    customers: usize,
    revenue: f64,
    months: Vec<String>,
    first_day: String,
    last_day: String,
    groups: Vec<GoldenGroup>,
}

/// The clustering of the findings with these labels in place of its own.
fn relabelled(found: &Findings, labels: Vec<u32>, k: usize) -> Chosen {
    let sizes = (0..k).map(|c| labels.iter().filter(|l| **l as usize == c).count()).collect();
    let before = Clustering::clone(&found.chosen.clustering);
    let clustering = Arc::new(Clustering { k, labels, sizes, noise: None, ..before });
    Chosen { clustering, ..Chosen::clone(&found.chosen) }
}

#[test]
fn groups_of_online_retail_are_those_of_pandas() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let golden: Golden = serde_json::from_str(include_str!("golden/profiles/expected.json")).unwrap();
    let found = analysed(Recipe::for_file(path));
    let customers = &found.rfm.customers;
    assert_eq!(customers.len(), golden.customers);
    let label = |(money, orders): (&f64, &f64)| match () {
        _ if *money >= 2000.0 => 0,
        _ if *orders == 1.0 => 1,
        _ => 2,
    };
    let labels = customers.monetary().iter().zip(customers.frequency()).map(label).collect();
    let chosen = relabelled(&found, labels, 3);
    let ctx = Ctx::silent();
    let measured = profiles(&found.rfm, &found.matrix, &chosen, Some("£"), Patterns::shipped(), &ctx).unwrap();
    let portraits = portray(&known(&found), &chosen, &measured, Patterns::shipped(), &ctx).unwrap();
    for (g, (expected, profile)) in golden.groups.iter().zip(&measured).enumerate() {
        assert_eq!(profile.customers, expected.customers);
        assert!(close(profile.revenue, expected.revenue), "{} {}", profile.revenue, expected.revenue);
        assert!(close(profile.share_of_revenue, expected.revenue / golden.revenue));
        for (name, numbers) in &expected.features {
            let own = profile.features.iter().find(|f| f.name == *name).unwrap();
            for (is, should) in [own.q1, own.median, own.q3, own.mean, own.difference].into_iter().zip(numbers) {
                assert!(close(is, *should), "group {g}, {name}: {own:?}");
            }
        }
        let portrait = &portraits.clusters[g];
        let columns: Vec<&str> = portrait.tops.iter().map(|t| t.column.as_str()).collect();
        assert_eq!(columns, ["StockCode", "Country", "Weekday"]);
        for tops in &portrait.tops {
            let expected = &expected.tops[&tops.column];
            assert_eq!((tops.list.len(), tops.others), (expected.list.len(), expected.others), "{}", tops.column);
            for (top, (name, amount, customers, share, lift)) in tops.list.iter().zip(&expected.list) {
                // A code is named by what the file says of it.
                let code = format!("({name})");
                let named = if tops.column == "StockCode" { top.name.ends_with(&code) } else { top.name == *name };
                assert!(named && top.customers == *customers, "{top:?}, not {name} with {customers}");
                assert!(close(top.amount, *amount) && close(top.share, *share), "{top:?}, not {amount}");
                assert!((top.lift - lift).abs() < 1e-9 * lift, "{top:?}, not {lift}");
            }
        }
        let trend = portrait.trend.as_ref().unwrap();
        let months: Vec<String> = trend.months.iter().map(|m| m.format("%Y-%m").to_string()).collect();
        assert_eq!(months, golden.months);
        for (is, should) in trend.revenue.iter().zip(&expected.months) {
            assert!(close(*is, *should), "{is} {should}");
        }
        assert_eq!((golden.first_day.as_str(), golden.last_day.as_str()), ("2010-12-01", "2011-12-09"));
        assert_eq!(trend.partial, [false, true]);
        assert!(trend.words.ends_with("Dec 2011 (up to 9 December) is a part and not compared."), "{}", trend.words);
        // September to November against June to August.
        let [before, now] = [6..9, 9..12].map(|m: std::ops::Range<usize>| expected.months[m].iter().sum::<f64>());
        let change = quintile::format::percent((now / before - 1.0).abs());
        assert!(trend.words.contains(&format!("{change} ")), "{} lacks {change}", trend.words);
        assert!(trend.words.contains("in Sep–Nov 2011") && trend.words.contains("in Jun–Aug 2011"), "{}", trend.words);
    }
    // The segments of the map: all customers once, and their money.
    let segments: Vec<&Profile> = portraits.rfm.iter().collect();
    assert_eq!(segments.iter().map(|p| p.customers).sum::<usize>(), golden.customers);
    assert!(close(segments.iter().map(|p| p.revenue).sum(), golden.revenue));
    assert_eq!(segments[0].name, "Champions");
    sums_agree(&portraits.rfm, &portraits.rfm_portraits);
}

/// What is spent by month, weekday and where customers live is what was spent in all.
fn sums_agree(profiles: &[Profile], portraits: &[Portrait]) {
    assert_eq!(profiles.len(), portraits.len());
    for (profile, portrait) in profiles.iter().zip(portraits) {
        let trend = portrait.trend.as_ref().unwrap();
        assert!(close(trend.revenue.iter().sum(), profile.revenue), "{}", profile.name);
        let weekdays = portrait.tops.iter().find(|t| t.column == "Weekday").unwrap();
        if weekdays.others == 0 {
            assert!(close(weekdays.list.iter().map(|t| t.amount).sum(), profile.revenue), "{}", profile.name);
            assert!(close(weekdays.list.iter().map(|t| t.share).sum(), 1.0), "{}", profile.name);
        }
    }
}

/// One row of a made-up shop.
#[derive(Clone)]
struct Row {
    invoice: u32,
    day: i32,
    customer: u32,
    product: u32,
    cents: i64,
}

/// Orders of 2023 and 2024, up to 20 December 2024: many customers, few products, some returns.
fn rows() -> Vec<Row> {
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let mut out = Vec::new();
    for invoice in 0..900 {
        let customer = next(90) as u32;
        // Good customers stay away in summer, so that some months are empty for some.
        let day = 19358 + next(720) as i32;
        for _ in 0..1 + next(4) {
            let product = next(12) as u32 * u32::from(!customer.is_multiple_of(5));
            let back = next(12) == 0;
            let cents = (100 + next(9000) as i64) * if back { -1 } else { 1 };
            out.push(Row { invoice, day, customer, product, cents });
        }
    }
    out
}

const COUNTRIES: [&str; 3] = ["France", "Spain", "Chile"];

fn write(rows: &[Row], path: &Path) {
    let mut text = String::from("order,date,customer,sku,description,country,channel,amount\n");
    for r in rows {
        let (date, country) = (date_of(r.day), COUNTRIES[r.customer as usize % 3]);
        let channel = if r.invoice % 2 == 0 { "web" } else { "shop" };
        let (whole, cents) = (r.cents.abs() / 100, r.cents.abs() % 100);
        let sign = if r.cents < 0 { "-" } else { "" };
        // One product is called otherwise now and then.
        let words =
            if r.product == 3 && r.invoice % 9 == 0 { "Old mug".to_string() } else { format!("Mug {}", r.product) };
        text += &format!(
            "{},{date},C{:03},SKU{:04},{words},{country},{channel},{sign}{whole}.{cents:02}\n",
            5000 + r.invoice,
            r.customer,
            r.product
        );
    }
    std::fs::write(path, text).unwrap();
}

/// Rows and what was found in them, with k = 3.
fn shop(folder: &Path, order: impl Fn(&mut Vec<Row>), change: impl Fn(&mut Recipe)) -> (Vec<Row>, Findings) {
    let mut rows = rows();
    order(&mut rows);
    let path = folder.join("shop.csv");
    write(&rows, &path);
    let mut recipe = Recipe::for_file(path);
    recipe.cluster.k = quintile::recipe::KChoice::Fixed(3);
    change(&mut recipe);
    (rows, analysed(recipe))
}

#[test]
fn tops_and_trends_are_what_adding_up_gives() {
    let folder = tempfile::tempdir().unwrap();
    let (rows, found) = shop(folder.path(), |_| {}, |_| {});
    let portraits = &found.portraits;
    let both = [(&found.profiles[..], &portraits.clusters[..]), (&portraits.rfm[..], &portraits.rfm_portraits[..])];
    for (profiles, own) in both {
        sums_agree(profiles, own);
        for (profile, portrait) in profiles.iter().zip(own) {
            let members: BTreeSet<&str> =
                profile.members.iter().map(|&m| found.rfm.customers.ids[m as usize].as_str()).collect();
            let mine: Vec<&Row> = rows.iter().filter(|r| members.contains(&*format!("C{:03}", r.customer))).collect();
            let total: i64 = mine.iter().map(|r| r.cents).sum();
            assert!(close(profile.revenue, total as f64 / 100.0));
            let columns: Vec<&str> = portrait.tops.iter().map(|t| t.column.as_str()).collect();
            assert_eq!(columns, ["sku", "country", "channel", "Weekday"]);
            check(&portrait.tops[0], &mine, total, |r| format!("Mug {} (SKU{:04})", r.product, r.product));
            check(&portrait.tops[1], &mine, total, |r| COUNTRIES[r.customer as usize % 3].to_string());
            check(&portrait.tops[3], &mine, total, |r| date_of(r.day).format("%A").to_string());
            let trend = portrait.trend.as_ref().unwrap();
            assert_eq!(trend.months.len(), 24);
            for (month, revenue) in trend.months.iter().zip(&trend.revenue) {
                let there = |r: &&&Row| date_of(r.day).format("%Y-%m").to_string() == month.format("%Y-%m").to_string();
                let cents: i64 = mine.iter().filter(there).map(|r| r.cents).sum();
                assert!(close(*revenue, cents as f64 / 100.0), "{month}");
            }
            assert_eq!(trend.partial, [false, true]);
            assert!(trend.words.contains(" in Sep–Nov 2023"), "{}", trend.words);
        }
    }
}

fn check(tops: &quintile::profile::Tops, rows: &[&Row], total: i64, value: impl Fn(&Row) -> String) {
    let mut sums: BTreeMap<String, (i64, BTreeSet<u32>)> = BTreeMap::new();
    for row in rows {
        let (sum, customers) = sums.entry(value(row)).or_default();
        *sum += row.cents;
        if row.cents > 0 {
            customers.insert(row.customer);
        }
    }
    let mut all: Vec<(String, i64, usize)> =
        sums.into_iter().map(|(name, (sum, who))| (name, sum, who.len())).filter(|v| v.2 > 0).collect();
    let values = all.len();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.retain(|v| v.1 > 0);
    all.truncate(10);
    let found: Vec<(String, i64, usize)> =
        tops.list.iter().map(|t| (t.name.clone(), (t.amount * 100.0).round() as i64, t.customers)).collect();
    assert_eq!(found, all, "{}", tops.column);
    assert_eq!(tops.others, values - all.len(), "{}", tops.column);
    for top in &tops.list {
        assert!(close(top.share, top.amount * 100.0 / total as f64), "{top:?}");
    }
}

/// What does not depend on the order of rows, as text.
fn told(portraits: &Portraits) -> String {
    let rfm: Vec<_> = portraits.rfm.iter().map(|p| (&p.name, &p.description, p.revenue, &p.features)).collect();
    format!("{:?} {rfm:?} {:?} {:?}", portraits.clusters, portraits.rfm_portraits, portraits.everyone)
}

#[test]
fn neither_order_nor_threads_change_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (_, found) = shop(folder.path(), |_| {}, |_| {});
    let (_, turned) = shop(folder.path(), |rows| rows.reverse(), |_| {});
    assert_eq!(told(&found.portraits), told(&turned.portraits));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = one.install(|| {
        portray(&known(&found), &found.chosen, &found.profiles, Patterns::shipped(), &Ctx::silent()).unwrap()
    });
    assert_eq!(told(&found.portraits), told(&alone));
}

#[test]
fn only_the_window_counts_and_its_first_month_is_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let change = |recipe: &mut Recipe| {
        recipe.rfm.window_days = Some(200);
        recipe.rfm.keep_inactive = true;
    };
    let (_, found) = shop(folder.path(), |_| {}, change);
    let portraits = &found.portraits;
    sums_agree(&portraits.rfm, &portraits.rfm_portraits);
    let trend = portraits.rfm_portraits[0].trend.as_ref().unwrap();
    assert_eq!((trend.months.len(), trend.partial), (7, [true, true]));
    assert!(trend.words.contains("no earlier year to tell seasons apart"), "{}", trend.words);
    assert!(trend.words.contains("Jun 2024 (from "), "{}", trend.words);
    // Of those who did not buy in it, nothing is known of when they last did; in a month most do not.
    let change = |recipe: &mut Recipe| {
        recipe.rfm.window_days = Some(30);
        recipe.rfm.keep_inactive = true;
    };
    let (_, month) = shop(folder.path(), |_| {}, change);
    let away: Vec<_> = month.portraits.rfm.iter().filter(|p| p.features[1].median == 0.0).collect();
    assert!(!away.is_empty());
    for profile in away {
        assert!(profile.description.ends_with("Most of them bought nothing in the window."), "{}", profile.description);
    }
}

#[test]
fn a_table_of_customers_is_told_by_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let mut text = String::from("id,age,income,gender\n");
    // One woman in three, and those without an answer count as customers too.
    let gender = |i: usize| ["Female", "Male", "Male", "", "Male", "Female"][i % 6];
    (0..60).for_each(|i| text += &format!("{i},{},{},{}\n", 20 + i * 7 % 40, 100 + i * 37 % 900, gender(i)));
    std::fs::write(&path, text).unwrap();
    let found = analysed(Recipe::for_file(path));
    assert!(!found.portraits.clusters.is_empty() && found.portraits.rfm.is_empty());
    for (profile, portrait) in found.profiles.iter().zip(&found.portraits.clusters) {
        assert!(portrait.trend.is_none());
        let [tops] = &portrait.tops[..] else { panic!("{:?}", portrait.tops) };
        assert_eq!(tops.column, "gender");
        for top in &tops.list {
            let ids = profile.members.iter().map(|&m| found.rfm.customers.ids[m as usize].parse().unwrap());
            let count = ids.filter(|&i: &usize| gender(i) == top.name).count();
            assert_eq!(top.customers, count);
            assert!(top.amount.is_nan() && close(top.share, count as f64 / profile.customers as f64));
            let usual = if top.name == "Male" { 0.5 } else { 1.0 / 3.0 };
            assert!(close(top.lift, top.share / usual), "{top:?}");
        }
    }
    assert_eq!(found.portraits.everyone.len(), found.rfm.customers.features.len());
}
