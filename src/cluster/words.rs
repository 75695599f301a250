//! What the criteria say, in sentences.

use std::sync::Arc;

use super::{Clustering, KChecks, KScores, KSearch, Vote};
use crate::format;
use crate::recipe::KCriterion;

/// A smallest cluster with less than this share of the customers is pointed out.
pub(super) const SMALL_SHARE: f64 = 0.01;

/// A cluster is stable from this mean bootstrap Jaccard similarity on (Hennig 2007).
pub(super) const STABLE: f64 = 0.75;

/// One criterion's answer, under its name within a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answer {
    pub name: &'static str,
    pub k: Option<usize>,
}

/// One sentence about all votes together, for example "Over k = 2…10, all four criteria say 3." or "Over k = 2…10, the
/// criteria disagree: elbow says 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
pub(super) fn verdict(votes: &[Vote], rows: &[KScores], clusterings: &[Option<Arc<Clustering>>]) -> String {
    if let [only] = clusterings {
        return alone(only.as_deref());
    }
    let groups = groups(&answers(votes));
    let answered = groups.iter().filter(|(k, _)| k.is_some()).count();
    let over = range(rows);
    match &groups[..] {
        [(Some(k), all)] => format!("Over {over}, all {} criteria say {k}.", number(all.len())),
        _ if answered == 0 => format!("Over {over}, no criterion has an answer."),
        _ if answered == 1 => format!("Over {over}, the criteria that have an answer agree: {}.", said(&groups)),
        _ => format!("Over {over}, the criteria disagree: {}.", said(&groups)),
    }
}

/// One clustering, which nothing can be compared with.
fn alone(clustering: Option<&Clustering>) -> String {
    match clustering {
        Some(c) => format!(
            "Only one number of clusters was tried, {}, so there is nothing to compare it with.",
            format::count(c.clusters())
        ),
        None => "Only one number of clusters was tried, and it is not possible.".into(),
    }
}

