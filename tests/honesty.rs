//! Files and settings that invite a silent wrong number: each is counted right, or said.

mod common;

use std::path::Path;

use chrono::NaiveDate;
use common::{analyse, sample};
use quintile::clean::clean;
use quintile::ctx::Ctx;
use quintile::intake;
use quintile::recipe::{Formula, Recipe, Returns, StepKind};
use quintile::rfm::{RfmOut, rfm};

fn file(folder: &Path, text: &str) -> Recipe {
    let path = folder.join("x.csv");
    std::fs::write(&path, text).unwrap();
    Recipe::for_file(path)
}

/// What was counted, and the warnings of every stage so far.
fn count(recipe: &Recipe) -> (RfmOut, Vec<String>) {
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let cleaned = clean(&read.table, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
    let counted = rfm(&cleaned, &recipe.rfm, &recipe.clean, &ctx).unwrap();
    let warnings = [read.warnings, roles.warnings, cleaned.warnings, counted.warnings.clone()].concat();
    (counted, warnings)
}

fn rows(out: &RfmOut) -> Vec<(&str, f64, f64, f64)> {
    let t = &out.customers;
    (0..t.len()).map(|i| (t.ids[i].as_str(), t.recency()[i], t.frequency()[i], t.monetary()[i])).collect()
}

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

#[test]
fn an_unclosed_quote_loses_no_rows_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("customer,date,amount,note\n");
    for i in 0..400 {
        let note = if i == 50 { "\"no end" } else { "x" };
        text.push_str(&format!("C{i},2024-01-02,5,{note}\n"));
    }
    let (out, warnings) = count(&file(folder.path(), &text));
    assert_eq!(out.customers.len(), 400);
    assert!(warnings.iter().any(|w| w.contains("quotes")), "{warnings:?}");
}

/// A snapshot in the past sees the file as it stood then.
#[test]
fn a_past_snapshot_does_not_know_the_future() {
    let folder = tempfile::tempdir().unwrap();
    let head = "invoice,customer,product,quantity,price,date\n1001,a,x,1,10,2020-01-05\n1002,a,y,1,5,2020-01-10\n1003,b,x,1,7,2020-01-11\n";
    let later = "C1004,a,x,-1,10,2020-03-01\n1005,new,x,1,9,2020-03-02\n";
    let with = |text: String| {
        let mut recipe = file(folder.path(), &text);
        recipe.clean.returns = Returns::Match;
        recipe.rfm.snapshot = day("2020-01-31");
        recipe.rfm.window_days = Some(25);
        recipe.rfm.keep_inactive = true;
        let (out, _) = count(&recipe);
        rows(&out).into_iter().map(|(id, r, f, m)| (id.to_string(), r, f, m)).collect::<Vec<_>>()
    };
    let then = with(head.into());
    assert_eq!(then, with(format!("{head}{later}")));
    assert_eq!(then, [("a".to_string(), 21.0, 1.0, 5.0), ("b".to_string(), 20.0, 1.0, 7.0)]);
}

#[test]
fn a_date_that_stands_for_never_does_not_set_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("customer,date,amount\nnever,9999-12-31,5\n");
    (1..=20).for_each(|i| text.push_str(&format!("c{i:02},2024-01-{i:02},5\n")));
    let (out, warnings) = count(&file(folder.path(), &text));
    assert_eq!(out.snapshot, NaiveDate::from_ymd_opt(2024, 1, 21));
    assert_eq!(rows(&out)[19], ("c20", 1.0, 1.0, 5.0));
    assert!(warnings.iter().any(|w| w.contains("date cannot be read")), "{warnings:?}");
}

#[test]
fn a_refund_is_a_return_also_where_there_is_a_unit_price() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "customer,date,invoice,amount,unit_price\na,2024-01-01,1,50,5\na,2024-02-01,2,-20,5\nb,2024-01-03,3,10,5\n";
    let (out, _) = count(&file(folder.path(), text));
    assert_eq!(rows(&out), [("a", 32.0, 1.0, 30.0), ("b", 30.0, 1.0, 10.0)]);
}

#[test]
fn rows_without_an_invoice_number_are_a_visit_a_day_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "customer,date,invoice,amount\na,2024-01-01,,5\na,2024-01-01,,5\na,2024-01-02,,5\na,2024-01-02,77,5\nb,2024-01-03,78,5\n";
    let (out, warnings) = count(&file(folder.path(), text));
    assert_eq!(out.customers.frequency(), [3.0, 1.0]);
    assert!(warnings.iter().any(|w| w.contains("3 rows have no invoice number")), "{warnings:?}");
}

#[test]
fn the_last_step_of_the_funnel_is_what_the_customers_spent() {
    let shop = sample();
    for keep_inactive in [false, true] {
        for returns in Returns::ALL {
            let mut recipe = Recipe::for_file(&shop);
            recipe.clean.returns = *returns;
            recipe.rfm.window_days = Some(120);
            recipe.rfm.keep_inactive = keep_inactive;
            let (out, _) = count(&recipe);
            let spent: f64 = out.customers.monetary().iter().sum();
            let last = out.funnel.last().unwrap();
            assert!((last.amount - spent).abs() < 1e-6 * spent, "{returns} {keep_inactive}: {} {spent}", last.amount);
            assert_eq!(last.customers, out.customers.len());
        }
    }
}

