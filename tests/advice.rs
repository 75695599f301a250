//! What is said of segments beyond their statistics: rules that hold, money that adds up, names that stay. Sums are
//! worked out again from the file's own rows.

mod common;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{Days, NaiveDate};
use common::analyse;
use quintile::pipeline::{Findings, Stage};
use quintile::profile::{Condition, Grouping, Portrait, Profile, StakeKind, rename};
use quintile::recipe::{KChoice, Recipe, TableShape};
use tempfile::TempDir;

/// Customer, day, order, money.
struct Row(usize, NaiveDate, usize, f64);

/// Two and a half years of a shop: some come often, some once, some have stopped, some returned things.
fn rows() -> Vec<Row> {
    let first = NaiveDate::from_ymd_opt(2022, 1, 3).unwrap();
    let mut state = 11u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let (mut out, mut order) = (Vec::new(), 0);
    for customer in 0..400 {
        let (orders, from, to) = match customer % 5 {
            0 => (8 + next(20), 0, 900),
            1 => (1, 0, 500),
            2 => (1, 820, 900),
            3 => (4 + next(8), 0, 450),
            _ => (2 + next(3), 200, 880),
        };
        for _ in 0..orders {
            order += 1;
            let day = first.checked_add_days(Days::new(from + next(to - from))).unwrap();
            for _ in 0..1 + next(3) {
                out.push(Row(customer, day, order, (100 + next(9000)) as f64 / 100.0));
            }
        }
    }
    out
}

fn write(folder: &TempDir, rows: &[Row]) -> PathBuf {
    let path = folder.path().join("orders.csv");
    let line = |r: &Row| format!("{},{},{},{:.2}\n", 1000 + r.0, r.1, 50_000 + r.2, r.3);
    let text: String = rows.iter().map(line).collect();
    std::fs::write(&path, format!("customer,date,invoice,amount\n{text}")).unwrap();
    path
}

fn recipe(path: &Path, k: u32) -> Recipe {
    let mut recipe = Recipe::for_file(path);
    (recipe.cluster.references, recipe.cluster.resamples) = (0, 0);
    recipe.cluster.k = KChoice::Fixed(k);
    recipe
}

/// The stake of one segment by its definition.
fn stake(kind: StakeKind, rows: &[Row], members: &[usize], snapshot: NaiveDate) -> f64 {
    let year = Days::new(365);
    let of = |c: usize| rows.iter().filter(move |r| r.0 == c && r.1 <= snapshot);
    let each = members.iter().map(|&c| {
        let last = of(c).map(|r| r.1).max().unwrap();
        let sum = |keep: &dyn Fn(&Row) -> bool| of(c).filter(|r| keep(r)).map(|r| r.3).sum::<f64>();
        match kind {
            StakeKind::None => 0.0,
            StakeKind::Depends => sum(&|r| (snapshot - year..snapshot).contains(&r.1)),
            StakeKind::Gone => sum(&|r| r.1 > last - year),
            StakeKind::NextOrder => {
                let mut orders: Vec<usize> = of(c).map(|r| r.2).collect();
                orders.sort_unstable();
                orders.dedup();
                sum(&|_| true) / orders.len() as f64
            }
        }
    });
    each.sum()
}

fn members(findings: &Findings, profile: &Profile) -> Vec<usize> {
    let id = |&row: &u32| findings.rfm.customers.ids[row as usize].parse::<usize>().unwrap() - 1000;
    profile.members.iter().map(id).collect()
}

#[test]
fn stakes_add_up_and_reasons_have_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows();
    let path = write(&folder, &rows);
    let mut kinds = Vec::new();
    // The day after the last one, and a day with purchases of its own and more to come.
    for asked in [None, NaiveDate::from_ymd_opt(2024, 3, 1)] {
        let mut recipe = recipe(&path, 6);
        recipe.rfm.snapshot = asked;
        let findings = analyse(&recipe).unwrap();
        let snapshot = findings.rfm.snapshot.unwrap();
        for grouping in [Grouping::Clusters, Grouping::Rfm] {
            let (profiles, portraits) = findings.portraits.of(grouping, &findings.profiles);
            assert!(profiles.len() > 4 && profiles.len() == portraits.len());
            for (profile, Portrait { stake: found, reason, .. }) in profiles.iter().zip(portraits) {
                let expected = stake(profile.stake, &rows, &members(&findings, profile), snapshot);
                let found = found.as_ref();
                assert!(
                    (found.map_or(0.0, |s| s.amount) - expected).abs() < 1e-6,
                    "{}: {found:?}, {expected}",
                    profile.name
                );
                let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit()) && !text.contains('{');
                assert!(found.is_none_or(|s| digits(&s.words) && s.words.contains("no forecast")), "{found:?}");
                assert!(digits(reason) && !profile.channel.is_empty(), "{}: {reason}", profile.name);
                kinds.push(profile.stake);
            }
        }
    }
    for kind in [StakeKind::Depends, StakeKind::Gone, StakeKind::NextOrder] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

