//! Recency, frequency and monetary, their scores, and the segment map.

use super::dialect::Sql;
use super::query::{Query, one_line};
use crate::pipeline::Findings;
use crate::recipe::ScoreCuts;
use crate::rfm::{AxisScores, FREQUENCY, MONETARY, RECENCY, RfmOut, SegmentMap};

/// Longest list of customers picked by hand that is written into the query.
const MOST_PICKED: usize = 5_000;

/// Adds the parts from rows that count to one row per customer with `r_score`, `f_score`, `m_score` and `rfm_segment`.
///
/// # Errors
/// The customers were picked by hand and are too many to be written down.
pub(super) fn add(query: &mut Query, findings: &Findings, has_invoice: bool) -> Result<(), String> {
    let (sql, rfm, recipe) = (query.sql, &*findings.rfm, &findings.recipe);
    let snapshot = rfm.snapshot.ok_or("the table has no snapshot date")?;
    let window = recipe.rfm.window_days;
    let earliest = window.map(|w| sql.day(snapshot - chrono::Days::new(u64::from(w))));
    let inactive = recipe.rfm.keep_inactive && window.is_some();

    // Who has no purchase in the window is known by earlier rows, so that those have to be looked at too.
    let in_window = earliest.as_ref().filter(|_| inactive).map(|day| format!("day >= {day} AND "));
    let in_window = in_window.unwrap_or_default();
    let purchase = format!("CASE WHEN {in_window}is_purchase THEN");
    let frequency = match (rfm.frequency_of, has_invoice) {
        ("invoices", true) => format!(
            "COUNT(DISTINCT {purchase} invoice END)\n      + COUNT(DISTINCT CASE WHEN {in_window}is_purchase AND invoice IS NULL THEN day END)"
        ),
        ("rows", _) => format!("COUNT({purchase} 1 END)"),
        _ => format!("COUNT(DISTINCT {purchase} day END)"),
    };
    let amount = match in_window.is_empty() {
        true => "SUM(amount)".to_string(),
        false => format!("COALESCE(SUM(CASE WHEN {} THEN amount END), 0)", in_window.trim_end_matches(" AND ")),
    };
    let last = format!("MAX({purchase} day END)");
    let mut limits: Vec<String> = Vec::new();
    limits.extend(earliest.filter(|_| !inactive).map(|day| format!("day >= {day}")));
    limits.extend(picked(sql, findings)?);
    let limits = if limits.is_empty() { String::new() } else { format!("\n  WHERE {}", limits.join("\n    AND ")) };
    let body = format!(
        "SELECT\n    customer_id,\n    {last} AS last_day,\n    {frequency} AS frequency,\n    {amount} AS monetary\n  FROM {}{limits}\n  GROUP BY customer_id",
        query.last()
    );
    let counted = match (rfm.frequency_of, has_invoice) {
        ("invoices", true) => "distinct invoices (without a number: days)",
        ("rows", _) => "purchase rows",
        _ => "distinct days with a purchase",
    };
    let span = window.map_or(String::new(), |w| format!(" in the {w} days up to {snapshot}"));
    let what = format!("Per customer{span}: the last purchase, how many {counted}, and the money as an exact sum.");
    query.push("counted", &what, body);

    let recency = sql.days("last_day", &sql.day(snapshot));
    let set_aside = recipe.clean.set_aside_not_positive;
    let positive = if set_aside { " AND monetary > 0" } else { "" };
    let kept = if inactive {
        format!("last_day IS NULL OR (last_day IS NOT NULL{positive})")
    } else {
        format!("last_day IS NOT NULL{positive}")
    };
    let or_inactive = |e: String, instead: String| match inactive {
        true => format!("CASE WHEN last_day IS NULL THEN {instead} ELSE {e} END"),
        false => e,
    };
    let beyond = window.map_or(0, |w| w + 1).to_string();
    let body = format!(
        "SELECT\n    customer_id,\n    {} AS {RECENCY},\n    {} AS {FREQUENCY},\n    {} AS {MONETARY}\n  FROM counted\n  WHERE {kept}",
        sql.as_double(&or_inactive(recency, beyond)),
        sql.as_double("frequency"),
        sql.as_double(&or_inactive("monetary".into(), "0".into())),
    );
    let what = format!(
        "Customers with a purchase{}; recency is the number of days from the last one to {snapshot}.{}",
        if set_aside { " and a spend above zero" } else { "" },
        if inactive { " Who bought nothing in the window counts as longer ago than it." } else { "" }
    );
    query.push("customers", &what, body);

    let rule = recipe.rfm.score_cuts;
    let axes = [("r", RECENCY, true), ("f", FREQUENCY, false), ("m", MONETARY, false)];
    let nested = rfm.scores.iter().any(|axis| !axis.within.is_empty());
    let expressions: Vec<String> = axes
        .iter()
        .zip(&rfm.scores)
        .map(|((_, feature, low_is_good), axis)| score(sql, feature, axis, rule, *low_is_good))
        .collect();
    let columns = format!("customer_id, {RECENCY}, {FREQUENCY}, {MONETARY}");
    let edge = match rule {
        ScoreCuts::Quantile => "a value equal to a cut point stays below it",
        ScoreCuts::RfmPackage => "a value equal to a cut point is above it",
    };
    if nested {
        // The cut points of an axis depend on the scores before it.
        let mut known = columns.clone();
        for ((letter, feature, _), e) in axes.iter().zip(&expressions) {
            let body = format!("SELECT\n    {known},\n    {e} AS {letter}_score\n  FROM {}", query.last());
            query.push(&format!("scored_{letter}"), &format!("Scores of {feature}; {edge}."), body);
            known.push_str(&format!(", {letter}_score"));
        }
    } else {
        let list: Vec<String> =
            axes.iter().zip(&expressions).map(|((letter, ..), e)| format!("{e} AS {letter}_score")).collect();
        let body = format!("SELECT\n    {columns},\n    {}\n  FROM customers", list.join(",\n    "));
        query.push("scored", &format!("Scores by the cut points found; {edge}."), body);
    }
    let body = format!(
        "SELECT\n    {columns},\n    r_score, f_score, m_score,\n    CASE\n{}\n    END AS rfm_segment\n  FROM {}",
        segments(sql, &rfm.map),
        query.last()
    );
    query.push("segmented", &format!("The segment map \u{201c}{}\u{201d}.", one_line(&rfm.map.title)), body);
    Ok(())
}

