//! Every feature there is: those of the customer table, those that could be added to it, and the user's own.

use std::sync::Arc;

use crate::clean::Prepared;
use crate::intake::RolesOut;
use crate::intake::kind::ColumnKind;
use crate::recipe::{Calculation, Formula};
use crate::rfm::{FREQUENCY, Feature, MONETARY, RECENCY, RfmOut, Unit};

/// Where a feature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Its place in the customer table.
    Table(usize),
    /// Its place among the ready-made ones.
    ReadyMade(usize),
    /// Its place among the columns of words of a table with one row per customer; the values are those of the table's
    /// rows, not of the customers.
    Column(usize),
}

/// One feature with what the panel knows about it.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub feature: &'a Feature,
    pub group: &'static str,
    /// Where its values for drawing are; ready-made ones stay the same while others are chosen.
    pub source: Source,
    /// The calculation of the recipe that makes it.
    pub own: Option<usize>,
    pub chosen: bool,
}

impl Item<'_> {
    /// Whether it is a feature with a value per customer.
    pub fn is_feature(&self) -> bool {
        !matches!(self.source, Source::Column(_))
    }

    /// Whether it can be clustered by: words have to be encoded first.
    pub fn is_number(&self) -> bool {
        self.feature.unit != Unit::Words
    }

    /// Whether it is meant by what somebody searches for.
    pub fn fits(&self, search: &str) -> bool {
        let search = search.trim().to_lowercase();
        let f = self.feature;
        [&f.name, &f.label, &f.definition].iter().any(|text| text.to_lowercase().contains(&search))
            || self.group.to_lowercase().contains(&search)
    }
}

/// Columns with more different words are names rather than kinds.
const MOST_WORDS: usize = 50;

/// Groups of the catalogue in their order, beside those of the ready-made features.
pub const RFM: &str = "Recency, frequency, monetary";
pub const COLUMNS: &str = "Columns of the table";
pub const OWN: &str = "Your own";

/// All features, those of the customer table first. `chosen` are the names that are clustered by.
pub fn all<'a>(
    rfm: &'a RfmOut,
    ready: &'a [Feature],
    words: &'a [Feature],
    calculate: &[Calculation],
    chosen: &[String],
    group: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Item<'a>> {
    let own = |name: &str| calculate.iter().position(|c| makes(c, name));
    let table = rfm.customers.features.iter().enumerate();
    let table = table.map(|(i, feature)| {
        let same = ready.iter().position(|f| f.name == feature.name);
        (feature, same.map_or(Source::Table(i), Source::ReadyMade))
    });
    let others = ready.iter().enumerate().filter(|(_, f)| rfm.customers.features.iter().all(|g| g.name != f.name));
    let others = others.map(|(i, feature)| (feature, Source::ReadyMade(i)));
    let item = |(feature, source): (&'a Feature, Source)| {
        let name = feature.name.as_str();
        let own = own(name);
        let group = match name {
            _ if own.is_some() => OWN,
            RECENCY | FREQUENCY | MONETARY => RFM,
            _ => group(name).unwrap_or(COLUMNS),
        };
        Item { feature, group, source, own, chosen: is_named(feature, chosen) }
    };
    let words = words.iter().enumerate().map(|(i, feature)| (feature, Source::Column(i)));
    table.chain(others).chain(words).map(item).collect()
}

/// Columns of words of a table with one row per customer, as far as they have few enough different ones to be encoded.
pub fn word_columns(prepared: &Prepared, roles: &RolesOut) -> Vec<Feature> {
    if !roles.shape.is_of_customers() {
        return Vec::new();
    }
    let id = roles.shape.id.as_deref();
    let columns = prepared.table.columns.iter().filter(|c| c.kind == ColumnKind::Text && Some(c.name.as_str()) != id);
    let few = columns.filter(|c| (2..=MOST_WORDS).contains(&c.distinct()));
    few.map(|column| {
        let missing = column.missing_rule();
        let names: Vec<String> = column.dict.iter().map(String::from).collect();
        let values: Vec<f64> = names
            .iter()
            .enumerate()
            .map(|(code, text)| if missing.is_missing(text) { f64::NAN } else { code as f64 })
            .collect();
        let values = column.codes.iter().map(|&code| values[code as usize]).collect();
        let definition = "A column of words; it can be encoded as columns of 0 and 1, or as places in an order.";
        let mut feature = Feature::new(&column.name, &column.name, definition, Unit::Words, values);
        feature.names = Some(Arc::new(names));
        feature
    })
    .collect()
}

/// Whether one of the names means this feature.
pub fn is_named(feature: &Feature, names: &[String]) -> bool {
    let loose = |text: &str| text.trim().to_lowercase();
    names.contains(&feature.name)
        || names.iter().any(|n| loose(n) == loose(&feature.name) || loose(n) == loose(&feature.label))
}

/// Whether a calculation makes the feature of this name.
pub fn makes(calculation: &Calculation, feature: &str) -> bool {
    match calculation.formula {
        Formula::OneHot { .. } => {
            feature.strip_prefix(calculation.name.as_str()).is_some_and(|rest| rest.starts_with('_'))
        }
        _ => calculation.name == feature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_one_hot_encoding_belong_to_it() {
        let formula = Formula::OneHot { column: "Country".into(), values: Vec::new(), most: None };
        let country = Calculation { name: "country".into(), formula };
        assert!(makes(&country, "country_France"));
        assert!(!makes(&country, "countryside"));
        let formula = Formula::Expression { expression: "1".into() };
        let one = Calculation { name: "one".into(), formula };
        assert!(makes(&one, "one") && !makes(&one, "one_more"));
    }
}
