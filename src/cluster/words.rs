//! What the criteria say, in sentences.

use super::Vote;
use crate::recipe::KCriterion;

/// One sentence about all votes together, for example "All four criteria say 3." or "The criteria disagree: elbow says
/// 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
pub(super) fn verdict(votes: &[Vote]) -> String {
    let groups = groups(votes);
    let answers = groups.iter().filter(|(k, _)| k.is_some()).count();
    match &groups[..] {
        [(Some(k), all)] if all.len() == 4 => format!("All four criteria say {k}."),
        [(Some(k), all)] => format!("All criteria say {k}: {}.", join(all)),
        _ if answers == 0 => "No criterion has an answer in this range of k.".into(),
        _ if answers == 1 => format!("The criteria that have an answer agree: {}.", said(&groups)),
        _ => format!("The criteria disagree: {}.", said(&groups)),
    }
}

/// What the criteria other than `used` say, for example "silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3".
pub(super) fn others(votes: &[Vote], used: Option<KCriterion>) -> String {
    let rest: Vec<Vote> = votes.iter().filter(|v| Some(v.criterion) != used).cloned().collect();
    said(&groups(&rest))
}

/// The criterion's name within a sentence.
pub(super) fn name(criterion: KCriterion) -> &'static str {
    match criterion {
        KCriterion::Elbow => "elbow",
        KCriterion::Silhouette => "silhouette",
        KCriterion::CalinskiHarabasz => "Calinski-Harabasz",
        KCriterion::DaviesBouldin => "Davies-Bouldin",
        KCriterion::Bic => "BIC",
    }
}

/// Criteria by answer, in the order in which answers first occur; those without an answer last.
fn groups(votes: &[Vote]) -> Vec<(Option<usize>, Vec<&'static str>)> {
    let mut groups: Vec<(Option<usize>, Vec<&'static str>)> = Vec::new();
    for vote in votes {
        match groups.iter_mut().find(|(k, _)| *k == vote.k) {
            Some((_, names)) => names.push(name(vote.criterion)),
            None => groups.push((vote.k, vec![name(vote.criterion)])),
        }
    }
    groups.sort_by_key(|(k, _)| k.is_none());
    groups
}

fn said(groups: &[(Option<usize>, Vec<&'static str>)]) -> String {
    let parts: Vec<String> = groups
        .iter()
        .enumerate()
        .map(|(i, (k, names))| {
            let plural = names.len() > 1;
            match k {
                Some(k) if i > 0 => format!("{} {k}", join(names)),
                Some(k) => format!("{} {} {k}", join(names), if plural { "say" } else { "says" }),
                None => format!("{} {} no answer", join(names), if plural { "have" } else { "has" }),
            }
        })
        .collect();
    parts.join(", ")
}

/// "a", "a and b", "a, b and c".
fn join(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).into(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(ks: [Option<usize>; 4]) -> Vec<Vote> {
        KCriterion::ALL.iter().zip(ks).map(|(&criterion, k)| Vote { criterion, k }).collect()
    }

    #[test]
    fn sentences() {
        assert_eq!(verdict(&votes([Some(3); 4])), "All four criteria say 3.");
        assert_eq!(
            verdict(&votes([Some(4), Some(2), Some(3), Some(2)])),
            "The criteria disagree: elbow says 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
        );
        assert_eq!(
            verdict(&votes([None, Some(2), Some(2), Some(2)])),
            "The criteria that have an answer agree: silhouette, Calinski-Harabasz and Davies-Bouldin say 2, elbow has no answer."
        );
        assert_eq!(verdict(&votes([None; 4])), "No criterion has an answer in this range of k.");
        assert_eq!(
            others(&votes([Some(4), Some(2), Some(3), Some(2)]), Some(KCriterion::Elbow)),
            "silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3"
        );
    }
}
