//! What was done to the data, step by step, so that the figures can be explained and repeated.

use super::data::{Block, Cell, Column, Part, Table};
use super::text;
use crate::cluster::readings;
use crate::export::placement;
use crate::format;
use crate::intake::Role;
use crate::pipeline::Findings;
use crate::recipe::TableShape;
use crate::rfm::{CutsFrom, Unit};

/// The part with its steps.
pub(super) fn method(findings: &Findings) -> Part {
    let mut blocks = reading(findings);
    blocks.extend(cleaning(findings));
    blocks.extend(customers(findings));
    blocks.extend(scores(findings));
    blocks.extend(clusters(findings));
    blocks.extend(number_of_clusters(findings));
    Part { anchor: "method".into(), title: "Method".into(), page: true, blocks }
}

fn reading(findings: &Findings) -> Vec<Block> {
    let shape = &findings.roles.shape;
    let mut items: Vec<String> = findings
        .intake
        .reports
        .iter()
        .map(|report| {
            let name = report.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let mut facts = vec![report.format.clone()];
            facts.extend(report.encoding.clone());
            facts.extend(report.sheet.as_ref().map(|sheet| format!("sheet “{sheet}”")));
            let left_out = match report.rejected {
                0 => String::new(),
                n => format!(
                    "; {} left out",
                    format::plural(n, "row that does not fit the table was", "rows that do not fit the table were")
                ),
            };
            text::sentence(&format!(
                "{name} ({}): {} and {}{left_out}",
                facts.join(", "),
                format::plural(report.rows, "row", "rows"),
                format::plural(report.columns, "column", "columns")
            ))
        })
        .collect();
    let row_is = match shape.shape {
        TableShape::Transactions => "a purchase or a part of one",
        TableShape::RfmTable => "a customer with recency, frequency and monetary counted already",
        TableShape::CustomerTable => "a customer",
    };
    items.push(text::sentence(&format!("One row is {row_is}: {}", shape.reason)));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (label, column) in [("Recency", &shape.recency), ("Frequency", &shape.frequency), ("Monetary", &shape.monetary)]
    {
        if let Some(column) = column {
            rows.push(vec![Cell::text(label), Cell::text(text::line(column)), Cell::default()]);
        }
    }
    for role in Role::ALL {
        let found = findings.roles.roles.iter().find(|r| r.role == role);
        if let Some((column, reason)) = found.and_then(|found| Some((found.column.as_ref()?, &found.reason))) {
            rows.push(vec![Cell::text(role.label()), Cell::text(text::line(column)), Cell::muted(text::line(reason))]);
        }
    }
    let mut out = vec![Block::heading("1. The file was read"), Block::List { items }];
    if !rows.is_empty() {
        let columns = vec![Column::text("Meaning", 0.7), Column::text("Column", 0.8), Column::text("Because", 1.6)];
        out.push(Block::Table { table: Table { columns, rows } });
    }
    out
}

fn cleaning(findings: &Findings) -> Vec<Block> {
    let funnel = &findings.rfm.funnel;
    let currency = text::currency(findings);
    let money = funnel.iter().any(|step| step.amount.is_finite());
    let mut columns = vec![
        Column::text("Step", 0.9),
        Column::text("What it did", 1.5),
        Column::number("Rows left"),
        Column::number("Customers"),
    ];
    columns.extend(money.then(|| Column::number("Money")));
    // A step that is off and removed nothing is no step of this analysis.
    let did = |i: usize| funnel[i].on || (i > 0 && funnel[i].rows != funnel[i - 1].rows);
    let rows = (0..funnel.len()).filter(|&i| did(i)).map(|i| {
        let step = &funnel[i];
        let mut row = vec![
            Cell::text(text::line(&step.step)),
            Cell::muted(text::line(&step.note)),
            Cell::text(format::count(step.rows)),
            Cell::text(format::count(step.customers)),
        ];
        row.extend(money.then(|| Cell::text(format::money(step.amount, currency))));
        row
    });
    let mut out =
        vec![Block::heading("2. It was cleaned"), Block::Table { table: Table { columns, rows: rows.collect() } }];
    if let (Some(first), Some(last)) = (funnel.first(), funnel.last()) {
        out.push(Block::note(format!(
            "Of {} as read, {} of {} were used.",
            format::plural(first.rows, "row", "rows"),
            format::count(last.rows),
            format::plural(last.customers, "customer", "customers")
        )));
    }
    if findings.roles.shape.shape == TableShape::Transactions {
        let returns = findings.recipe.clean.returns;
        out.push(Block::text(text::sentence(&format!(
            "Returns: {}. {}",
            returns.label(),
            text::sentence(returns.hint())
        ))));
    }
    out
}

