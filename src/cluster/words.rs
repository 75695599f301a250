//! What the criteria say, in sentences.

#[cfg(test)]
mod tests;

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
        _ if answered == 1 => format!("Over {over}, {}: {}.", agreeing(&groups), said(&groups)),
        _ => format!("Over {over}, the criteria disagree: {}.", said(&groups)),
    }
}

/// How to speak of criteria that name a single k, while others have no answer.
fn agreeing(groups: &[(Option<usize>, Vec<&'static str>)]) -> &'static str {
    match groups.first() {
        Some((Some(_), names)) if names.len() == 1 => "only one criterion has an answer",
        _ => "the criteria that have an answer agree",
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
        let sentences = [Some(alone(only.as_deref())), alone_is_stable(only.as_deref(), checks)];
        return sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
    let mut answers = answers(&search.votes);
    // The smallest sufficient k stays what it is; that there is none, and the largest strong k, are known in the end.
    let gaps = checks.gap_says.is_some() || gaps_complete(search, checks);
    if gaps && checks.gaps.iter().any(|g| g.gap.is_some()) {
        answers.push(Answer { name: "gap statistic", k: checks.gap_says });
    }
    if checks.complete(search) && checks.rows.iter().any(|row| row.strength.is_some()) {
        answers.push(Answer { name: "prediction strength", k: checks.strength_says });
    }
    let groups = groups(&answers);
    let mut ks: Vec<usize> = groups.iter().filter_map(|(k, _)| *k).collect();
    ks.sort_unstable();
    let mut sentences = vec![agreement(&groups, &ks, &range(&search.rows))];
    sentences.extend(stable(&ks, search, checks).map(|sentence| match so_far(search, checks) {
        Some(so_far) => format!("{}: {sentence}", capital(&so_far)),
        None => capital(&sentence),
    }));
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
        ([_], _) => format!("Over {over}, {}: {}.", agreeing(groups), said(groups)),
        (_, Some((Some(k), names))) if 2 * names.len() > answered => {
            format!("Over {over}, most criteria say {k}: {}.", said(groups))
        }
        ([first, .., last], _) => {
            format!("No clear k: over {over}, the criteria disagree between {first} and {last}: {}.", said(groups))
        }
    }
}

/// How many clusters of the only clustering are stable; those of one customer, which always are, and those of which nobody
/// was drawn are left out. `None` where nothing is known.
pub(super) fn alone_is_stable(clustering: Option<&Clustering>, checks: &KChecks) -> Option<String> {
    let jaccard = checks.rows.first()?.jaccard.as_ref()?;
    let sizes = clustering.map_or(&[][..], |c| &c.sizes);
    let several = |c: usize| sizes.get(c).is_none_or(|&size| size > 1);
    let judged: Vec<f64> = jaccard.iter().enumerate().filter(|(c, _)| several(*c)).filter_map(|(_, j)| *j).collect();
    let good = judged.iter().filter(|&&j| j >= STABLE).count();
    let (of, some) = (number(judged.len()), capital(&number(good)));
    let is = if good == 1 { "is" } else { "are" };
    Some(match (good, judged.len()) {
        (_, 0) if jaccard.is_empty() => return None,
        (_, 0) => "How stable they are cannot be judged.".into(),
        (_, judged) if judged < jaccard.len() => {
            format!("Of the {of} that can be judged, {} {is} stable.", number(good))
        }
        (1, 1) => "Its only cluster is stable.".into(),
        (0, 1) => "Its only cluster is not stable.".into(),
        (2, 2) => "Both of its clusters are stable.".into(),
        (0, 2) => "Neither of its clusters is stable.".into(),
        (0, _) => format!("None of its {of} clusters is stable."),
        (good, all) if good == all => format!("All of its {of} clusters are stable."),
        _ => format!("{some} of its {of} clusters {is} stable."),
    })
}

/// How far the ks of the search are tested, within a sentence; `None` when all are.
pub(super) fn so_far(search: &KSearch, checks: &KChecks) -> Option<String> {
    if checks.complete(search) {
        return None;
    }
    let tested = |row: &&KScores| checks.rows.iter().any(|check| check.k == row.k);
    let in_order: Vec<&KScores> = search.rows.iter().take_while(tested).collect();
    let all = search.rows.iter().filter(tested).count();
    Some(match in_order.last() {
        Some(last) if in_order.len() == all => format!("so far, up to k = {}", last.k),
        _ => format!("so far, from {all} of {} ks", search.rows.len()),
    })
}

/// Whether the gaps of all ks are there, and that of the next larger one, which the last is compared with.
pub(super) fn gaps_complete(search: &KSearch, checks: &KChecks) -> bool {
    checks.complete(search) && checks.gaps.last().map(|g| g.k) > search.rows.last().map(|row| row.k)
}

/// Which of the ks that criteria name give stable clusters, as far as that is known: the beginning of a sentence.
fn stable(ks: &[usize], search: &KSearch, checks: &KChecks) -> Option<String> {
    let tested = checks.rows.iter().filter(|row| row.jaccard.is_some()).count();
    let judged = checks.stabilities(search);
    if tested == 0 {
        return None;
    }
    if judged.is_empty() {
        return Some("for no k can the stability of every cluster be judged.".into());
    }
    let named: Vec<usize> = ks.iter().copied().filter(|k| judged.iter().any(|(judged, _)| judged == k)).collect();
    let (good, bad): (Vec<usize>, Vec<usize>) = named.iter().partition(|k| checks.stable.contains(k));
    let list = |ks: &[usize]| join(&ks.iter().map(usize::to_string).collect::<Vec<_>>());
    let gives = |ks: &[usize]| if ks.len() == 1 { "gives" } else { "give" };
    let does = |ks: &[usize]| if ks.len() == 1 { "does" } else { "do" };
    Some(match (good.is_empty(), bad.is_empty()) {
        (false, true) => format!("{} {} stable clusters.", list(&good), gives(&good)),
        (false, false) => {
            format!("{} {} stable clusters, {} {} not.", list(&good), gives(&good), list(&bad), does(&bad))
        }
        (true, _) if checks.stable.is_empty() && judged.len() < tested => {
            "with no k that can be judged is every cluster stable.".into()
        }
        (true, _) if checks.stable.is_empty() => "with no k is every cluster stable.".into(),
        (true, false) if named.len() == 1 => {
            format!("{} does not give stable clusters, {} {}.", list(&bad), list(&checks.stable), does(&checks.stable))
        }
        (true, _) => format!(
            "stable clusters come with {}{}.",
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
    const WORDS: [&str; 8] = ["none", "one", "two", "three", "four", "five", "six", "seven"];
    WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).into())
}
