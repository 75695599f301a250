//! `quintile inspect`: what intake sees in a file.

use std::io::Write;

use serde_json::{Value, json};

use crate::clean::steps::{Suggestion, suggest_non_products};
use crate::ctx::Ctx;
use crate::format;
use crate::intake::quality::{self, QualityItem};
use crate::intake::{self, ColumnReport, Distribution, InputReport, RolesOut};
use crate::recipe::Recipe;

/// Rejects, preamble lines and values that the text shows; JSON has all that were kept.
const SHOWN: usize = 5;

/// Reads the file and says what was found, as text or JSON on stdout.
///
/// `head`: of the first megabyte of a text file only, which takes no time however large the file is.
pub(super) fn inspect(recipe: &Recipe, as_json: bool, head: bool) -> anyhow::Result<()> {
    let ctx = Ctx::silent();
    let part = if head { intake::preview(&recipe.input, &ctx)? } else { None };
    let read = part.map_or_else(|| intake::read(&recipe.input, &ctx), Ok)?;
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx)?;
    let quality = quality::report(&read.table, &roles, &ctx)?;
    let non_products = suggest_non_products(&read.table, &roles, &ctx)?;
    let warnings: Vec<&String> = read.warnings.iter().chain(&roles.warnings).collect();
    let mut out = std::io::stdout().lock();
    if as_json {
        let by_role = |f: &dyn Fn(&intake::RoleFound) -> Value| -> serde_json::Map<String, Value> {
            roles.roles.iter().map(|r| (r.role.name().to_string(), f(r))).collect()
        };
        let whole = json!({
            "version": 1,
            "input": read.reports,
            "columns": roles.columns,
            "shape": roles.shape.shape.name(),
            "shape_reason": roles.shape.reason,
            "roles": by_role(&|r| json!(r.column)),
            "role_reasons": by_role(&|r| json!(r.reason)),
            "role_confidence": by_role(&|r| json!(r.column.as_ref().map(|_| r.confidence))),
            "quality": quality,
            "non_products": non_products,
            "warnings": warnings,
        });
        serde_json::to_writer_pretty(&mut out, &whole)?;
        writeln!(out)?;
        return Ok(());
    }
    // Somebody who closed the pipe has read enough.
    match print_all(&mut out, &read.reports, &roles, &quality, &non_products, &warnings) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn print_all(
    out: &mut impl Write,
    reports: &[InputReport],
    roles: &RolesOut,
    quality: &[QualityItem],
    non_products: &[Suggestion],
    warnings: &[&String],
) -> std::io::Result<()> {
    for report in reports {
        print_file(out, report)?;
    }
    print_columns(out, &roles.columns)?;
    print_roles(out, roles)?;
    writeln!(out, "\nRead as {}: {}", roles.shape.shape.label().to_lowercase(), roles.shape.reason)?;
    if !quality.is_empty() {
        writeln!(out, "\nQuality")?;
        for item in quality {
            writeln!(out, "  {}{}", item.column.as_ref().map_or(String::new(), |c| format!("{c}: ")), item.text)?;
        }
    }
    if let Some(first) = non_products.first() {
        writeln!(out, "\nMay be no products, by {} (kept unless a cleaning step excludes them)", first.column)?;
        for item in non_products.iter().take(2 * SHOWN) {
            let rows = format::plural(item.rows, "row", "rows");
            let text = item.description.as_ref().map_or(String::new(), |d| format!(" {}", one_line(d, 40)));
            writeln!(out, "  {}{text}: {}, {rows}, {}", item.value, item.reason, format::money(item.amount, None))?;
        }
    }
    for report in reports.iter().filter(|r| r.rejected > 0) {
        let rows = format::plural(report.rejected, "row does", "rows do");
        writeln!(out, "\nRejects: {rows} not fit the table")?;
        for reject in report.rejects.iter().take(SHOWN) {
            writeln!(out, "  line {}: {}", reject.line, reject.reason)?;
            writeln!(out, "    {}", one_line(&reject.text, 100))?;
        }
        if report.rejected > SHOWN {
            writeln!(out, "  … and {} more; --json lists them", format::count(report.rejected - SHOWN))?;
        }
    }
    if !warnings.is_empty() {
        writeln!(out, "\nWarnings")?;
        for warning in warnings {
            writeln!(out, "  ! {warning}")?;
        }
    }
    Ok(())
}