/// Whether a customer meets all conditions, by their definition.
fn meets(findings: &Findings, conditions: &[Condition], row: usize) -> bool {
    conditions.iter().all(|c| {
        let feature = findings.rfm.customers.features.iter().find(|f| f.name == c.feature).unwrap();
        let value = feature.values[row];
        c.least.is_none_or(|least| value > least) && c.most.is_none_or(|most| value <= most)
    })
}

#[test]
fn every_customer_is_in_one_rule_and_those_of_the_map_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let findings = analyse(&recipe(&write(&folder, &rows()), 4)).unwrap();
    let (portraits, labels) = (&findings.portraits, &findings.chosen.clustering.labels);
    let mut right = 0;
    for (row, &label) in labels.iter().enumerate() {
        let found: Vec<_> = portraits.rules.rules.iter().filter(|r| meets(&findings, &r.conditions, row)).collect();
        assert_eq!(found.len(), 1, "customer {row}");
        right += usize::from(found[0].segment == label as usize);
        let of_map: Vec<_> =
            portraits.rfm_rules.rules.iter().filter(|r| meets(&findings, &r.conditions, row)).collect();
        let segment = &findings.rfm.map.segments[usize::from(findings.rfm.segment[row])].name;
        assert_eq!(of_map.len(), 1, "customer {row}");
        assert_eq!(portraits.rfm[of_map[0].segment].name, *segment);
    }
    assert_eq!(portraits.rules.fidelity, right as f64 / labels.len() as f64);
    assert!(portraits.rules.fidelity > 0.85, "{}", portraits.rules.fidelity);
    for (place, profile) in findings.profiles.iter().enumerate() {
        let all = portraits.rules.together(place).expect("each has a rule");
        assert!(all.coverage > 0.5 && !all.sentence.is_empty(), "{}: {all:?}", profile.name);
    }
    // Two axes' ranges cannot say what a map of codes says.
    let mut codes = recipe(&write(&folder, &rows()), 4);
    codes.rfm.map = "codes125".into();
    let rules = analyse(&codes).unwrap().portraits.rfm_rules.clone();
    assert!(rules.rules.is_empty() && rules.words.contains("all three scores"), "{rules:?}");
}

#[test]
fn a_table_without_dates_says_so_and_one_without_money_has_no_stakes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rfm.csv");
    let line = |c: u64| {
        let (r, f, m) = [(5 + c % 20, 12 + c % 7, 900 + c), (300 + c % 60, 1, 20 + c % 9), (250 + c % 9, 9, 700 + c)]
            [c as usize % 3];
        format!("{},{r},{f},{m}\n", 1000 + c)
    };
    let text: String = (0..120).map(line).collect();
    std::fs::write(&path, format!("customer_id,recency,frequency,monetary\n{text}")).unwrap();
    let findings = analyse(&recipe(&path, 3)).unwrap();
    let mut dated = 0;
    for (profile, portrait) in findings.profiles.iter().zip(&findings.portraits.clusters) {
        let stake = portrait.stake.as_ref().unwrap();
        if profile.stake != StakeKind::NextOrder {
            assert!(stake.amount == profile.revenue && stake.words.contains("does not say when"), "{stake:?}");
            dated += 1;
        }
    }
    assert!(dated > 0);
    let without: String = text.lines().map(|l| format!("{}\n", &l[..l.rfind(',').unwrap()])).collect();
    std::fs::write(&path, format!("customer_id,recency,frequency\n{without}")).unwrap();
    let mut two = recipe(&path, 3);
    two.roles.shape = Some(TableShape::CustomerTable);
    let findings = analyse(&two).unwrap();
    assert!(findings.portraits.clusters.iter().all(|p| p.stake.is_none()) && findings.portraits.rules.fidelity > 0.9);
}