/// What all criteria say together, those of the search and those of resampling, which ks give stable clusters, and where
/// the smallest cluster is tiny.
pub(super) fn overall(search: &KSearch, checks: &KChecks) -> String {
    if let [only] = &search.clusterings[..] {
        let stable = checks.rows.first().and_then(|row| row.jaccard.as_ref()).map(|jaccard| {
            let good = jaccard.iter().flatten().filter(|&&j| j >= STABLE).count();
            let is = if good == 1 { "is" } else { "are" };
            format!("{} of its {} clusters {is} stable.", number(good), number(jaccard.len()))
        });
        let sentences = [Some(alone(only.as_deref())), stable.map(|s| capital(&s))];
        return sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
    let mut answers = answers(&search.votes);
    if checks.gaps.iter().any(|g| g.gap.is_some()) {
        answers.push(Answer { name: "gap statistic", k: checks.gap_says });
    }
    if checks.rows.iter().any(|row| row.strength.is_some()) {
        answers.push(Answer { name: "prediction strength", k: checks.strength_says });
    }
    let groups = groups(&answers);
    let mut ks: Vec<usize> = groups.iter().filter_map(|(k, _)| *k).collect();
    ks.sort_unstable();
    let mut sentences = vec![agreement(&groups, &ks, &range(&search.rows))];
    sentences.extend(stable(&ks, checks));
    sentences.extend(tiny(&ks, search));
    sentences.join(" ")
}

/// How far the criteria agree. `ks` are the answers in ascending order.
fn agreement(groups: &[(Option<usize>, Vec<&'static str>)], ks: &[usize], over: &str) -> String {
    let answered: usize = groups.iter().filter(|(k, _)| k.is_some()).map(|(_, names)| names.len()).sum();
    let most = groups.iter().filter(|(k, _)| k.is_some()).max_by_key(|(_, names)| names.len());
    match (ks, most) {
        ([], _) => format!("No clear k: over {over}, no criterion has an answer."),
        ([k], Some((_, names))) if groups.len() == 1 => {
            format!("Over {over}, all {} criteria say {k}.", number(names.len()))
        }
        ([_], _) => format!("Over {over}, the criteria that have an answer agree: {}.", said(groups)),
        (_, Some((Some(k), names))) if 2 * names.len() > answered => {
            format!("Over {over}, most criteria say {k}: {}.", said(groups))
        }
        ([first, .., last], _) => {
            format!("No clear k: over {over}, the criteria disagree between {first} and {last}: {}.", said(groups))
        }
    }
}

/// Which of the ks that criteria name give stable clusters, as far as that is known.
fn stable(ks: &[usize], checks: &KChecks) -> Option<String> {
    let known = |k: &usize| checks.rows.iter().any(|row| row.k == *k && row.jaccard.is_some());
    if !checks.rows.iter().any(|row| row.jaccard.is_some()) {
        return None;
    }
    let named: Vec<usize> = ks.iter().copied().filter(known).collect();
    let (good, bad): (Vec<usize>, Vec<usize>) = named.iter().partition(|k| checks.stable.contains(k));
    let list = |ks: &[usize]| join(&ks.iter().map(usize::to_string).collect::<Vec<_>>());
    let gives = |ks: &[usize]| if ks.len() == 1 { "gives" } else { "give" };
    let does = |ks: &[usize]| if ks.len() == 1 { "does" } else { "do" };
    Some(match (good.is_empty(), bad.is_empty()) {
        (false, true) => format!("{} {} stable clusters.", list(&good), gives(&good)),
        (false, false) => {
            format!("{} {} stable clusters, {} {} not.", list(&good), gives(&good), list(&bad), does(&bad))
        }
        (true, _) if checks.stable.is_empty() => "With no k is every cluster stable.".into(),
        (true, false) if named.len() == 1 => {
            format!("{} does not give stable clusters, {} {}.", list(&bad), list(&checks.stable), does(&checks.stable))
        }
        (true, _) => format!(
            "Stable clusters come with {}{}.",
            list(&checks.stable),
            if named.is_empty() { "" } else { ", which no criterion prefers" }
        ),
    })
}

/// Where the smallest cluster is so small that it may be a few outliers.
fn tiny(ks: &[usize], search: &KSearch) -> Option<String> {
    let n = search.clusterings.iter().flatten().map(|c| c.labels.len()).next()?;
    let small: Vec<String> = search
        .rows
        .iter()
        .filter(|row| ks.contains(&row.k) && row.k > 1 && row.failed.is_none())
        .filter(|row| row.smallest < 2 || (row.smallest as f64) < SMALL_SHARE * n as f64)
        .map(|row| {
            let share = format::percent(row.smallest as f64 / n as f64);
            format!("{} ({share}) with {}", format::plural(row.smallest, "customer", "customers"), row.k)
        })
        .collect();
    (!small.is_empty()).then(|| format!("The smallest cluster has only {}: perhaps outliers.", join(&small)))
}

/// What the criteria other than `used` say, for example "silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3".
pub(super) fn others(votes: &[Vote], used: Option<KCriterion>) -> String {
    let rest: Vec<Vote> = votes.iter().filter(|v| Some(v.criterion) != used).cloned().collect();
    said(&groups(&answers(&rest)))
}

/// "k = 2…10".
pub(super) fn range(rows: &[KScores]) -> String {
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if first.k != last.k => format!("k = {}…{}", first.k, last.k),
        (Some(only), _) => format!("k = {}", only.k),
        _ => "no k".into(),
    }
}

/// What a mean bootstrap Jaccard similarity says of a cluster, after Hennig's help page of `clusterboot` in R's fpc.
pub fn stability(jaccard: f64) -> &'static str {
    match jaccard {
        j if j >= 0.85 => "highly stable",
        j if j >= STABLE => "stable",
        j if j >= 0.6 => "a pattern, but doubtful who belongs to it",
        j if j > 0.5 => "not to be trusted",
        _ => "dissolved",
    }
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

fn answers(votes: &[Vote]) -> Vec<Answer> {
    votes.iter().map(|vote| Answer { name: name(vote.criterion), k: vote.k }).collect()
}

/// Criteria by answer, in the order in which answers first occur; those without an answer last.
fn groups(answers: &[Answer]) -> Vec<(Option<usize>, Vec<&'static str>)> {
    let mut groups: Vec<(Option<usize>, Vec<&'static str>)> = Vec::new();
    for answer in answers {
        match groups.iter_mut().find(|(k, _)| *k == answer.k) {
            Some((_, names)) => names.push(answer.name),
            None => groups.push((answer.k, vec![answer.name])),
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
            let none = if *k == Some(1) { " (no clusters)" } else { "" };
            match k {
                Some(k) if i > 0 => format!("{} {k}{none}", join(names)),
                Some(k) => format!("{} {} {k}{none}", join(names), if plural { "say" } else { "says" }),
                None => format!("{} {} no answer", join(names), if plural { "have" } else { "has" }),
            }
        })
        .collect();
    parts.join(", ")
}

/// "a", "a and b", "a, b and c".
pub(super) fn join(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match &names[..] {
        [] => String::new(),
        [one] => (*one).into(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Small numbers in words.
fn number(n: usize) -> String {
    const WORDS: [&str; 8] = ["no", "one", "two", "three", "four", "five", "six", "seven"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Gap, KCheck};

    fn votes(ks: [Option<usize>; 4]) -> Vec<Vote> {
        KCriterion::ALL.iter().zip(ks).map(|(&criterion, k)| Vote { criterion, k }).collect()
    }

    fn rows(range: std::ops::RangeInclusive<usize>) -> Vec<KScores> {
        let row = |k| KScores {
            k,
            inertia: 1.0,
            silhouette: None,
            silhouette_error: None,
            calinski_harabasz: None,
            davies_bouldin: None,
            bic: None,
            aic: None,
            smallest: 20,
            failed: None,
        };
        range.map(row).collect()
    }

    #[test]
    fn sentences() {
        let verdict = |ks| verdict(&votes(ks), &rows(2..=10), &vec![None; 9]);
        assert_eq!(verdict([Some(3); 4]), "Over k = 2…10, all four criteria say 3.");
        assert_eq!(
            verdict([Some(4), Some(2), Some(3), Some(2)]),
            "Over k = 2…10, the criteria disagree: elbow says 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
        );
        assert_eq!(
            verdict([None, Some(2), Some(2), Some(2)]),
            "Over k = 2…10, the criteria that have an answer agree: silhouette, Calinski-Harabasz and Davies-Bouldin say 2, elbow has no answer."
        );
        assert_eq!(verdict([None; 4]), "Over k = 2…10, no criterion has an answer.");
        assert_eq!(
            others(&votes([Some(4), Some(2), Some(3), Some(2)]), Some(KCriterion::Elbow)),
            "silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3"
        );
    }

    fn search(ks: [Option<usize>; 4]) -> KSearch {
        let rows = rows(2..=10);
        KSearch {
            clusterings: vec![None; rows.len()],
            rows,
            votes: votes(ks),
            silhouette_sample: 0,
            verdict: String::new(),
            notes: Vec::new(),
        }
    }

    fn checks(gap: Option<usize>, strength: Option<usize>, stable: &[usize]) -> KChecks {
        let row = |k| KCheck { k, jaccard: Some(vec![Some(0.9)]), strength: Some(0.5), ..KCheck::default() };
        KChecks {
            rows: (2..=10).map(row).collect(),
            gaps: vec![Gap { k: 2, gap: Some(1.0), error: Some(0.1) }],
            gap_says: gap,
            strength_says: strength,
            stable: stable.to_vec(),
            ..KChecks::default()
        }
    }

    #[test]
    fn no_clear_k_is_said_as_such() {
        let iris = search([Some(4), Some(2), Some(3), Some(2)]);
        assert_eq!(
            overall(&iris, &checks(Some(4), Some(2), &[2, 3])),
            "No clear k: over k = 2…10, the criteria disagree between 2 and 4: elbow and gap statistic say 4, silhouette, \
             Davies-Bouldin and prediction strength 2, Calinski-Harabasz 3. 2 and 3 give stable clusters, 4 does not."
        );
        assert_eq!(
            overall(&search([None; 4]), &checks(None, None, &[])),
            "No clear k: over k = 2…10, no criterion has an answer. With no k is every cluster stable."
        );
    }

    #[test]
    fn agreement_and_majorities() {
        let said = overall(&search([Some(3); 4]), &checks(Some(3), Some(3), &[2, 3]));
        assert_eq!(said, "Over k = 2…10, all six criteria say 3. 3 gives stable clusters.");
        let said = overall(&search([Some(5), Some(3), Some(3), Some(3)]), &checks(Some(3), None, &[2]));
        assert_eq!(
            said,
            "Over k = 2…10, most criteria say 3: elbow says 5, silhouette, Calinski-Harabasz, Davies-Bouldin and gap \
             statistic 3, prediction strength has no answer. Stable clusters come with 2, which no criterion prefers."
        );
    }

    #[test]
    fn a_single_clustering_has_nothing_to_be_compared_with() {
        assert_eq!(
            verdict(&votes([None; 4]), &rows(7..=7), &[None]),
            "Only one number of clusters was tried, and it is not possible."
        );
        let mut search = search([None; 4]);
        search.clusterings.truncate(1);
        let mut checks = checks(None, None, &[]);
        checks.rows[0].jaccard = Some(vec![Some(0.8), Some(0.3)]);
        assert!(overall(&search, &checks).ends_with("One of its two clusters is stable."));
    }

    #[test]
    fn no_clusters_is_an_answer() {
        let said = overall(&search([Some(2); 4]), &checks(Some(1), None, &[]));
        assert!(said.contains("gap statistic 1 (no clusters)"), "{said}");
    }

    #[test]
    fn without_checks_only_the_search_speaks() {
        let said = overall(&search([Some(4), Some(2), Some(3), Some(2)]), &KChecks::default());
        assert!(said.ends_with("silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."), "{said}");
        assert!(!said.contains("stable") && !said.contains("gap"), "{said}");
    }

    #[test]
    fn a_tiny_cluster_is_pointed_out() {
        let mut search = search([Some(2), Some(2), Some(3), Some(2)]);
        let clustering = crate::cluster::Clustering {
            k: 2,
            labels: vec![0; 1000],
            centroids: ndarray::Array2::zeros((2, 1)),
            sizes: vec![997, 3],
            inertia: 1.0,
            noise: None,
            detail: crate::cluster::Detail::Means,
        };
        search.clusterings[0] = Some(std::sync::Arc::new(clustering));
        search.rows[0].smallest = 3;
        let said = overall(&search, &KChecks::default());
        assert!(
            said.ends_with("The smallest cluster has only 3 customers (0.3 %) with 2: perhaps outliers."),
            "{said}"
        );
    }

    #[test]
    fn words_of_stability_are_those_of_clusterboot() {
        assert_eq!(stability(0.5), "dissolved");
        assert_eq!(stability(0.55), "not to be trusted");
        assert_eq!(stability(0.6), "a pattern, but doubtful who belongs to it");
        assert_eq!(stability(0.75), "stable");
        assert_eq!(stability(0.85), "highly stable");
    }
}
