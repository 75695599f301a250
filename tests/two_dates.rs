//! Two snapshot dates of the same file, against a pandas computation (origin: `tests/golden/README.md`).

mod common;

use std::path::Path;

use chrono::NaiveDate;
use quintile::clean::{Prepared, clean_prepared};
use quintile::ctx::Ctx;
use quintile::error::Result;
use quintile::intake::{self, RolesOut};
use quintile::pipeline::{Keys, Stage};
use quintile::recipe::{Customers, IdList, Recipe, Returns};
use quintile::rfm::{INACTIVE, Migration, Movement, clean_customers, compare, rfm_of, up_or_down};
use serde_json::Value;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A file that was read.
struct File(Prepared, RolesOut);

fn read(recipe: &Recipe) -> File {
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let prepared = quintile::clean::prepare(&read.table, &recipe.clean.steps, &ctx).unwrap();
    let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx).unwrap();
    File(prepared, roles)
}

/// Cleans, counts and compares, as the pipeline does.
fn compared(File(prepared, roles): &File, recipe: &Recipe) -> Result<Option<Migration>> {
    let ctx = Ctx::silent();
    let clean = clean_prepared(prepared, roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
    let now = rfm_of(&clean, &recipe.rfm, &recipe.clean, &recipe.customers, &ctx).unwrap();
    let found = compare(prepared, roles, &clean, &now, recipe, &ctx)?;
    if let Some(found) = &found {
        for moved in &found.customers {
            let segment = if found.to == now.snapshot.unwrap() { moved.to } else { moved.from };
            let counted = segment.filter(|s| *s != INACTIVE);
            assert_eq!(moved.place.map(|p| now.segment[p as usize]), counted);
            assert!(moved.place.is_none_or(|p| now.customers.ids[p as usize] == moved.id));
        }
    }
    Ok(found)
}

fn name(found: &Migration, segment: Option<u8>, none: &str) -> String {
    match segment {
        None => none.into(),
        Some(INACTIVE) => "(inactive)".into(),
        Some(s) => found.map.segments[usize::from(s)].name.clone(),
    }
}

#[test]
fn uci_online_retail_equals_pandas() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let expected: Value = serde_json::from_str(include_str!("golden/migration/expected.json")).unwrap();
    let mut recipe = Recipe::for_file(path);
    let file = read(&recipe);
    for case in expected.as_array().unwrap() {
        recipe.clean.returns = case["returns"].as_str().unwrap().parse().unwrap();
        recipe.rfm.window_days = case["window"].as_u64().map(|d| d as u32);
        let dates = [day(case["from"].as_str().unwrap()), day(case["to"].as_str().unwrap())];
        let mut wanted: Vec<(String, String, usize, f64)> = serde_json::from_value(case["cells"].clone()).unwrap();
        wanted.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        // Whichever of the two is in force: the earlier date comes first.
        for (snapshot, other) in [(dates[1], dates[0]), (dates[0], dates[1])] {
            recipe.rfm.snapshot = Some(snapshot);
            recipe.rfm.compare_to = Some(other);
            let found = compared(&file, &recipe).unwrap().unwrap();
            assert_eq!([found.from, found.to], dates);
            let mut cells: Vec<(String, String, usize, f64)> = found
                .cells
                .iter()
                .map(|c| (name(&found, c.from, "(new)"), name(&found, c.to, "(gone)"), c.customers, c.revenue))
                .collect();
            cells.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            assert_eq!(cells, wanted, "{} {:?} {snapshot}", case["returns"], case["window"]);
            assert!(found.cells.windows(2).all(|pair| pair[0].revenue >= pair[1].revenue));
        }
    }
}

/// A: buys on. B: stopped. C: came later. D: bought once, long ago. E: takes all of it back between the two dates.
const SHOP: &str = "invoice,customer,product,quantity,price,date\n\
    1,A,x,1,5.00,2024-01-05 10:00\n\
    2,A,x,1,5.00,2024-02-05 10:00\n\
    3,A,y,9,7.00,2024-06-06 10:00\n\
    4,B,x,8,5.00,2024-01-20 10:00\n\
    5,B,x,8,5.00,2024-02-20 10:00\n\
    6,B,x,8,5.00,2024-02-25 10:00\n\
    7,C,z,1,3.00,2024-06-01 10:00\n\
    8,D,z,1,3.00,2024-01-02 10:00\n\
    9,E,w,2,4.00,2024-02-27 10:00\n\
    C10,E,w,-2,4.00,2024-06-03 10:00\n";

fn shop(folder: &Path) -> Recipe {
    let file = folder.join("shop.csv");
    std::fs::write(&file, SHOP).unwrap();
    let mut recipe = Recipe::for_file(file);
    recipe.rfm.compare_to = Some(day("2024-03-01"));
    recipe
}