fn customers(findings: &Findings) -> Vec<Block> {
    let rfm = &findings.rfm;
    let heading =
        if rfm.scores.is_empty() { "3. Customers were described" } else { "3. Purchases were counted per customer" };
    let mut out = vec![Block::heading(heading)];
    let mut items = Vec::new();
    if let (Some(snapshot), Some(first), Some(last)) = (rfm.snapshot, rfm.first_day, rfm.last_day) {
        let window = match findings.recipe.rfm.window_days {
            Some(days) if findings.roles.shape.shape == TableShape::Transactions => {
                format!("the last {} before that day count", format::plural(days as usize, "day", "days"))
            }
            _ => format!("the data run from {} to {}", text::date(first), text::date(last)),
        };
        items.push(format!("Everything is as of {}, the snapshot date; {window}.", text::date(snapshot)));
    }
    items.extend(rfm.notes.iter().map(|note| text::sentence(note)));
    if !items.is_empty() {
        out.push(Block::List { items });
    }
    let shown = |name: &str| {
        findings.matrix.columns.iter().any(|c| c.name == name)
            || [crate::rfm::RECENCY, crate::rfm::FREQUENCY, crate::rfm::MONETARY].contains(&name)
    };
    let rows: Vec<Vec<Cell>> = rfm
        .customers
        .features
        .iter()
        .filter(|f| f.unit != Unit::Words && shown(&f.name))
        .map(|f| vec![Cell::text(text::line(&f.label)), Cell::text(text::sentence(&f.definition))])
        .collect();
    let columns = vec![Column::text("Feature", 0.6), Column::text("What it is", 2.0)];
    out.push(Block::Table { table: Table { columns, rows } });
    out
}

fn scores(findings: &Findings) -> Vec<Block> {
    let (rfm, choice, currency) = (&findings.rfm, &findings.recipe.rfm, text::currency(findings));
    if rfm.scores.is_empty() {
        return Vec::new();
    }
    let rows = rfm.scores.iter().zip(&rfm.customers.features).map(|(axis, feature)| {
        let say = |v: &f64| text::value(*v, feature.unit, currency);
        let cuts = match axis.from {
            CutsFrom::Nested => "differ by the scores before; see the workbook".to_string(),
            _ => axis.cuts.iter().map(say).collect::<Vec<_>>().join(" | "),
        };
        let sizes: Vec<String> = axis.sizes.iter().map(|&n| format::count(n)).collect();
        vec![Cell::text(text::line(&feature.label)), Cell::text(cuts), Cell::text(sizes.join(" | "))]
    });
    let columns = vec![
        Column::text("Score", 0.5),
        Column::text("Cut points", 1.3),
        Column::text(format!("Customers with score 1 to {}", choice.scores), 1.3),
    ];
    let mut out = vec![
        Block::heading("4. Customers were scored"),
        Block::text(format!(
            "{} {}",
            text::sentence(choice.score_cuts.hint()),
            text::sentence(&format!("{}: {}", choice.binning.label(), choice.binning.hint()))
        )),
        Block::Table { table: Table { columns, rows: rows.collect() } },
    ];
    out.push(Block::text(format!(
        "The scores lead to the segments of the map “{}”; the highest score is the best on each.",
        text::line(&rfm.map.title)
    )));
    out.extend(rfm.map.notes.iter().map(|note| Block::note(text::sentence(note))));
    out
}

