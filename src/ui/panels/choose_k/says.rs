//! One line per criterion: what it says.

use super::board::{Band, Values};
use crate::cluster::{KChecks, KSearch, Measure};
use crate::format;

/// What a band says of these ks; while values are missing, how many there are.
pub fn reading(band: &Band, ks: &[usize], search: &KSearch, checks: Option<&KChecks>, n: usize, done: bool) -> String {
    let known = (0..ks.len()).filter(|&at| band.values.known(at)).count();
    let tested = matches!(band.measure, Some(Measure::Gap | Measure::Strength | Measure::Stability));
    let failed = search.rows.iter().filter(|r| r.failed.is_some()).count();
    if tested && checks.is_none_or(|c| c.rows.len() + failed < ks.len()) {
        return match known {
            0 => "Not tested yet".into(),
            _ => format!("{known} of {} tested so far", ks.len()),
        };
    }
    if !done {
        return if known == 0 { "Not there yet".into() } else { format!("{known} of {} so far", ks.len()) };
    }
    if known == 0 {
        return "No answer".into();
    }
    let at_best = band.best.and_then(|k| band.values.main(ks.iter().position(|x| *x == k)?));
    let value = at_best.map(|v| format::number(v, band.decimals)).unwrap_or_default();
    let Some(measure) = band.measure else { return smallest(band, ks, n) };
    match (measure, band.best) {
        (Measure::Inertia, Some(k)) => format!("Bends at {k}: more clusters gain little"),
        (Measure::Inertia, None) => "No clear bend".into(),
        (Measure::Silhouette, Some(k)) => {
            let how = match at_best {
                Some(v) if v >= 0.5 => "clearly apart",
                Some(v) if v >= 0.25 => "apart with overlap",
                _ => "hardly apart",
            };
            let sample = if search.silhouette_sampled() {
                format!("; on {} customers drawn, ± standard error", format::count(search.silhouette_sample))
            } else {
                String::new()
            };
            let noise = search.clusterings.iter().flatten().any(|c| c.noise.is_some());
            let without = if noise { "; without those in no clear cluster" } else { "" };
            format!("Highest at {k}, {value}: {how}{sample}{without}")
        }
        (Measure::DaviesBouldin | Measure::Bic, Some(k)) => format!("Lowest at {k}, {value}"),
        (Measure::Gap, Some(1)) => "Says 1: no more apart than data without clusters".into(),
        (Measure::Gap, Some(k)) => format!("{k} is the smallest k that the next does not clearly surpass"),
        (Measure::Gap, None) if checks.is_some_and(|c| c.gaps.iter().any(|g| g.gap.is_none())) => {
            "No answer: not every k has a gap".into()
        }
        (Measure::Gap, None) => "Rises to the end: no answer in this range".into(),
        (Measure::Strength, None | Some(1)) => "No k reaches 0.8".into(),
        (Measure::Strength, Some(k)) => format!("{k} is the largest k with 0.8 or more"),
        (Measure::Stability, _) => stable(search, checks),
        (Measure::CalinskiHarabasz, Some(k)) => format!("Highest at {k}, {value}"),
        (_, None) => "No answer".into(),
    }
}

fn stable(search: &KSearch, checks: Option<&KChecks>) -> String {
    let Some(checks) = checks else { return "No answer".into() };
    match &checks.stable[..] {
        [] => match checks.stabilities(search).into_iter().max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((k, value)) => {
                format!("No k has all clusters stable; {k} comes nearest, {}", format::number(value, 2))
            }
            None => "No k can be judged".into(),
        },
        stable => format!("All clusters are stable at {}", runs(stable)),
    }
}

fn smallest(band: &Band, ks: &[usize], n: usize) -> String {
    let Values::Curve(values) = &band.values else { return String::new() };
    let small: Vec<usize> =
        ks.iter().zip(values).filter(|(_, v)| v.is_some_and(|(v, _)| v < n as f64 / 100.0)).map(|(k, _)| *k).collect();
    match &small[..] {
        [] => "Never below 1 % of the customers".into(),
        some => format!("Below 1 % of the customers at {}", runs(some)),
    }
}