#[test]
fn mixed_orders_of_day_and_month_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("customer,date,amount\n");
    for i in 0..60 {
        text.push_str(&format!("c{},{}/{}/2024,5\n", i % 9, i % 12 + 1, i % 28 + 1));
    }
    text.push_str("c1,25/3/2024,5\n");
    let (_, warnings) = count(&file(folder.path(), &text));
    assert!(warnings.iter().any(|w| w.contains("mix both")), "{warnings:?}");
}

#[test]
fn commas_that_may_be_decimal_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (out, warnings) =
        count(&file(folder.path(), "customer;date;amount\na;2024-01-01;5,800\nb;2024-01-02;91,240\n"));
    assert_eq!(out.customers.monetary(), [5800.0, 91240.0]);
    assert!(warnings.iter().any(|w| w.contains("thousands separators")), "{warnings:?}");
    let mut recipe = file(folder.path(), "customer;date;amount\na;2024-01-01;5,800\nb;2024-01-02;91,240\n");
    recipe.input.decimal = Some(',');
    let (out, warnings) = count(&recipe);
    assert_eq!(out.customers.monetary(), [5.8, 91.24]);
    assert!(!warnings.iter().any(|w| w.contains("read either way")), "{warnings:?}");
    let (out, _) = count(&file(folder.path(), "customer;date;amount\na;2024-01-01;5,80\nb;2024-01-02;1.091,2\n"));
    assert_eq!(out.customers.monetary(), [5.8, 1091.2]);
}

#[test]
fn long_ids_keep_every_digit() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("customer,date,amount\n");
    for i in 0..50u64 {
        text.push_str(&format!("{}.0,2024-01-0{},5\n", 12_345_678_901_234_560 + i, i % 9 + 1));
    }
    let (out, _) = count(&file(folder.path(), &text));
    assert_eq!(out.customers.len(), 50);
    assert_eq!(out.customers.ids[1], "12345678901234561");
}

#[test]
fn amounts_beyond_any_money_are_unreadable_not_equal() {
    let folder = tempfile::tempdir().unwrap();
    let text = "customer,date,amount\na,2024-01-01,1e31\nb,2024-01-02,5\nc,2024-01-03,7\n";
    let (out, warnings) = count(&file(folder.path(), text));
    assert_eq!(*out.customers.ids, ["b", "c"]);
    assert!(warnings.iter().any(|w| w.contains("amount cannot be read")), "{warnings:?}");
}

#[test]
fn an_empty_score_is_explained_by_what_caused_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("customer,date,amount\n");
    for i in 0..100 {
        let day = if i < 60 { "2024-01-01".to_string() } else { format!("2024-02-{:02}", i % 28 + 1) };
        text.push_str(&format!("c{i},{day},{}\n", i + 1));
    }
    let (_, warnings) = count(&file(folder.path(), &text));
    let recency = warnings.iter().find(|w| w.contains("recency score")).unwrap();
    assert!(recency.contains("60 customers share"), "{recency}");
}

/// The recipe that a run writes works from any folder.
#[test]
fn a_written_recipe_finds_its_file_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(sample(), folder.path().join("shop.csv")).unwrap();
    let recipe = Recipe {
        input: quintile::recipe::Input { files: vec!["shop.csv".into()], ..Default::default() },
        ..Recipe::default()
    };
    let path = folder.path().join("recipe.toml");
    std::fs::write(&path, recipe.to_toml()).unwrap();
    assert!(analyse(&Recipe::load(&path).unwrap()).is_ok());
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
    std::fs::write(&real, "old").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    quintile::export::write_file(&link, |out| out.write_all(b"new")).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
}

#[test]
fn a_calculated_column_is_no_amount_unless_the_user_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let text = "invoice,customer,date,product,quantity,price\n1,a,2024-01-02,x,2,10\n2,a,2024-02-02,y,1,2.5\n\
                3,b,2024-02-03,x,5,1\n4,b,2024-03-03,z,2,6\n5,c,2024-03-04,x,1,4\n";
    let plain = file(folder.path(), text);
    let run = |recipe: &Recipe| {
        let found = analyse(recipe).unwrap();
        let amount = found.roles.column(intake::Role::Amount).map(str::to_string);
        (amount, found.rfm.customers.monetary().to_vec())
    };
    assert_eq!(run(&plain), (None, vec![22.5, 17.0, 4.0]));
    for name in ["total", "amount", "revenue", "sales"] {
        let formula = Formula::Expression { expression: "quantity * 100".into() };
        let mut derived = plain.clone();
        derived.clean.steps = vec![StepKind::Calculate { name: name.into(), formula }.into()];
        assert_eq!(run(&derived), run(&plain), "{name}");
        derived.roles.amount = Some(name.into());
        assert_eq!(run(&derived), (Some(name.into()), vec![300.0, 700.0, 100.0]));
    }
}
