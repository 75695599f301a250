//! A project or a recipe on another file without a window, and how columns are matched.

#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use program::{fails, json, ok, quintile, shop};
use quintile::ctx::Ctx;
use quintile::intake;
use quintile::project::remap::{How, Known, apply, plan, read, uses};
use quintile::project::{Project, save};
use quintile::recipe::{
    Aggregation, Calculation, CellType, CleanStep, Compare, FeatureChoice, Formula, History, KeepRow, Recipe, StepKind,
};

/// The sample shop under other column names.
fn renamed(folder: &Path, header: &str) -> PathBuf {
    let text = std::fs::read_to_string(shop()).unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    let path = folder.join("april.csv");
    std::fs::write(&path, format!("{header}\n{body}")).unwrap();
    path
}

fn project(folder: &Path, recipe: Recipe) -> PathBuf {
    let path = folder.join("shop.quintile");
    let history = History::new("Open shop.csv", recipe);
    let (runs, view, notes) = (Arc::default(), serde_json::Value::Null, String::new());
    save(&Project { history, runs, view, notes, data_inside: false, origin: None }, &path, &Ctx::silent()).unwrap();
    path
}

fn decided() -> Recipe {
    let mut recipe = Recipe::for_file(shop());
    let filter = StepKind::Filter { column: "Country".into(), op: Compare::NotEquals, values: vec!["Austria".into()] };
    recipe.clean.steps = vec![filter.into()];
    recipe.roles.customer_id = Some("CustomerID".into());
    recipe.cluster.k = quintile::recipe::KChoice::Fixed(4);
    recipe.cluster.references = 0;
    recipe.cluster.resamples = 0;
    let expression = "AVG(UnitPrice) * 2".to_string();
    recipe.features.calculate = vec![Calculation { name: "price".into(), formula: Formula::Expression { expression } }];
    recipe.features.columns = Some(["recency_days", "frequency", "monetary", "price"].map(String::from).to_vec());
    recipe
}

#[test]
fn a_project_runs_on_its_own_file_and_on_next_months_under_other_names_with_equal_output() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), decided());
    let out = |name: &str| folder.path().join(name).display().to_string();
    let customers = |name: &str| std::fs::read_to_string(folder.path().join(name).join("customers.csv")).unwrap();
    let project = project.to_str().unwrap();
    ok(&["run", project, "--out", &out("own")]);

    let next = renamed(folder.path(), "invoice no,Invoice Date,customer id,Article,Text,Pieces,unit_price,Land");
    let next = next.to_str().unwrap();
    let error = fails(&["run", project, next, "--out", &out("x")]);
    assert!(error.contains("no column \"Country\"") && error.contains("cleaning step 1"), "{error}");
    assert!(error.contains("Land") && error.contains("--column"), "{error}");
    let said = ok(&["run", project, next, "--column", "Country = Land", "--out", &out("next")]);
    assert!(said.contains("\"customer id\" is taken for \"CustomerID\" (same name, spelt differently)"), "{said}");
    assert!(said.contains("\"Land\" is taken for \"Country\" (chosen by you)"), "{said}");
    assert_eq!(customers("own"), customers("next"));
    let recipe = Recipe::load(&folder.path().join("next/recipe.toml")).unwrap();
    assert_eq!(recipe.clean.steps[0].what.columns(), ["Land"]);
    assert_eq!(json(folder.path().join("next/summary.json"))["roles"]["customer_id"], "customer id");

    // A recipe does the same, and names that differ in spelling alone need no flag.
    let spelt =
        renamed(folder.path(), "InvoiceNo,InvoiceDate,Customer ID,StockCode,Description,Quantity,UNIT PRICE,COUNTRY");
    let recipe = folder.path().join("own/recipe.toml");
    ok(&["run", "--recipe", recipe.to_str().unwrap(), spelt.to_str().unwrap(), "--out", &out("spelt")]);
    assert_eq!(customers("own"), customers("spelt"));
}

#[test]
fn mistakes_about_projects_and_columns_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), decided());
    let project = project.to_str().unwrap();
    let out = folder.path().join("out").display().to_string();
    let error = fails(&["run", project, &shop(), "--column", "Countri = Country", "--out", &out]);
    assert!(error.contains("needs no column \"Countri\"") && error.contains("Country"), "{error}");
    let error = fails(&["run", project, &shop(), "--column", "Country = Land", "--out", &out]);
    assert!(error.contains("the file has no column \"Land\""), "{error}");
    assert_eq!(quintile(&["run", project, "--column", "Country", "--out", &out]).status.code(), Some(2));
    let error = fails(&["run", project, "--recipe", "x.toml", "--out", &out]);
    assert!(error.contains("a project has a recipe of its own"), "{error}");
    std::fs::write(folder.path().join("bad.quintile"), "x").unwrap();
    let error = fails(&["run", folder.path().join("bad.quintile").to_str().unwrap(), "--out", &out]);
    assert!(error.contains("no Quintile project"), "{error}");
    assert!(!Path::new(&out).exists());
}