/// The condition that customers were picked by hand.
fn picked(sql: Sql, findings: &Findings) -> Result<Vec<String>, String> {
    let choice = &findings.recipe.customers;
    let mut out = Vec::new();
    let lists = [(choice.only.as_ref(), "IN"), (Some(&choice.without).filter(|l| !l.is_empty()), "NOT IN")];
    for (list, word) in lists.into_iter().filter_map(|(list, word)| list.map(|l| (l, word))) {
        if list.len() > MOST_PICKED {
            return Err(format!(
                "the customers were picked by hand, and {} ids are too many to write into a query",
                crate::format::count(list.len())
            ));
        }
        out.push(format!("customer_id {word} ({})", sql.texts(list.ids().iter().map(String::as_str))));
    }
    Ok(out)
}

/// The score of a feature by the cut points of its axis.
fn score(sql: Sql, feature: &str, axis: &AxisScores, rule: ScoreCuts, low_is_good: bool) -> String {
    if axis.within.is_empty() {
        return by_cuts(sql, feature, &axis.cuts, rule, low_is_good, "\n      ");
    }
    let n = axis.sizes.len();
    let before = if axis.within.len() == n { 1 } else { 2 };
    let by_last = |cells: &[Vec<f64>], letter: &str| {
        let one = |(i, cuts): (usize, &Vec<f64>)| {
            format!("\n        WHEN {} THEN {}", i + 1, by_cuts(sql, feature, cuts, rule, low_is_good, " "))
        };
        let all: String = cells.iter().enumerate().map(one).collect();
        format!("CASE {letter}_score{all}\n      END")
    };
    if before == 1 {
        return by_last(&axis.within, "r");
    }
    let one = |(i, cells): (usize, &[Vec<f64>])| format!("\n      WHEN {} THEN {}", i + 1, by_last(cells, "f"));
    format!("CASE r_score{}\n    END", axis.within.chunks(n).enumerate().map(one).collect::<String>())
}

fn by_cuts(sql: Sql, feature: &str, cuts: &[f64], rule: ScoreCuts, low_is_good: bool, gap: &str) -> String {
    let n = cuts.len() + 1;
    let below = if rule == ScoreCuts::Quantile { "<=" } else { "<" };
    let score = |above: usize| if low_is_good { n - above } else { above + 1 };
    let mut out = String::from("CASE");
    for (above, cut) in cuts.iter().enumerate() {
        out.push_str(&format!("{gap}WHEN {feature} {below} {} THEN {}", sql.number(*cut), score(above)));
    }
    out.push_str(&format!("{gap}ELSE {} END", score(n - 1)));
    out
}

/// The segment of every combination of scores: one line per segment and recency score.
fn segments(sql: Sql, map: &SegmentMap) -> String {
    let n = map.scores;
    let list = |scores: &[u8]| scores.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    let money = map.needs_money();
    for (at, segment) in map.segments.iter().enumerate() {
        let name = sql.text(&segment.name);
        for r in (1..=n).rev() {
            if money {
                for f in (1..=n).rev() {
                    let m: Vec<u8> = (1..=n).filter(|&m| usize::from(map.segment_of(r, f, m)) == at).collect();
                    if m.len() == usize::from(n) {
                        lines.push(format!("      WHEN r_score = {r} AND f_score = {f} THEN {name}"));
                    } else if !m.is_empty() {
                        let m = list(&m);
                        lines.push(format!(
                            "      WHEN r_score = {r} AND f_score = {f} AND m_score IN ({m}) THEN {name}"
                        ));
                    }
                }
            } else {
                let f: Vec<u8> = (1..=n).filter(|&f| usize::from(map.segment_of(r, f, 1)) == at).collect();
                if !f.is_empty() {
                    lines.push(format!("      WHEN r_score = {r} AND f_score IN ({}) THEN {name}", list(&f)));
                }
            }
        }
    }
    lines.join("\n")
}

/// Whether the findings are of transactions with all three axes.
pub(super) fn is_counted(rfm: &RfmOut) -> bool {
    rfm.scores.len() == 3 && rfm.snapshot.is_some()
}
