//! `quintile inspect`: what intake sees in a file.

use std::io::Write;

use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::format;
use crate::intake::kind::ColumnKind;
use crate::intake::{self, InputReport, RolesOut};
use crate::recipe::Recipe;

/// Reads the file and says what was found, as text or JSON on stdout.
pub(super) fn inspect(recipe: &Recipe, as_json: bool) -> anyhow::Result<()> {
    let read = intake::read(&recipe.input, &Ctx::silent())?;
    let roles = intake::roles::find(&read.table, &recipe.roles, &Ctx::silent())?;
    let warnings: Vec<&String> = read.warnings.iter().chain(&roles.warnings).collect();
    let mut out = std::io::stdout().lock();
    if as_json {
        let by_role: serde_json::Map<String, Value> =
            roles.roles.iter().map(|r| (r.role.name().to_string(), json!(r.column))).collect();
        let reasons: serde_json::Map<String, Value> =
            roles.roles.iter().map(|r| (r.role.name().to_string(), json!(r.reason))).collect();
        let whole = json!({
            "version": 1,
            "input": read.reports,
            "columns": roles.columns,
            "shape": roles.shape.shape.name(),
            "shape_reason": roles.shape.reason,
            "roles": by_role,
            "role_reasons": reasons,
            "warnings": warnings,
        });
        serde_json::to_writer_pretty(&mut out, &whole)?;
        writeln!(out)?;
        return Ok(());
    }
    for report in &read.reports {
        print_file(&mut out, report)?;
    }
    print_columns(&mut out, &roles)?;
    writeln!(out, "\nread as {}: {}", roles.shape.shape.label().to_lowercase(), roles.shape.reason)?;
    for warning in warnings {
        writeln!(out, "! {warning}")?;
    }
    Ok(())
}

fn print_file(out: &mut impl Write, r: &InputReport) -> std::io::Result<()> {
    writeln!(out, "{}", r.path.display())?;
    let mut facts = vec![r.format.clone()];
    facts.extend(r.encoding.clone());
    facts.extend(r.delimiter.as_ref().map(|d| match d.as_str() {
        "\t" => "separated by tab".to_string(),
        "whitespace" => "separated by blanks".to_string(),
        d => format!("separated by {d}"),
    }));
    facts.extend(r.sheet.as_ref().map(|s| format!("sheet {s:?} of {}", r.sheets.len())));
    facts.push(if r.header { "with header".into() } else { "without header".into() });
    facts.push(format::plural(r.rows, "row", "rows"));
    facts.push(format::plural(r.columns, "column", "columns"));
    writeln!(out, "{}\n", facts.join(", "))
}

fn print_columns(out: &mut impl Write, roles: &RolesOut) -> std::io::Result<()> {
    let width = roles.columns.iter().map(|c| c.name.chars().count()).max().unwrap_or(0).clamp(6, 30);
    writeln!(out, "{:width$}  {:<14} {:<12} {:>10} {:>10}  examples", "column", "type", "role", "missing", "distinct")?;
    for c in &roles.columns {
        writeln!(
            out,
            "{:width$}  {:<14} {:<12} {:>10} {:>10}  {}",
            c.name,
            c.kind.label(),
            c.role.as_deref().unwrap_or(""),
            format::count(c.missing),
            format::count(c.distinct),
            c.examples.join(" | ")
        )?;
        if let ColumnKind::Date { style, ambiguous: true, .. } = &c.kind {
            writeln!(out, "{:width$}  day and month cannot be told apart; read as {}", "", style.label())?;
        }
    }
    Ok(())
}