fn print_file(out: &mut impl Write, r: &InputReport) -> std::io::Result<()> {
    writeln!(out, "{}", r.path.display())?;
    let mut fact = |name: &str, value: String| writeln!(out, "  {name:<10} {value}");
    let packed = r.compression.as_ref().map_or(String::new(), |c| format!(", packed with {c}"));
    fact("format", format!("{}{packed}, {} bytes", r.format, format::count(r.bytes as usize)))?;
    if let Some(encoding) = &r.encoding {
        fact("encoding", encoding.clone())?;
    }
    if let Some(delimiter) = &r.delimiter {
        let mut dialect = vec![match delimiter.as_str() {
            "\t" => "separated by tab".to_string(),
            "whitespace" => "separated by blanks".to_string(),
            d => format!("separated by {d}"),
        }];
        dialect.extend(r.quote.map(|q| format!("quoted with {q}")));
        dialect.extend(r.escape.map(|e| format!("escaped with {e}")));
        dialect.extend(r.newline.as_ref().map(|n| format!("lines end in {n}")));
        fact("dialect", dialect.join(", "))?;
    }
    if let Some(sheet) = &r.sheet {
        fact("sheet", format!("{sheet:?}, one of {}: {}", r.sheets.len(), r.sheets.join(", ")))?;
    }
    let mut header = match (r.header, r.header_rows) {
        (false, _) => "none".to_string(),
        (true, 0 | 1) => "one row".to_string(),
        (true, n) => format!("{n} rows"),
    };
    if r.first_line > 1 {
        header.push_str(&format!(", starting on line {}", format::count(r.first_line)));
    }
    fact("header", header)?;
    let mut size = vec![format::plural(r.rows, "row", "rows"), format::plural(r.columns, "column", "columns")];
    let counted = [
        (r.ragged_rows, "with other numbers of fields"),
        (r.broken_quotes, "with quotes that do not pair"),
        (r.comments, "left out as comments"),
    ];
    size.extend(counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", format::count(n))));
    fact("size", size.join(", "))?;
    for (name, lines) in [("above", &r.preamble), ("below", &r.footer), ("totals", &r.totals)] {
        for line in lines.iter().take(SHOWN) {
            fact(name, format!("left out: {}", one_line(line, 80)))?;
        }
        if lines.len() > SHOWN {
            fact(name, format!("… and {} more lines", format::count(lines.len() - SHOWN)))?;
        }
    }
    for note in &r.notes {
        fact("note", note.clone())?;
    }
    writeln!(out)
}

fn print_columns(out: &mut impl Write, columns: &[ColumnReport]) -> std::io::Result<()> {
    let width = columns.iter().map(|c| c.name.chars().count()).max().unwrap_or(0).clamp(6, 30);
    writeln!(out, "{:width$}  {:<14} {:<12} {:>9} {:>10}  examples", "column", "type", "role", "missing", "distinct")?;
    for c in columns {
        let examples: Vec<String> = c.examples.iter().map(|e| one_line(e, 40)).collect();
        writeln!(
            out,
            "{:width$}  {:<14} {:<12} {:>9} {:>10}  {}",
            one_line(&c.name, width),
            c.kind.label(),
            c.role.as_deref().unwrap_or(""),
            if c.missing == 0 { "0".into() } else { format::percent(c.missing_share) },
            format::count(c.distinct),
            examples.join(" | ")
        )?;
        let mut more = |text: String| writeln!(out, "{:width$}  {text}", "");
        if !c.written.is_empty() {
            more(c.written.clone())?;
        }
        let tokens: Vec<String> = c
            .missing_tokens
            .iter()
            .filter(|(token, _)| !token.is_empty())
            .take(SHOWN)
            .map(|(token, rows)| format!("{token:?} in {}", format::plural(*rows, "row", "rows")))
            .collect();
        if !tokens.is_empty() {
            more(format!("read as missing: {}", tokens.join(", ")))?;
        }
        if let Some(text) = spread(&c.histogram) {
            more(text)?;
        }
        for problem in &c.problems {
            more(format!("! {problem}"))?;
        }
    }
    Ok(())
}

/// The range of a column and how its rows spread over it, as a line of blocks.
fn spread(histogram: &Distribution) -> Option<String> {
    match histogram {
        Distribution::Numbers { min, max, bins } if max > min => {
            Some(format!("{} {} {}", format::short(*min), blocks(bins), format::short(*max)))
        }
        Distribution::Dates { first, last, bins } if first != last => Some(format!("{first} {} {last}", blocks(bins))),
        Distribution::None | Distribution::Top { .. } | Distribution::Numbers { .. } | Distribution::Dates { .. } => {
            None
        }
    }
}

fn blocks(bins: &[usize]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = bins.iter().copied().max().unwrap_or(0).max(1);
    let block = |&n: &usize| if n == 0 { '·' } else { HEIGHTS[(n * 7).div_ceil(most).min(7)] };
    bins.iter().map(block).collect()
}

fn print_roles(out: &mut impl Write, roles: &RolesOut) -> std::io::Result<()> {
    writeln!(out, "\nRoles")?;
    for found in &roles.roles {
        let label = found.role.label();
        match &found.column {
            Some(column) => {
                let sure =
                    if found.chosen { "chosen".into() } else { format!("{:.0} % sure", found.confidence * 100.0) };
                writeln!(out, "  {label:<11} {column} ({sure}): {}", found.reason)?;
            }
            None => writeln!(out, "  {label:<11} none: {}", found.reason)?,
        }
    }
    Ok(())
}

/// A text on one line of at most `most` characters.
fn one_line(text: &str, most: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if flat.chars().count() <= most { flat } else { flat.chars().take(most - 1).chain(['…']).collect() }
}
