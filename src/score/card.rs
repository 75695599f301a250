//! One customer in words: values, scores with their cut points, segment, and the nearest two clusters.

use super::place::{NO_WORD, Placer};
use super::{Model, Scored, word};
use crate::format::{money, number, percent, short};
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// The card of the customer with this id, as lines; `None` where there is no such customer.
pub fn card(model: &Model, scored: &Scored, id: &str) -> Option<Vec<String>> {
    let row = scored.customers.ids.iter().position(|i| i == id.trim())?;
    let placer = Placer::new(model);
    let feature = |name: &str| scored.customers.features.iter().find(|f| f.name == name);
    let value = |name: &str| feature(name).map_or(f64::NAN, |f| f.values[row]);
    let mut out = vec![format!("Customer {id}")];
    if let Some(day) = scored.snapshot {
        out.push(format!("  looking back from {day}"));
    }
    let axes: Vec<&super::model::ModelAxis> = model.rfm.iter().flat_map(|rfm| &rfm.axes).collect();
    for f in &scored.customers.features {
        let text = match word(f, row) {
            Some(word) => word.to_string(),
            None => written(model, &f.name, f.values[row]),
        };
        let scored_as = axes.iter().position(|axis| axis.feature == f.name).map(|at| {
            let before: Vec<u8> = scored.scores[..at].iter().map(|scores| scores[row]).collect();
            let cuts = axes[at].cuts_for(&before).unwrap_or_default();
            let cuts: Vec<String> = cuts.iter().map(|cut| short(*cut)).collect();
            let good = if axes[at].low_is_good { ", low is good" } else { "" };
            match scored.scores[at][row] {
                0 => "no score".into(),
                score => format!("score {score} of {} (cut points {}{good})", cuts.len() + 1, cuts.join(", ")),
            }
        });
        out.push(format!("  {:<22} {text:>14}  {}", f.label, scored_as.unwrap_or_default()).trim_end().to_string());
    }
    if let Some(rfm) = &model.rfm {
        match rfm.segments.iter().find(|s| s.name == scored.segments[row]) {
            Some(segment) => {
                let said = [&segment.meaning, &segment.action].into_iter().filter(|t| !t.is_empty());
                let said: String = said.map(|t| format!(" {}", t.trim())).collect();
                out.push(format!("  RFM segment: {}.{said}", segment.name));
            }
            None => out.push("  RFM segment: none, as a value is missing.".into()),
        }
    }
    let values: Vec<f64> = model.features.iter().map(|f| value(&f.name)).collect();
    let of_word = |name: &String| feature(name).and_then(|f| word(f, row)).unwrap_or(NO_WORD);
    let words: Vec<&str> = model.placement.words.iter().map(of_word).collect();
    match placer.place(&values, &words) {
        Some(place) => out.extend(clusters(model, &placer, &place.clusters)),
        None => out.push("  Cluster: none, as a value is missing.".into()),
    }
    out.extend(beyond(model, scored, row));
    Some(out)
}

/// A value with its unit.
fn written(model: &Model, name: &str, value: f64) -> String {
    match name {
        _ if value.is_nan() => "none".into(),
        RECENCY => format!("{} days", short(value)),
        FREQUENCY => short(value),
        MONETARY => money(value, model.currency.as_deref()),
        _ => short(value),
    }
}

/// The nearest two clusters.
fn clusters(model: &Model, placer: &Placer, nearest: &[(usize, f64)]) -> Vec<String> {
    let name = |c: usize| format!("{} {}", model.clusters[c].cluster, model.clusters[c].segment);
    let (first, near) = nearest[0];
    let mut out = Vec::new();
    let own = &model.clusters[first];
    let second = nearest.get(1).copied();
    if placer.is_by_probability() {
        let next = second.map(|(c, p)| format!(", then {} with {}", name(c), percent(p))).unwrap_or_default();
        out.push(format!("  Cluster: {}, with a probability of {}{next}.", name(first), percent(near)));
    } else {
        let next = second.map(|(c, d)| format!("; next is {} at {}", name(c), number(d, 2))).unwrap_or_default();
        out.push(format!("  Cluster: {}, at a distance of {} from its centre{next}.", name(first), number(near, 2)));
    }
    if let Some((c, farther)) = second {
        let close = match placer.is_by_probability() {
            true => near < 0.6,
            false => near > 0.8 * farther,
        };
        out.push(if close {
            format!("  Close to the border: little would have to change for {}.", name(c))
        } else {
            "  Clearly within this cluster.".into()
        });
    }
    if !own.action.is_empty() {
        out.push(format!("  What to do: {}", own.action));
    }
    out
}

/// Values beyond what the analysis saw.
fn beyond(model: &Model, scored: &Scored, row: usize) -> Vec<String> {
    let outside = |spread: &super::Spread| {
        let (least, most) = spread.range()?;
        let value = scored.customers.features.iter().find(|f| f.name == spread.name)?.values[row];
        (value < least || value > most).then(|| {
            format!(
                "  {} is beyond what the analysis saw ({} to {}): the label is a guess.",
                spread.label,
                written(model, &spread.name, least),
                written(model, &spread.name, most)
            )
        })
    };
    model.training.features.iter().filter_map(outside).collect()
}