#[test]
fn who_moved_up_who_slips_who_is_new_and_who_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = shop(folder.path());
    let file = read(&recipe);
    for returns in [Returns::Net, Returns::Match] {
        recipe.clean.returns = returns;
        let found = compared(&file, &recipe).unwrap().unwrap();
        assert_eq!((found.from, found.to), (day("2024-03-01"), day("2024-06-07")));
        let ids: Vec<&str> = found.customers.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(ids, ["A", "B", "C", "D", "E"], "{returns}");
        let of = |id: &str| found.customers.iter().find(|m| m.id == id).unwrap();
        assert_eq!((of("C").from, of("E").to), (None, None), "{returns}");
        // On the earlier day nobody knew that E would take everything back.
        assert_eq!((of("E").spent_before, of("E").spent_after, of("E").revenue()), (8.0, 0.0, 8.0));
        assert_eq!((of("A").spent_before, of("A").spent_after), (10.0, 73.0));
        let lists = up_or_down(&found);
        let ids =
            |movement| lists.of(movement).iter().map(|&i| found.customers[i as usize].id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids(Movement::New), ["C"]);
        assert_eq!(ids(Movement::Gone), ["E"]);
        assert_eq!(ids(Movement::Up), ["A"]);
        assert!(ids(Movement::Slipping).contains(&"B"), "{lists:?}");
        let together: usize = Movement::ALL.into_iter().map(|m| lists.of(m).len()).sum();
        assert_eq!(together, 5);
        assert!(found.ranks.stated);
        assert_eq!(found.notes.iter().any(|n| n.contains("matched for each date anew")), returns == Returns::Match);
    }
    // Without ranks in the map the order goes by what customers are worth.
    let mut map = quintile::rfm::SegmentMap::grid_10().to_file();
    map.segment.iter_mut().for_each(|s| s.rank = None);
    recipe.rfm.own_map = Some(map);
    let found = compared(&file, &recipe).unwrap().unwrap();
    assert!(!found.ranks.stated && found.notes.iter().any(|n| n.contains("mean monetary")));
    let of = |id: &str| found.customers.iter().find(|m| m.id == id).unwrap();
    let rank = |segment: Option<u8>| found.ranks.of[usize::from(segment.unwrap())];
    // B spent 120, A 73: the more somebody's segment spent, the better it is.
    assert_eq!((rank(of("B").to), rank(of("A").to)), (Some(1), Some(2)));
}

#[test]
fn cut_points_given_by_hand_and_picked_customers_hold_for_both_dates() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = shop(folder.path());
    let file = read(&recipe);
    recipe.rfm.recency_cuts = Some(vec![10.0, 30.0, 60.0, 120.0]);
    recipe.rfm.frequency_cuts = Some(vec![1.0, 2.0, 3.0, 4.0]);
    recipe.customers = Customers { without: IdList::new(vec!["B".into(), "C".into()]), ..Customers::default() };
    let found = compared(&file, &recipe).unwrap().unwrap();
    let ids: Vec<&str> = found.customers.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["A", "D", "E"]);
    let a = &found.customers[0];
    // 25 days and 2 orders are R 4, F 2; one day and 3 orders are R 5, F 3.
    assert_eq!(name(&found, a.from, ""), "Potential Loyalist");
    assert_eq!(name(&found, a.to, ""), "Potential Loyalist");
    assert_eq!(found.ranks.movement(a.from, a.to), Movement::Level);
    // 59 and 157 days and 1 order: R 3 and R 1.
    assert_eq!(name(&found, found.customers[1].from, ""), "About To Sleep");
    assert_eq!(name(&found, found.customers[1].to, ""), "Hibernating");
    assert!(found.notes.iter().any(|n| n.contains("recency and frequency that you gave")), "{:?}", found.notes);
}

#[test]
fn dates_that_cannot_be_compared_are_refused_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = shop(folder.path());
    let file = read(&recipe);
    recipe.rfm.compare_to = Some(day("2023-12-31"));
    let error = compared(&file, &recipe).unwrap_err().to_string();
    assert!(error.contains("2023-12-31") && error.contains("2024-01-02"), "{error}");
    recipe.rfm.compare_to = Some(day("2024-06-07"));
    let error = compared(&file, &recipe).unwrap_err().to_string();
    assert!(error.contains("snapshot date itself"), "{error}");
    recipe.rfm.window_days = Some(5);
    recipe.rfm.compare_to = Some(day("2024-04-30"));
    let error = compared(&file, &recipe).unwrap_err().to_string();
    assert!(error.contains("with 2024-04-30") && error.contains("window"), "{error}");
    recipe.rfm.window_days = None;
    recipe.rfm.compare_to = None;
    assert!(compared(&file, &recipe).unwrap().is_none());
    // A day after the last purchase can be looked at, and says that nothing is known of it.
    recipe.rfm.compare_to = Some(day("2024-09-01"));
    let found = compared(&file, &recipe).unwrap().unwrap();
    assert!(found.notes.iter().any(|n| n.contains("87 days after the last transaction")), "{:?}", found.notes);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/nested/customers.csv");
    let mut recipe = Recipe::for_file(path);
    recipe.rfm.compare_to = Some(day("2024-01-01"));
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let prepared = quintile::clean::Prepared::untouched(&read.table);
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let clean = clean_customers(&prepared, &roles, &ctx).unwrap();
    let given = quintile::rfm::Given { table: &read.table, roles: &roles, clean: &clean };
    let now = given.customers(&recipe, &ctx).unwrap();
    let error = compare(&prepared, &roles, &clean, &now, &recipe, &ctx).unwrap_err().to_string();
    assert!(error.contains("one row per customer"), "{error}");
}

/// Another date changes nothing but the comparison.
#[test]
fn the_other_date_has_a_key_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let with = shop(folder.path());
    let mut without = with.clone();
    without.rfm.compare_to = None;
    let (a, b) = (Keys::of(&with), Keys::of(&without));
    for stage in Stage::ALL {
        assert_eq!(a.get(stage) == b.get(stage), stage != Stage::Compare, "{}", stage.name());
    }
    let mut with = with;
    with.cluster.k = quintile::recipe::KChoice::Fixed(2);
    (with.cluster.k_min, with.cluster.k_max) = (2, 2);
    let run = common::analyse(&with).unwrap();
    assert_eq!(run.migration.as_ref().as_ref().unwrap().customers.len(), 5);
}
