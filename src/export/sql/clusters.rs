//! The cluster of a customer: features as clustering saw them, and the rule that leads to the nearest cluster.

use super::dialect::Sql;
use super::query::Query;
use super::ranks;
use crate::cluster::Detail;
use crate::features::FittedColumn;
use crate::pipeline::Findings;
use crate::recipe::Transform;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// Why the clusters cannot be put into SQL; `None` where they can.
pub(super) fn refused(findings: &Findings) -> Option<String> {
    let matrix = &findings.matrix;
    let known = [RECENCY, FREQUENCY, MONETARY];
    let names = matrix.columns.iter().map(|c| c.name.as_str()).chain(matrix.words.iter().map(|w| w.name.as_str()));
    let others: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
    (!others.is_empty()).then(|| {
        format!(
            "the clusters go by {}, which the query cannot count; the column cluster is empty, the RFM segments are complete",
            others.join(", ")
        )
    })
}

/// Adds the parts that end in one row per customer with `cluster`.
pub(super) fn add(query: &mut Query, findings: &Findings) {
    let sql = query.sql;
    let matrix = &findings.matrix;
    let z: Vec<String> = (0..matrix.columns.len()).map(|j| format!("z{}", j + 1)).collect();
    let list: Vec<String> =
        matrix.columns.iter().zip(&z).map(|(column, z)| format!("{} AS {z}", prepared(sql, column))).collect();
    if matrix.columns.iter().any(|column| column.transform == Transform::Rank) {
        ranks::add(query, &matrix.columns);
    }
    let joins = ranks::joins(&matrix.columns);
    let body = format!(
        "SELECT\n    customer_id,\n    rfm_segment,\n    {}\n  FROM {}{joins}",
        list.join(",\n    "),
        query.last()
    );
    let how: Vec<String> = matrix.columns.iter().map(in_words).collect();
    query.push_once("prepared", &format!("Features as clustering saw them: {}.", how.join("; ")), body);

    let clustering = &findings.chosen.clustering;
    let k = clustering.clusters();
    let (what, letter, best, values): (String, &str, &str, Vec<String>) = match &clustering.detail {
        Detail::Mixture(mixture) => {
            let score = |c: usize| {
                let (inverse, log_det) = crate::cluster::inverse_and_log_det(&mixture.covariances[c]);
                let mean = mixture.means.row(c);
                let constant = mixture.weights[c].ln() - log_det / 2.0;
                let off = |j: usize| minus(sql, &z[j], mean[j]);
                let mut terms = Vec::new();
                for a in 0..z.len() {
                    for b in a..z.len() {
                        let factor = if a == b { inverse[[a, a]] / 2.0 } else { inverse[[a, b]] };
                        if factor != 0.0 {
                            terms.push(format!("{} * {} * {}", signed(sql, factor), off(a), off(b)));
                        }
                    }
                }
                format!("{} - ({})", signed(sql, constant), terms.join(" + "))
            };
            let what = "How likely each Gaussian group is: ln(weight) - ln(det(covariance)) / 2 - squared Mahalanobis distance / 2.";
            (what.into(), "likely", "GREATEST", (0..k).map(score).collect())
        }
        detail => {
            let squared = |c: usize| {
                let center = clustering.centroids.row(c);
                let terms = z.iter().zip(center).map(|(z, value)| {
                    let off = minus(sql, z, *value);
                    format!("{off} * {off}")
                });
                terms.collect::<Vec<_>>().join(" + ")
            };
            let what = match detail {
                Detail::Tree(_) | Detail::Density(_) => format!(
                    "Squared distances to the means of the clusters. {} has no rule for new customers: the nearest mean is an approximation, the same as in model.json, which says for which share of customers it agrees.",
                    findings.recipe.cluster.algorithm.label()
                ),
                _ => "Squared distances to the centroids.".into(),
            };
            (what, "distance", "LEAST", (0..k).map(squared).collect())
        }
    };
    let names: Vec<String> = (1..=k).map(|c| format!("{letter}_{c}")).collect();
    let list: Vec<String> = values.iter().zip(&names).map(|(e, name)| format!("{e} AS {name}")).collect();
    let body = format!("SELECT\n    customer_id,\n    rfm_segment,\n    {}\n  FROM prepared", list.join(",\n    "));
    query.push_once("clusters", &what, body);
    let cluster = match k {
        1 => "1".to_string(),
        _ => {
            let when: String = (1..=k).map(|c| format!("\n      WHEN {letter}_{c} THEN {c}")).collect();
            format!("CASE {best}({}){when}\n    END", names.join(", "))
        }
    };
    let list: Vec<String> = findings.profiles.iter().map(|p| format!("{} {}", p.number, p.name)).collect();
    let body = format!("SELECT\n    customer_id,\n    rfm_segment,\n    {cluster} AS cluster\n  FROM clusters");
    query.push("labelled", &format!("The nearest cluster; of equally near ones the first. {}.", list.join(", ")), body);
}

/// A number that may stand after an operator.
fn signed(sql: Sql, value: f64) -> String {
    let text = sql.number(value);
    if text.starts_with('-') { format!("({text})") } else { text }
}

/// `(e - value)`.
fn minus(sql: Sql, e: &str, value: f64) -> String {
    if value < 0.0 { format!("({e} + {})", sql.number(-value)) } else { format!("({e} - {})", sql.number(value)) }
}

/// `√weight · (transform(value) − center) / spread`.
fn prepared(sql: Sql, column: &FittedColumn) -> String {
    let v = column.name.as_str();
    let transformed = match column.transform {
        Transform::None => v.to_string(),
        Transform::Log1p => format!("LN(1 + {v})"),
        Transform::YeoJohnson => yeo_johnson(sql, v, column.lambda.unwrap_or(1.0)),
        Transform::Rank => ranks::share(column),
    };
    let scaled = match (column.center == 0.0, column.spread == 1.0) {
        (true, true) => transformed,
        (false, true) => minus(sql, &transformed, column.center),
        _ => format!("{} / {}", minus(sql, &transformed, column.center), signed(sql, column.spread)),
    };
    if column.weight == 1.0 { scaled } else { format!("{} * ({scaled})", signed(sql, column.weight.sqrt())) }
}

/// Yeo & Johnson 2000, eq. 2.1.
fn yeo_johnson(sql: Sql, v: &str, lambda: f64) -> String {
    let power = |e: &str, lambda: f64, sign: &str| match lambda.abs() < f64::EPSILON {
        true => format!("{sign}LN({e})"),
        false => format!("{sign}(EXP({} * LN({e})) - 1) / {}", signed(sql, lambda), signed(sql, lambda)),
    };
    format!(
        "CASE WHEN {v} >= 0 THEN {} ELSE {} END",
        power(&format!("1 + {v}"), lambda, ""),
        power(&format!("1 - {v}"), 2.0 - lambda, "-")
    )
}

/// What is done to a feature, in words.
fn in_words(column: &FittedColumn) -> String {
    let weight = if column.weight == 1.0 { String::new() } else { format!(", weight {}", column.weight) };
    let transform = match column.transform {
        Transform::None => "as it is".into(),
        Transform::Log1p => "ln(1 + x)".into(),
        Transform::YeoJohnson => format!("Yeo-Johnson with exponent {}", column.lambda.unwrap_or(1.0)),
        Transform::Rank => "share of customers below it".to_string(),
    };
    format!("{} {transform}, {} scale{weight}", column.name, column.scale.name())
}
