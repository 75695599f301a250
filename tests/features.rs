//! Features: ready-made ones against pandas, calculated ones against independent computation, and mistakes with their
//! places.

#[path = "features/calculated.rs"]
mod calculated;
mod common;
#[path = "features/engagement.rs"]
mod engagement;
#[path = "features/expressions.rs"]
mod expressions;

#[path = "features/command_line.rs"]
mod command_line;
#[path = "features/prepared.rs"]
mod prepared;

use std::io::Write;

use quintile::clean::{CleanOut, Prepared, clean_prepared};
use quintile::ctx::Ctx;
use quintile::features::{self, Known};
use quintile::intake::{self, RolesOut, Table};
use quintile::recipe::{Calculation, CleanStep, Formula, Recipe, StepKind};
use quintile::rfm::{Feature, RfmOut};

/// A file of sales as far as the customers.
pub struct Shop {
    pub recipe: Recipe,
    pub prepared: Prepared,
    pub roles: RolesOut,
    pub clean: CleanOut,
    pub counted: RfmOut,
}

impl Shop {
    /// From a recipe whose file is there.
    pub fn of(recipe: Recipe) -> Shop {
        let ctx = Ctx::silent();
        let table = intake::read(&recipe.input, &ctx).unwrap().table;
        let prepared = quintile::clean::prepare(&table, &recipe.clean.steps, &ctx).unwrap();
        let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx).unwrap();
        let clean = clean_prepared(&prepared, &roles, &recipe.clean, recipe.rfm.snapshot, &ctx).unwrap();
        let counted = quintile::rfm::rfm(&clean, &recipe.rfm, &recipe.clean, &ctx).unwrap();
        Shop { recipe, prepared, roles, clean, counted }
    }

    /// From text, as changed by `decide`.
    pub fn from_csv(text: &str, decide: impl Fn(&mut Recipe)) -> Shop {
        let file = file(text);
        let mut recipe = Recipe::for_file(file.path());
        decide(&mut recipe);
        Shop::of(recipe)
    }

    pub fn known(&self) -> Known<'_> {
        Known { prepared: &self.prepared, roles: &self.roles, clean: &self.clean }
    }

    /// The features that calculations give, by name.
    pub fn calculated(&self, calculate: Vec<Calculation>) -> quintile::error::Result<RfmOut> {
        let mut recipe = self.recipe.clone();
        recipe.features.calculate = calculate;
        features::enrich(&self.known(), &self.counted, &recipe, &Ctx::silent())
    }

    pub fn expression(&self, expression: &str) -> quintile::error::Result<Feature> {
        let out = self.calculated(vec![calculation("new", by(expression))])?;
        Ok(out.customers.features.last().unwrap().clone())
    }
}

/// A temporary CSV file.
pub fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub fn by(expression: &str) -> Formula {
    Formula::Expression { expression: expression.into() }
}

pub fn calculation(name: &str, formula: Formula) -> Calculation {
    Calculation { name: name.into(), formula }
}

/// The table that a file holds.
pub fn table(text: &str) -> Table {
    let file = file(text);
    intake::read(&Recipe::for_file(file.path()).input, &Ctx::silent()).unwrap().table
}

/// The texts of the columns that a calculation adds.
pub fn added(table: &Table, name: &str, formula: Formula) -> Vec<(String, Vec<String>)> {
    let step = CleanStep::from(StepKind::Calculate { name: name.into(), formula });
    let out = quintile::clean::prepare(table, &[step], &Ctx::silent()).unwrap();
    assert_eq!(out.effects[0].error, None);
    let texts = |c: &intake::Column| (0..out.table.rows).map(|row| c.text(row).to_string()).collect();
    out.table.columns[table.columns.len()..].iter().map(|c| (c.name.clone(), texts(c))).collect()
}

/// A word or number per customer; empty where missing.
pub fn texts(feature: &Feature) -> Vec<String> {
    let text = |v: &f64| match &feature.names {
        _ if v.is_nan() => String::new(),
        Some(names) => names[*v as usize].clone(),
        None => v.to_string(),
    };
    feature.values.iter().map(text).collect()
}
