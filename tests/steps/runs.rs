//! Steps within an analysis: what the funnel counts, and what is written of it.

use quintile::clean::clean_prepared;
use quintile::clean::steps::prepare;
use quintile::ctx::Ctx;
use quintile::intake::{self, Role};
use quintile::recipe::{CleanStep, Compare, KeepRow, OutlierAction, OutlierRule, Recipe, Returns, StepKind};
use serde_json::Value;

use crate::common::{analyse, sample, shared};
use crate::filter;

/// UCI Online Retail recomputed with pandas 3.1 and exact decimals: rows, customers and money after each step.
const FUNNEL: [(usize, usize, f64); 8] = [
    (541_909, 4_372, 9_747_747.934),
    (495_478, 3_950, 8_187_806.364),
    (493_888, 3_943, 8_302_406.643),
    (493_888, 3_943, 8_302_406.643),
    (488_716, 3_943, 8_282_078.723),
    (488_716, 3_943, 8_282_078.723),
    (488_716, 3_943, 8_155_305.11),
    (480_051, 3_917, 8_634_429.54),
];
/// Prices beyond the 1st and 99th percentile, 0.19 and 16.63.
const CAPPED: usize = 8_032;

#[test]
fn the_funnel_counts_each_step_on_the_table_as_it_was_then() {
    let Some(path) = shared("online_retail/OnlineRetail.csv") else { return };
    let mut recipe = Recipe::for_file(path);
    recipe.clean.returns = Returns::Drop;
    let codes = ["POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "B"];
    let steps = [
        filter("Country", Compare::Equals, &["United Kingdom"]),
        StepKind::ExcludeProducts { column: "StockCode".into(), values: codes.map(String::from).into() },
        filter("Nothing", Compare::IsPresent, &[]),
        StepKind::DropDuplicates { columns: vec![], keep: KeepRow::First },
        StepKind::RenameColumn { from: "UnitPrice".into(), to: "Price".into() },
        StepKind::Outliers {
            column: "Price".into(),
            rule: OutlierRule::Percentile,
            action: OutlierAction::Cap,
            distance: None,
            low: None,
            high: None,
        },
        filter("Quantity", Compare::Greater, &["0"]),
    ];
    recipe.clean.steps = steps.map(CleanStep::from).into();
    let ctx = Ctx::silent();
    let table = intake::read(&recipe.input, &ctx).unwrap().table;
    let started = std::time::Instant::now();
    let prepared = prepare(&table, &recipe.clean.steps, &ctx).unwrap();
    println!("{} steps took {:?}", prepared.effects.len(), started.elapsed());
    let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx).unwrap();
    assert_eq!(roles.column(Role::UnitPrice), Some("Price"));
    let cleaned = clean_prepared(&prepared, &roles, &recipe.clean, None, &ctx).unwrap();
    let lines: Vec<(usize, usize, f64)> = cleaned.funnel.iter().map(|s| (s.rows, s.customers, s.amount)).collect();
    assert_eq!(lines[..8], FUNNEL);
    assert_eq!(cleaned.funnel[3].index, Some(2));
    assert!(cleaned.funnel[3].error.as_ref().is_some_and(|e| e.contains("Nothing")));
    assert_eq!(cleaned.funnel[6].cells_changed, Some(CAPPED));
    assert_eq!(cleaned.funnel[8].id, "duplicates");
    // Without steps the funnel is what it always was.
    recipe.clean.steps.clear();
    let plain = quintile::clean::clean(
        &table,
        &intake::roles::find(&table, &recipe.roles, &ctx).unwrap(),
        &recipe.clean,
        None,
        &ctx,
    );
    let ids: Vec<String> = plain.unwrap().funnel.into_iter().map(|s| s.id).collect();
    assert_eq!(
        ids,
        ["read", "duplicates", "customer_present", "date_readable", "amount_readable", "not_cancelled", "positive"]
    );
}

#[test]
fn lines_that_are_no_products_are_proposed_and_stay() {
    let Some(path) = shared("online_retail/OnlineRetail.csv") else { return };
    let ctx = Ctx::silent();
    let table = intake::read(&Recipe::for_file(path).input, &ctx).unwrap().table;
    let roles = intake::roles::find(&table, &Default::default(), &ctx).unwrap();
    let found = quintile::clean::steps::suggest_non_products(&table, &roles, &ctx).unwrap();
    for s in &found {
        println!("{:14} {:6} {:12.2} {:28} {:?}", s.value, s.rows, s.amount, s.reason, s.description);
    }
    let by = |value: &str| found.iter().find(|s| s.value == value);
    for code in
        ["POST", "DOT", "M", "m", "D", "S", "BANK CHARGES", "AMAZONFEE", "C2", "CRUK", "B", "PADS", "gift_0001_30"]
    {
        assert!(by(code).is_some(), "{code}");
    }
    let post = by("POST").unwrap();
    assert_eq!((post.rows, post.amount, post.column.as_str()), (1256, 66_230.64, "StockCode"));
    let goods = found.iter().filter(|s| s.value.starts_with(|c: char| c.is_ascii_digit())).count();
    assert!(goods <= 3, "{goods} products of thousands look like fees");
}

#[test]
fn a_whole_run_with_steps_and_what_it_writes() {
    let mut recipe = Recipe::for_file(sample());
    let table = intake::read(&recipe.input, &Ctx::silent()).unwrap().table;
    let roles = intake::roles::find(&table, &recipe.roles, &Ctx::silent()).unwrap();
    let customer = roles.column(Role::CustomerId).unwrap().to_string();
    recipe.clean.steps = vec![
        StepKind::RenameColumn { from: customer.clone(), to: "Customer number".into() }.into(),
        CleanStep { on: false, what: filter(&customer, Compare::IsMissing, &[]) },
        filter("no such", Compare::IsPresent, &[]).into(),
    ];
    let findings = analyse(&recipe).unwrap();
    assert_eq!(findings.roles.column(Role::CustomerId), Some("Customer number"));
    assert_eq!(findings.warnings().iter().filter(|w| w.contains("no such")).count(), 1);
    let folder = tempfile::tempdir().unwrap();
    quintile::export::write_all(&findings, folder.path(), &Ctx::silent()).unwrap();
    let summary: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("summary.json")).unwrap()).unwrap();
    let line =
        |i: usize| (summary["funnel"][i]["id"].as_str().unwrap().to_string(), summary["funnel"][i]["index"].clone());
    assert_eq!(line(0), ("read".into(), Value::Null));
    assert_eq!(line(1), ("step_1_rename_column".into(), 0.into()));
    assert_eq!(line(2), ("step_3_filter".into(), 2.into()));
    assert_eq!(summary["funnel"][1]["customers"], summary["funnel"][0]["customers"], "a new name changes no customer");
    let clean = quintile::recipe::Clean { steps: vec![], ..recipe.clean.clone() };
    let plain = analyse(&Recipe { clean, ..recipe.clone() }).unwrap();
    assert_eq!(plain.rfm.customers.ids, findings.rfm.customers.ids);
    // What leaves nothing says which step it was.
    recipe.clean.steps = vec![
        filter("Customer number", Compare::Equals, &["nobody"]).into(),
        filter(&customer, Compare::Equals, &["nobody"]).into(),
    ];
    let text = analyse(&recipe).unwrap_err().error.to_string();
    assert!(text.contains("no row is left") && text.contains("nobody"), "{text}");
}
