//! Names and sentences for clusters of whose purchases nothing is known: their most telling differences.

use super::FeatureSummary;
use super::describe::Words;
use crate::features::FeatureMatrix;
use crate::format;
use crate::rfm::score::quantile;
use crate::rfm::{FREQUENCY, Feature, RECENCY, RfmOut};

/// A difference of fewer standard deviations from everyone is not worth a name.
const TELLING: f64 = 0.35;
/// A second feature is named when its difference is at least this share of the first one's.
const NEARLY_AS_TELLING: f64 = 0.4;
/// A difference of so many standard deviations is a large one.
const LARGE: f64 = 1.5;
/// Features in a sentence.
const IN_A_SENTENCE: usize = 3;

/// A name and a sentence per cluster. The names are distinct: where the two most telling differences are not enough,
/// more are added, and a number only in the end. `summaries` has one list per cluster, in the order of the table's
/// features. No action is recommended: numbers of any kind do not say what to do.
pub(super) fn words(rfm: &RfmOut, matrix: &FeatureMatrix, summaries: &[Vec<FeatureSummary>]) -> Vec<Words> {
    let features = &rfm.customers.features;
    let clustered: Vec<usize> =
        matrix.columns.iter().filter_map(|c| features.iter().position(|f| f.name == c.name)).collect();
    let everyone: Vec<f64> = clustered.iter().map(|&at| median(&features[at].values)).collect();
    let ranked: Vec<Vec<usize>> = summaries.iter().map(|s| by_difference(s, &clustered)).collect();
    let names = names(features, summaries, &ranked);
    let describe = |(cluster, name): (usize, String)| {
        let parts: Vec<String> = ranked[cluster]
            .iter()
            .take(IN_A_SENTENCE)
            .map(|&at| {
                let all = clustered.iter().position(|&c| c == at).map_or(f64::NAN, |i| everyone[i]);
                let own = format::short(summaries[cluster][at].median);
                format!("{} {own} (everyone {})", features[at].label, format::short(all))
            })
            .collect();
        let description = format!("Medians: {}.", parts.join(", "));
        Words { name, description, ..Words::default() }
    };
    names.into_iter().enumerate().map(describe).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The clustered features, largest difference first; the earlier one of equals.
fn by_difference(summary: &[FeatureSummary], clustered: &[usize]) -> Vec<usize> {
    let mut order = clustered.to_vec();
    order.sort_by(|&a, &b| summary[b].difference.abs().total_cmp(&summary[a].difference.abs()).then(a.cmp(&b)));
    order
}

fn names(features: &[Feature], summaries: &[Vec<FeatureSummary>], ranked: &[Vec<usize>]) -> Vec<String> {
    if summaries.len() == 1 {
        return vec!["All customers".into()];
    }
    // How many differences each name has.
    let mut lengths: Vec<usize> = summaries
        .iter()
        .zip(ranked)
        .map(|(summary, ranked)| {
            let size = |i: usize| ranked.get(i).map_or(0.0, |&at| summary[at].difference.abs());
            match (size(0), size(1)) {
                (first, _) if first < TELLING => 0,
                (first, second) if second < TELLING || second < NEARLY_AS_TELLING * first => 1,
                _ => 2,
            }
        })
        .collect();
    let parts = |cluster: usize, length: usize| -> Vec<String> {
        let of = |&at: &usize| part(&features[at], summaries[cluster][at].difference);
        ranked[cluster].iter().take(length).map(of).collect()
    };
    // The same parts in another order are the same name to a reader.
    let meaning = |cluster: usize, length: usize| {
        let mut parts = parts(cluster, length);
        parts.sort();
        parts
    };
    let most = ranked.first().map_or(0, Vec::len).min(4);
    for _ in 0..most {
        let now: Vec<Vec<String>> = lengths.iter().enumerate().map(|(i, &n)| meaning(i, n)).collect();
        for (i, length) in lengths.iter_mut().enumerate() {
            let shared = now.iter().filter(|other| **other == now[i]).count() > 1;
            *length += usize::from(shared && *length < most);
        }
    }
    let meanings: Vec<Vec<String>> = lengths.iter().enumerate().map(|(i, &n)| meaning(i, n)).collect();
    let name = |i: usize| {
        let text = if lengths[i] == 0 { "near the average".to_string() } else { parts(i, lengths[i]).join(", ") };
        let mut letters = text.chars();
        let name: String =
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        match meanings[..i].iter().filter(|other| **other == meanings[i]).count() {
            0 => name,
            before => format!("{name} ({})", before + 1),
        }
    };
    (0..summaries.len()).map(name).collect()
}

/// "high annual income", "low spending score".
fn part(feature: &Feature, difference: f64) -> String {
    let high = difference > 0.0;
    let very = if difference.abs() >= LARGE { "very " } else { "" };
    match feature.name.as_str() {
        RECENCY if high => format!("bought {very}long ago"),
        RECENCY => format!("bought {very}recently"),
        FREQUENCY => format!("{very}{} purchases", if high { "many" } else { "few" }),
        _ => {
            let mut words = feature.label.split(' ');
            let first = words.next().unwrap_or_default();
            // Initials stay as they are.
            let first = if first.chars().count() > 1 && first.chars().all(|c| !c.is_lowercase()) {
                first.to_string()
            } else {
                first.to_lowercase()
            };
            let rest: String = words.map(|w| format!(" {w}")).collect();
            format!("{very}{} {first}{rest}", if high { "high" } else { "low" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::Unit;

    fn feature(label: &str) -> Feature {
        Feature::new(label.to_lowercase(), label, "", Unit::Number, Vec::new())
    }

    fn named(labels: &[&str], differences: &[&[f64]]) -> Vec<String> {
        let features: Vec<Feature> = labels.iter().map(|l| feature(l)).collect();
        let all: Vec<usize> = (0..labels.len()).collect();
        let summaries: Vec<Vec<FeatureSummary>> = differences
            .iter()
            .map(|row| {
                let one = |d: &f64| FeatureSummary {
                    name: String::new(),
                    mean: 0.0,
                    q1: 0.0,
                    median: 0.0,
                    q3: 0.0,
                    difference: *d,
                };
                row.iter().map(one).collect()
            })
            .collect();
        let ranked: Vec<Vec<usize>> = summaries.iter().map(|s| by_difference(s, &all)).collect();
        names(&features, &summaries, &ranked)
    }

    #[test]
    fn names_are_the_most_telling_differences() {
        let labels = ["Annual income", "Spending score"];
        let rows: [&[f64]; 4] = [&[1.0, -1.2], &[1.0, 1.2], &[0.1, -0.2], &[-1.5, 0.1]];
        assert_eq!(
            named(&labels, &rows),
            [
                "Low spending score, high annual income",
                "High spending score, high annual income",
                "Near the average",
                "Very low annual income"
            ]
        );
    }

    #[test]
    fn names_stay_distinct() {
        let labels = ["Age", "Tenure", "Visits"];
        let rows: [&[f64]; 3] = [&[2.0, 1.5, 0.1], &[2.0, 1.4, -0.3], &[0.0, 0.0, 0.0]];
        let names = named(&labels, &rows);
        assert_eq!(names[..2], ["Very high age, very high tenure", "Very high age, high tenure"]);
        let turned: [&[f64]; 2] = [&[1.0, 0.9, 0.5], &[0.9, 1.0, -0.5]];
        assert_eq!(
            named(&labels, &turned),
            ["High age, high tenure, high visits", "High tenure, high age, low visits"]
        );
        let same: [&[f64]; 3] = [&[1.0, 0.0, 0.0]; 3];
        let mut names = named(&labels, &same);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 3);
    }
}
