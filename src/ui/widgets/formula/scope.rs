//! What a formula may use, and where the values of it come from.

use std::rc::Rc;
use std::sync::Arc;

use super::way::Way;
use crate::app::{Level, suggest};
use crate::clean::Prepared;
use crate::features::look::frequent_words;
use crate::intake::Column;
use crate::intake::kind::ColumnKind;
use crate::rfm::{Feature, RfmOut, Unit};
use crate::ui::scene::Scene;

/// Values of a column that are offered.
const MOST_VALUES: usize = 60;

/// What the values of a name are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    Words,
    Date,
}

impl Kind {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Words => "words",
            Kind::Date => "date",
        }
    }
}

/// A column or feature that a formula may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub name: String,
    pub kind: Kind,
    /// A column has a value per row, a feature one per customer.
    pub of: Level,
    /// What it is, in a sentence; may be empty.
    pub hint: String,
}

/// Where a formula stands: a column among the cleaning steps, or a feature.
#[derive(Debug, Clone)]
pub struct Scope {
    pub level: Level,
    pub names: Vec<Name>,
    prepared: Arc<Prepared>,
    /// The place among the cleaning steps; columns are as they are when its turn comes.
    at: usize,
    rfm: Option<Arc<RfmOut>>,
}

impl Scope {
    /// A column of the table, made at place `at` of the cleaning steps.
    pub fn rows(prepared: &Arc<Prepared>, at: usize) -> Scope {
        let names = prepared.table_before(at).columns.iter().filter_map(|c| of_column(c)).collect();
        Scope { level: Level::Rows, names, prepared: prepared.clone(), at, rfm: None }
    }

    /// A feature of every customer, from other features and from the rows of the table; where the table has one row
    /// each, its columns describe customers as features do.
    pub fn customers(prepared: &Arc<Prepared>, rfm: &Arc<RfmOut>, features: &[&Feature], one_row_each: bool) -> Scope {
        let at = prepared.steps().len();
        let of = if one_row_each { Level::Customers } else { Level::Rows };
        let mut names: Vec<Name> = features.iter().map(|f| of_feature(f)).collect();
        let columns = prepared.table_before(at).columns.iter().filter_map(|c| of_column(c));
        let columns = columns.map(|c| Name { of, ..c });
        // A column that became a feature under its own name is that feature.
        let columns: Vec<Name> = columns.filter(|c| names.iter().all(|n| n.name != c.name)).collect();
        names.extend(columns);
        Scope { level: Level::Customers, names, prepared: prepared.clone(), at, rfm: Some(rfm.clone()) }
    }

    /// Names of one value per row or customer, as this scope has them, of one of these kinds.
    pub fn own<'s>(&'s self, kinds: &'static [Kind]) -> impl Iterator<Item = &'s Name> {
        self.names.iter().filter(move |n| n.of == self.level && kinds.contains(&n.kind))
    }

    /// Columns of the table, for aggregates.
    pub fn columns(&self) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(|n| n.of == Level::Rows)
    }

    /// The forms for which there is something to fill in.
    pub fn forms(&self) -> Vec<Way> {
        let all = Way::forms(self.level).iter().copied();
        all.filter(|way| match way {
            Way::Aggregate => self.columns().next().is_some(),
            way => self.own(way.kinds()).next().is_some(),
        })
        .collect()
    }

    /// The most frequent values of a name with how often they occur; `None` while they are counted.
    pub fn frequent(&self, ctx: &egui::Context, scene: &mut Scene, name: &str) -> Option<Rc<Vec<(String, usize)>>> {
        let feature = self.rfm.as_ref().filter(|_| self.level == Level::Customers).and_then(|rfm| {
            let at = rfm.customers.features.iter().position(|f| f.name == name && f.names.is_some())?;
            Some((rfm.clone(), at))
        });
        let found = match feature {
            Some(input) => scene.cache.follow("frequent words", input, ctx, |(rfm, at), _| {
                Some(frequent_words(&rfm.customers.features[*at], MOST_VALUES))
            }),
            None => {
                let input = (self.prepared.clone(), self.at, name.to_string());
                scene.cache.follow("frequent values", input, ctx, |(prepared, at, column), _| {
                    Some(suggest::frequent_values(prepared, *at, column, MOST_VALUES))
                })
            }
        };
        found.value.filter(|_| found.current)
    }
}

fn of_column(column: &Column) -> Option<Name> {
    let kind = match column.kind {
        ColumnKind::Empty => return None,
        ColumnKind::Text => Kind::Words,
        ColumnKind::Number { .. } => Kind::Number,
        ColumnKind::Date { .. } => Kind::Date,
    };
    Some(Name { name: column.name.clone(), kind, of: Level::Rows, hint: String::new() })
}

fn of_feature(feature: &Feature) -> Name {
    let kind = if feature.unit == Unit::Words { Kind::Words } else { Kind::Number };
    let hint = format!("{}. {}", feature.label, feature.definition);
    Name { name: feature.name.clone(), kind, of: Level::Customers, hint }
}