/// "2, 4 to 6 and 9" of ascending numbers.
fn runs(ks: &[usize]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for run in ks.chunk_by(|a, b| b - a == 1) {
        match run {
            [one] => parts.push(one.to_string()),
            [a, b] => parts.extend([a.to_string(), b.to_string()]),
            [first, .., last] => parts.push(format!("{first} to {last}")),
            [] => {}
        }
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Gap, KCheck, KScores, Vote};
    use crate::recipe::KCriterion;

    fn row(k: usize, silhouette_error: Option<f64>, smallest: usize) -> KScores {
        KScores {
            k,
            inertia: 1.0,
            silhouette: Some(0.6),
            silhouette_error,
            calinski_harabasz: None,
            davies_bouldin: None,
            bic: None,
            aic: None,
            smallest,
            failed: None,
        }
    }

    fn search(rows: Vec<KScores>) -> KSearch {
        let votes = vec![Vote { criterion: KCriterion::Silhouette, k: Some(2) }];
        let (clusterings, verdict) = (vec![None; rows.len()], String::new());
        KSearch { rows, clusterings, votes, silhouette_sample: 90, verdict, notes: Vec::new() }
    }

    fn says(measure: Measure, search: &KSearch, checks: Option<&KChecks>) -> String {
        let ks: Vec<usize> = search.rows.iter().map(|r| r.k).collect();
        let values = Values::Curve(ks.iter().map(|_| Some((0.6, None))).collect());
        let best = (measure == Measure::Silhouette).then_some(2);
        let band = Band { measure: Some(measure), decimals: 2, values, best, ..Band::default() };
        reading(&band, &ks, search, checks, 100, true)
    }

    #[test]
    fn only_a_sample_has_a_standard_error() {
        let all_but_noise = search(vec![row(2, None, 20)]);
        assert_eq!(says(Measure::Silhouette, &all_but_noise, None), "Highest at 2, 0.60: clearly apart");
        let sample = search(vec![row(2, Some(0.01), 20)]);
        assert_eq!(
            says(Measure::Silhouette, &sample, None),
            "Highest at 2, 0.60: clearly apart; on 90 customers drawn, ± standard error"
        );
    }

    #[test]
    fn a_cluster_of_one_customer_is_not_nearest_to_stable() {
        let search = search(vec![row(2, None, 20), row(3, None, 1)]);
        let check = |k, j| KCheck { k, jaccard: Some(vec![Some(j); k]), ..KCheck::default() };
        let checks = KChecks { rows: vec![check(2, 0.6), check(3, 1.0)], ..KChecks::default() };
        assert_eq!(
            says(Measure::Stability, &search, Some(&checks)),
            "No k has all clusters stable; 2 comes nearest, 0.60"
        );
    }

    #[test]
    fn a_gap_that_is_missing_does_not_rise() {
        let search = search(vec![row(2, None, 20)]);
        let gap = |k, gap| Gap { k, gap, error: gap };
        let rows = vec![KCheck { k: 2, ..KCheck::default() }];
        let mut checks = KChecks { rows, gaps: vec![gap(2, Some(0.1)), gap(3, None)], ..KChecks::default() };
        assert_eq!(says(Measure::Gap, &search, Some(&checks)), "No answer: not every k has a gap");
        checks.gaps[1] = gap(3, Some(0.9));
        assert_eq!(says(Measure::Gap, &search, Some(&checks)), "Rises to the end: no answer in this range");
    }

    #[test]
    fn ks_in_words() {
        assert_eq!(runs(&[4]), "4");
        assert_eq!(runs(&[2, 3]), "2 and 3");
        assert_eq!(runs(&[2, 4, 5, 6, 9]), "2, 4 to 6 and 9");
    }
}