/// A recipe that mentions columns in every way there is, after steps that make and rename some.
fn mentions_everything() -> Recipe {
    let mut recipe = Recipe::for_file(shop());
    let expression = |text: &str| Formula::Expression { expression: text.into() };
    let steps = [
        StepKind::TidyText {
            columns: vec!["Country".into()],
            trim: true,
            collapse_spaces: true,
            case: Default::default(),
        },
        StepKind::Calculate { name: "line".into(), formula: expression("Quantity * UnitPrice") },
        StepKind::Filter { column: "line".into(), op: Compare::Greater, values: vec!["0".into()] },
        StepKind::RenameColumn { from: "Country".into(), to: "Market".into() },
        StepKind::DropDuplicates { columns: vec!["Market".into(), "InvoiceNo".into()], keep: KeepRow::First },
        StepKind::ChangeType { column: "StockCode".into(), to: CellType::Text, decimal: None, date_format: None },
    ];
    recipe.clean.steps = steps.map(CleanStep::from).into();
    recipe.roles.amount = Some("line".into());
    recipe.features.calculate = vec![
        Calculation { name: "ratio".into(), formula: expression("monetary / SUM(quantity)") },
        Calculation {
            name: "prices".into(),
            formula: Formula::Aggregate { column: "UnitPrice".into(), how: Aggregation::Mean, value: None },
        },
    ];
    recipe.features.each.insert("prices".into(), FeatureChoice::default());
    recipe
}

#[test]
fn every_mention_of_a_column_is_found_and_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = mentions_everything();
    let needed = uses(&recipe, None);
    let names: Vec<&str> = needed.iter().map(|u| u.column.as_str()).collect();
    assert_eq!(names, ["Country", "Quantity", "UnitPrice", "InvoiceNo", "StockCode"], "and none that the steps make");
    let path = renamed(folder.path(), "bill,when,who,code,what,amount of,\"price, each\",place");
    let (input, there, head) = read(&recipe, vec![path.clone()], &Ctx::silent()).unwrap();
    assert!(!head);
    let old = intake::read(&recipe.input, &Ctx::silent()).unwrap();
    let known = Known { table: Some(&old.table), roles: None };
    let mut plan = plan(&recipe, known, input, &there, head, &Ctx::silent()).unwrap();
    for (column, new) in [
        ("Country", "place"),
        ("Quantity", "amount of"),
        ("UnitPrice", "price, each"),
        ("InvoiceNo", "bill"),
        ("StockCode", "code"),
    ] {
        let at = plan.columns.iter().position(|m| m.needed.column == column).unwrap();
        plan.choose(at, Some(new.into()));
    }
    assert!(plan.can_run());
    assert!(plan.missing.contains(&"Description".to_string()), "{:?}", plan.missing);
    assert!(plan.new.contains(&"who".to_string()), "{:?}", plan.new);
    let after = apply(&recipe, &plan, None);
    assert_eq!(after.input.files, [path]);
    let sentences: Vec<String> = after.clean.steps.iter().map(|s| s.what.sentence()).collect();
    assert!(sentences[0].contains("place"), "{sentences:?}");
    assert!(sentences[1].contains("\"amount of\" * \"price, each\""), "{sentences:?}");
    assert!(sentences[2].contains("line"), "{sentences:?}");
    assert_eq!(after.clean.steps[3].what, StepKind::RenameColumn { from: "place".into(), to: "Market".into() });
    assert_eq!(after.clean.steps[4].what.columns(), ["Market", "bill"]);
    assert_eq!(after.clean.steps[5].what.columns(), ["code"]);
    assert_eq!(after.roles.amount.as_deref(), Some("line"));
    assert_eq!(
        after.features.calculate[0].formula,
        Formula::Expression { expression: "monetary / SUM(\"amount of\")".into() }
    );
    assert_eq!(after.features.calculate[1].formula.columns(), ["price, each"]);
    assert!(after.features.each.contains_key("prices"));
}

#[test]
fn columns_are_found_by_spelling_role_and_values_and_another_type_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe::for_file(shop());
    let old = intake::read(&recipe.input, &Ctx::silent()).unwrap();
    let roles = intake::roles::find(&old.table, &recipe.roles, &Ctx::silent()).unwrap();
    let known = Known { table: Some(&old.table), roles: Some(&roles) };
    let planned = |header: &str| {
        let path = renamed(folder.path(), header);
        let (input, there, head) = read(&recipe, vec![path], &Ctx::silent()).unwrap();
        plan(&recipe, known, input, &there, head, &Ctx::silent()).unwrap()
    };
    let how = |header: &str, column: &str| {
        planned(header).columns.iter().find(|m| m.needed.column == column).unwrap().to.clone()
    };
    let same = "InvoiceNo,InvoiceDate,CustomerID,StockCode,Description,Quantity,UnitPrice,Country";
    assert!(planned(same).is_plain());
    let to = |name: &str, how: How| Some((name.to_string(), how));
    assert_eq!(
        how("invoice no.,x,customer_id,StockCode,Description,QUANTITY,UnitPrice,Country", "CustomerID"),
        to("customer_id", How::Spelling)
    );
    assert_eq!(
        how("Bestellnummer,Datum,Kundennummer,Artikel,Text,Menge,Preis,Land", "CustomerID"),
        to("Kundennummer", How::Role)
    );
    assert_eq!(how("a,b,c,d,e,f,g,h", "CustomerID"), to("c", How::Values));
    assert_eq!(how("a,b,c,d,e,f,g,h", "StockCode"), to("d", How::Values));
    assert_eq!(how("a,b,c,d,e,f,g,h", "InvoiceDate"), to("b", How::Role), "the only column of dates");

    // The name of the price stands above texts.
    let swapped = planned("InvoiceNo,InvoiceDate,CustomerID,StockCode,UnitPrice,Quantity,Description,Country");
    let price = swapped.columns.iter().find(|m| m.needed.column == "UnitPrice").unwrap();
    assert!(price.changed.is_some(), "{price:?}");
    assert!(!swapped.is_plain());
}
