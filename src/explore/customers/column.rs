//! One column of the table of customers, and its values as they lie in memory.

use std::borrow::Cow;

use super::CustomerSheet;
use crate::rfm::{Feature, Unit};

/// A column by its meaning, so that it stays the same one when the analysis is made again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CustomerColumn {
    Id,
    /// A feature by its name.
    Feature(String),
    /// The score of recency (0), frequency (1) or monetary (2).
    Score(usize),
    RfmSegment,
    Cluster,
}

/// The values of a column, one per customer.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    Texts(&'a [String]),
    /// NaN where there is none.
    Numbers(&'a [f64]),
    /// Places in `names`; NaN where there is none.
    Words {
        places: &'a [f64],
        names: &'a [String],
    },
    /// Scores, 1 to `most`.
    Scores {
        scores: &'a [u8],
        most: u8,
    },
    /// Places in a list of segments.
    Segments {
        places: &'a [u8],
        names: Vec<&'a str>,
    },
    /// Places in a list of clusters.
    Clusters {
        places: &'a [u32],
        names: Vec<&'a str>,
    },
}

impl<'a> Values<'a> {
    /// The values of `column`; `None` where the sheet has no such column.
    pub fn of(sheet: &'a CustomerSheet, column: &CustomerColumn) -> Option<Values<'a>> {
        let rfm = &*sheet.rfm;
        Some(match column {
            CustomerColumn::Id => Values::Texts(&rfm.customers.ids),
            CustomerColumn::Feature(name) => {
                let feature = rfm.customers.features.iter().find(|f| f.name == *name)?;
                match &feature.names {
                    Some(names) => Values::Words { places: &feature.values, names },
                    None => Values::Numbers(&feature.values),
                }
            }
            CustomerColumn::Score(axis) => {
                let axis = rfm.scores.get(*axis)?;
                Values::Scores { scores: &axis.scores, most: axis.sizes.len() as u8 }
            }
            CustomerColumn::RfmSegment if rfm.segment.is_empty() => return None,
            CustomerColumn::RfmSegment => {
                let names = rfm.map.segments.iter().map(|s| s.name.as_str()).collect();
                Values::Segments { places: &rfm.segment, names }
            }
            CustomerColumn::Cluster => {
                let (chosen, profiles) = sheet.clusters.as_ref()?;
                let names = profiles.iter().map(|p| p.name.as_str()).collect();
                Values::Clusters { places: &chosen.clustering.labels, names }
            }
        })
    }

    /// Whether it is a number that can be compared, as opposed to a text or a name.
    pub fn is_number(&self) -> bool {
        matches!(self, Values::Numbers(_))
    }

    /// The number of a customer; NaN where there is none or it is no column of numbers. Scores are numbers.
    pub fn number(&self, customer: usize) -> f64 {
        match self {
            Values::Numbers(values) => values[customer],
            Values::Scores { scores, .. } => f64::from(scores[customer]),
            _ => f64::NAN,
        }
    }

    /// Which of the names a customer has; `None` where there is none or the column has no names.
    pub fn code(&self, customer: usize) -> Option<usize> {
        match self {
            Values::Words { places, .. } => {
                let place = places[customer];
                (place >= 0.0).then_some(place as usize)
            }
            Values::Scores { scores, .. } => Some(usize::from(scores[customer]).saturating_sub(1)),
            Values::Segments { places, .. } => Some(usize::from(places[customer])),
            Values::Clusters { places, .. } => Some(places[customer] as usize),
            Values::Texts(_) | Values::Numbers(_) => None,
        }
    }

    /// How many names there are.
    pub fn names(&self) -> usize {
        match self {
            Values::Words { names, .. } => names.len(),
            Values::Scores { most, .. } => usize::from(*most),
            Values::Segments { names, .. } | Values::Clusters { names, .. } => names.len(),
            Values::Texts(_) | Values::Numbers(_) => 0,
        }
    }

    /// A name by its place.
    pub fn name(&self, code: usize) -> Cow<'a, str> {
        match self {
            Values::Words { names, .. } => names.get(code).map_or("", String::as_str).into(),
            Values::Scores { .. } => (code + 1).to_string().into(),
            Values::Segments { names, .. } | Values::Clusters { names, .. } => {
                names.get(code).copied().unwrap_or_default().into()
            }
            Values::Texts(_) | Values::Numbers(_) => "".into(),
        }
    }

    /// The text of a customer in a column of texts or names; empty where there is none.
    pub fn text(&self, customer: usize) -> Cow<'a, str> {
        match self {
            Values::Texts(texts) => texts[customer].as_str().into(),
            _ => self.code(customer).map_or("".into(), |code| self.name(code)),
        }
    }
}

impl CustomerColumn {
    /// The feature it shows, if it shows one.
    pub fn feature<'a>(&self, sheet: &'a CustomerSheet) -> Option<&'a Feature> {
        match self {
            CustomerColumn::Feature(name) => sheet.rfm.customers.features.iter().find(|f| f.name == *name),
            _ => None,
        }
    }

    /// Words for its head.
    pub fn label(&self, sheet: &CustomerSheet) -> String {
        match self {
            CustomerColumn::Id => "Customer".into(),
            CustomerColumn::Feature(name) => self.feature(sheet).map_or(name.as_str(), |f| f.label.as_str()).into(),
            CustomerColumn::Score(axis) => format!("{} score", ["R", "F", "M"][(*axis).min(2)]),
            CustomerColumn::RfmSegment => "RFM segment".into(),
            CustomerColumn::Cluster => "Cluster".into(),
        }
    }

    /// The same for the head of a narrow column.
    pub fn short_label(&self, sheet: &CustomerSheet) -> String {
        match self {
            CustomerColumn::Score(axis) => ["R", "F", "M"][(*axis).min(2)].into(),
            _ => self.label(sheet),
        }
    }

    /// One sentence: what it is and how it is counted.
    pub fn definition(&self, sheet: &CustomerSheet) -> String {
        let most = sheet.rfm.map.scores;
        match self {
            CustomerColumn::Id => "Customer id as in the file".into(),
            CustomerColumn::Feature(name) => {
                self.feature(sheet).map_or(name.as_str(), |f| f.definition.as_str()).into()
            }
            CustomerColumn::Score(axis) => {
                let name = ["recency", "frequency", "monetary"][(*axis).min(2)];
                let most = sheet.rfm.scores.get(*axis).map_or(most.into(), |a| a.sizes.len());
                format!("Score of {name}, 1 to {most}; {most} is best")
            }
            CustomerColumn::RfmSegment => format!("Segment by the scores: {}", sheet.rfm.map.title),
            CustomerColumn::Cluster => "Segment found by clustering, in order of value".into(),
        }
    }

    /// Its name in files.
    pub fn file_name(&self) -> String {
        match self {
            CustomerColumn::Id => "customer_id".into(),
            CustomerColumn::Feature(name) => name.clone(),
            CustomerColumn::Score(axis) => format!("{}_score", ["r", "f", "m"][(*axis).min(2)]),
            CustomerColumn::RfmSegment => "rfm_segment".into(),
            CustomerColumn::Cluster => "segment".into(),
        }
    }

    /// What its numbers count.
    pub fn unit(&self, sheet: &CustomerSheet) -> Unit {
        match self {
            CustomerColumn::Score(_) => Unit::Count,
            CustomerColumn::Feature(_) => self.feature(sheet).map_or(Unit::Number, |f| f.unit),
            _ => Unit::Words,
        }
    }
}
