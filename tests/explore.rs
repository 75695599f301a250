//! Answers of Explore against pandas, against brute force, and on data that is not as it should be (origin of the
//! numbers: `tests/golden/README.md`).

mod common;
#[path = "explore/messy.rs"]
mod messy;
#[path = "explore/pandas.rs"]
mod pandas;
#[path = "explore/picking.rs"]
mod picking;
#[path = "explore/properties.rs"]
mod properties;

use std::path::Path;
use std::sync::Arc;

use quintile::chart::{Chart, Data, Marks, Values};
use quintile::clean;
use quintile::ctx::Ctx;
use quintile::explore::{Answer, Question, Source, Subject, Summary, answer};
use quintile::intake;
use quintile::recipe::Recipe;
use quintile::rfm;

/// Everything that questions are asked about, as the pipeline makes it.
fn subject(recipe: Recipe) -> Subject {
    let ctx = Ctx::silent();
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let prepared = clean::prepare(&read.table, &recipe.clean.steps, &ctx).unwrap();
    let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx).unwrap();
    let of_customers = roles.shape.is_of_customers();
    let clean = if of_customers {
        rfm::clean_customers(&prepared, &roles, &ctx).unwrap()
    } else {
        clean::clean_prepared(&prepared, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap()
    };
    let rfm = if of_customers {
        rfm::Given { table: &prepared.left(), roles: &roles, clean: &clean }.customers(&recipe, &ctx).unwrap()
    } else {
        rfm::rfm(&clean, &recipe.rfm, &recipe.clean, &ctx).unwrap()
    };
    Subject {
        recipe: Arc::new(recipe),
        prepared: Arc::new(prepared),
        roles: Arc::new(roles),
        clean: Arc::new(clean),
        rfm: Arc::new(rfm),
        more: Arc::default(),
        clusters: None,
    }
}

fn of_text(text: &str) -> Subject {
    let folder = tempfile::tempdir().unwrap();
    of_file(folder.path(), text)
}

fn of_file(folder: &Path, text: &str) -> Subject {
    let path = folder.join("x.csv");
    std::fs::write(&path, text).unwrap();
    subject(Recipe::for_file(path))
}

fn summaries(subject: &Subject, source: Source) -> Arc<Vec<Summary>> {
    match answer(subject, &Question::Summaries { source }, None, &Ctx::silent()).unwrap() {
        Answer::Summaries(all) => all,
        _ => panic!("summaries are no chart"),
    }
}

fn charts(subject: &Subject, question: &Question, selection: Option<&[u32]>) -> Vec<Arc<Chart>> {
    match answer(subject, question, selection, &Ctx::silent()).unwrap() {
        Answer::Chart(chart) => vec![chart],
        Answer::Charts(charts) => charts,
        Answer::Summaries(_) => panic!("a chart was asked for"),
    }
}

/// The only chart of an answer.
fn chart(subject: &Subject, question: &Question) -> Arc<Chart> {
    let charts = charts(subject, question, None);
    assert_eq!(charts.len(), 1);
    charts[0].clone()
}

/// A column of numbers of a chart's data.
fn column(data: &Data, name: &str) -> Arc<Vec<f64>> {
    match data.columns.iter().find(|(n, _)| n == name) {
        Some((_, Values::Number(numbers))) => numbers.clone(),
        _ => panic!("no numbers called {name} among {:?}", data.columns.iter().map(|(n, _)| n).collect::<Vec<_>>()),
    }
}

/// A column of texts of a chart's data.
fn texts(data: &Data, name: &str) -> Vec<String> {
    match data.columns.iter().find(|(n, _)| n == name) {
        Some((_, Values::Text(texts))) => texts.clone(),
        _ => panic!("no texts called {name}"),
    }
}

fn assert_near(got: f64, expected: f64, what: &str) {
    let near = (got - expected).abs() <= 1e-9 * expected.abs() || (got.is_nan() && expected.is_nan());
    assert!(near, "{what}: {got} instead of {expected}");
}

fn why_empty(chart: &Chart) -> Option<&str> {
    match &chart.marks {
        Marks::Empty(why) => Some(why),
        _ => None,
    }
}