#[test]
fn names_stay_with_their_customers_and_rest_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, &rows());
    let mut recipe = recipe(&path, 5);
    let first = analyse(&recipe).unwrap();
    let best = first.profiles[0].members.clone();
    let named = rename(&[], &first.profiles, &first.rfm.customers, 1, "Our friends");
    let named = rename(&named, &first.profiles, &first.rfm.customers, 3, "The third");
    recipe.segments.named = named;
    let again = analyse(&recipe).unwrap();
    assert_eq!((&again.profiles[0].name[..], &again.profiles[2].name[..]), ("Our friends", "The third"));
    assert_eq!(again.profiles[0].proposed, first.profiles[0].name);
    assert_eq!(Recipe::from_toml(&recipe.to_toml()).unwrap(), recipe);
    for k in [2, 3, 4, 6, 8] {
        recipe.cluster.k = KChoice::Fixed(k);
        let findings = analyse(&recipe).unwrap();
        let holder = findings.profiles.iter().find(|p| p.name == "Our friends");
        let most = findings.profiles.iter().map(|p| p.members.iter().filter(|m| best.contains(m)).count()).max();
        match holder {
            Some(p) => {
                let kept = p.members.iter().filter(|m| best.contains(m)).count();
                assert!(2 * kept > best.len(), "k {k}: {kept} of {}", best.len());
            }
            None => {
                assert!(findings.warnings().iter().any(|w| w.contains("\"Our friends\" rests")), "k {k}: {most:?}");
            }
        }
        let names: HashMap<&str, usize> = findings.profiles.iter().map(|p| (p.name.as_str(), p.cluster)).collect();
        assert_eq!(names.len(), k as usize);
    }
}

#[test]
fn a_file_of_patterns_of_ones_own_is_used_or_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, &rows());
    let mine = folder.path().join("mine.toml");
    let program = |arguments: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_quintile")).args(arguments).output().unwrap();
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    assert_eq!(program(&["patterns", "--out", mine.to_str().unwrap()]).0, Some(0));
    let text = std::fs::read_to_string(&mine).unwrap();
    assert_eq!(
        text,
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/profile/archetypes.toml")).unwrap()
    );
    std::fs::write(&mine, text.replace("channel = \"", "channel = \"By pigeon, ")).unwrap();
    let (out, input) = (folder.path().join("out"), path.to_str().unwrap());
    let flags = ["run", input, "--k", "4", "--references", "0", "--resamples", "0"];
    let flags = [&flags[..], &["--out", out.to_str().unwrap(), "--patterns", mine.to_str().unwrap()]].concat();
    let (status, error) = program(&flags);
    assert_eq!(status, Some(0), "{error}");
    let summary = std::fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    for cluster in summary["clusters"].as_array().unwrap() {
        assert!(cluster["channel"].as_str().unwrap().starts_with("By pigeon, "), "{cluster}");
        assert!(cluster["rule"].is_string() && cluster["precision"].as_f64().unwrap() > 0.5, "{cluster}");
        assert!(cluster["stake"].is_number() && cluster["reason"].as_str().unwrap().len() > 20, "{cluster}");
        let sum: f64 = cluster["rules"].as_array().unwrap().iter().map(|r| r["coverage"].as_f64().unwrap()).sum();
        assert!((sum - cluster["coverage"].as_f64().unwrap()).abs() < 1e-9);
    }
    assert!(summary["rules"]["fidelity"].as_f64().unwrap() > 0.8);
    // The recipe that was written finds them again.
    assert_eq!(Recipe::load(&out.join("recipe.toml")).unwrap().segments.patterns.as_deref(), Some(mine.as_path()));

    std::fs::write(&mine, "archetype = 3\n").unwrap();
    let (status, error) = program(&flags);
    assert_eq!(status, Some(1));
    assert!(error.contains("mine.toml") && error.contains("line 1"), "{error}");
    let mut recipe = recipe(&path, 4);
    recipe.segments.patterns = Some(folder.path().join("nowhere.toml"));
    let stopped = analyse(&recipe).unwrap_err();
    assert_eq!(stopped.stage, Stage::Profile);
    assert!(stopped.error.to_string().contains("nowhere.toml"), "{}", stopped.error);
}
