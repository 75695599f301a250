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
            let sample = if search.silhouette_sample > 0 && search.silhouette_sample < n {
                format!("; on {} customers drawn, ± standard error", format::count(search.silhouette_sample))
            } else {
                String::new()
            };
            format!("Highest at {k}, {value}: {how}{sample}")
        }
        (Measure::DaviesBouldin | Measure::Bic, Some(k)) => format!("Lowest at {k}, {value}"),
        (Measure::Gap, Some(1)) => "Says 1: no more apart than data without clusters".into(),
        (Measure::Gap, Some(k)) => format!("{k} is the smallest k that the next does not clearly surpass"),
        (Measure::Gap, None) => "Rises to the end: no answer in this range".into(),
        (Measure::Strength, None | Some(1)) => "No k reaches 0.8".into(),
        (Measure::Strength, Some(k)) => format!("{k} is the largest k with 0.8 or more"),
        (Measure::Stability, _) => stable(band, ks, checks),
        (Measure::CalinskiHarabasz, Some(k)) => format!("Highest at {k}, {value}"),
        (_, None) => "No answer".into(),
    }
}

fn stable(band: &Band, ks: &[usize], checks: Option<&KChecks>) -> String {
    match checks.map_or(&[][..], |c| &c.stable) {
        [] => {
            let best = (0..ks.len()).filter_map(|at| Some((band.values.main(at)?, ks[at])));
            match best.max_by(|a, b| a.0.total_cmp(&b.0)) {
                Some((value, k)) => {
                    format!("No k has all clusters stable; {k} comes nearest, {}", format::number(value, 2))
                }
                None => "No answer".into(),
            }
        }
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
    use super::runs;

    #[test]
    fn ks_in_words() {
        assert_eq!(runs(&[4]), "4");
        assert_eq!(runs(&[2, 3]), "2 and 3");
        assert_eq!(runs(&[2, 4, 5, 6, 9]), "2, 4 to 6 and 9");
    }
}