fn clusters(findings: &Findings) -> Vec<Block> {
    let (rfm, features) = (&findings.rfm, &findings.recipe.features);
    let number = if rfm.scores.is_empty() { 4 } else { 5 };
    let labels: Vec<String> = findings
        .matrix
        .columns
        .iter()
        .map(|c| {
            let feature = rfm.customers.features.iter().find(|f| f.name == c.name);
            feature.map_or_else(|| c.name.clone(), |f| f.label.clone())
        })
        .collect();
    let ordered = match rfm.value {
        Some(at) => format!("mean {}, highest first", rfm.customers.features[at].label.to_lowercase()),
        None => "size, largest first".into(),
    };
    let mut items = vec![
        text::sentence(&format!("Customers were compared by {}", labels.join(", "))),
        text::sentence(&format!(
            "Transform: {}. {}",
            features.transform.label(),
            text::sentence(features.transform.hint())
        )),
        text::sentence(&format!("Scale: {}. {}", features.scale.label(), text::sentence(features.scale.hint()))),
    ];
    for c in &findings.matrix.columns {
        let as_the_others = c.transform == features.transform && c.scale == features.scale && c.weight == 1.0;
        if as_the_others && c.fill.is_none() {
            continue;
        }
        let fill = c.fill.map_or_else(String::new, |v| format!(", missing values count as {}", format::short(v)));
        items.push(text::sentence(&format!(
            "{}: transform {}, scale {}, weight {}{fill}",
            c.name,
            c.transform.label(),
            c.scale.label(),
            format::short(c.weight)
        )));
    }
    items.push(text::sentence(&placement::method(findings)));
    items.push(text::sentence(&format!("The segments are numbered by {ordered}")));
    if let Some(noise) = findings.profiles.iter().find(|p| p.number == 0) {
        items.push(format!(
            "{} between the dense regions belong to no segment.",
            format::plural(noise.customers, "customer", "customers")
        ));
    }
    items.push(match rfm.scores.len() {
        3 => "Each segment’s mean scores are compared with patterns that have names; every name is given once.".into(),
        _ => "Names come from the features in which a segment differs most from everyone.".to_string(),
    });
    let rules = &findings.portraits.rules;
    if !rules.rules.is_empty() && findings.profiles.len() > 1 {
        items.push(text::sentence(&rules.told(&findings.profiles)));
    }
    vec![Block::heading(format!("{number}. Alike customers were grouped")), Block::List { items }]
}

fn number_of_clusters(findings: &Findings) -> Vec<Block> {
    let number = if findings.rfm.scores.is_empty() { 5 } else { 6 };
    let clusters = findings.chosen.clustering.clusters();
    let mut out = vec![
        Block::heading(format!("{number}. How many segments there are")),
        Block::text(text::sentence(&format!("{clusters}, by {}", findings.chosen.chosen_by))),
    ];
    if !findings.verdict().is_empty() {
        out.push(Block::text(text::sentence(findings.verdict())));
    }
    let all = readings(&findings.search, findings.checks.as_deref());
    let rows: Vec<Vec<Cell>> = all
        .iter()
        .filter(|reading| !reading.points.is_empty())
        .map(|reading| {
            let best = reading.best.map_or_else(|| "–".into(), |k| k.to_string());
            vec![Cell::text(reading.name), Cell::text(best), Cell::muted(text::line(&reading.line))]
        })
        .collect();
    if !rows.is_empty() {
        let columns = vec![Column::text("Criterion", 0.6), Column::number("Says"), Column::text("How it reads", 2.2)];
        out.push(Block::Table { table: Table { columns, rows } });
    }
    let checks = findings.checks.iter().flat_map(|checks| &checks.notes);
    out.extend(checks.chain(&findings.search.notes).map(|note| Block::note(text::sentence(note))));
    out
}
