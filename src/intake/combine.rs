//! Several files as one table: rows of the same kind under one another, or customers beside their orders.

mod join;

use std::path::{Path, PathBuf};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::intern::{ColumnBuilder, table};
use super::table::{Code, Column};
use super::{Table, table_area};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
use crate::recipe::Combine;

/// Share of the wider file's columns that two files must have in common to hold rows of the same kind.
const ENOUGH_IN_COMMON: f64 = 0.6;

/// One file that was read.
pub(super) struct Part {
    /// How messages call it.
    pub name: String,
    pub table: Table,
    /// Whether its column names stand in the file.
    pub header: bool,
}

/// A name without regard to case, accents, spaces and signs: `Customer ID`, `customer_id` and `CustomerId` are one.
pub(super) fn plain(name: &str) -> String {
    table_area::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Makes one table of several. `notes` gets what there is to say.
///
/// # Errors
/// When the files neither have the same columns nor share the ids of customers; the text says what differs.
pub(super) fn combine(mut parts: Vec<Part>, how: Option<Combine>, notes: &mut Vec<String>, ctx: &Ctx) -> Result<Table> {
    if parts.len() == 1 {
        return Ok(parts.remove(0).table);
    }
    if how == Some(Combine::Stack) {
        return stack_parts(parts, notes, ctx);
    }
    if how == Some(Combine::Join) {
        let mut whole = parts.remove(0);
        for other in parts {
            let key = join::find(&whole, &other, true)
                .ok_or_else(|| differ(&whole, &other, "no column of one holds ids of the other", ALIKE))?;
            let (orders, customers) = if key.first_is_orders { (whole, other) } else { (other, whole) };
            whole = join::join(orders, &customers, &key, notes, ctx)?;
        }
        return Ok(whole.table);
    }
    let mut groups: Vec<Vec<Part>> = Vec::new();
    for part in parts {
        match groups.iter_mut().find(|g| same_kind(&g[0], &part)) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    let mut wholes = Vec::new();
    for group in groups {
        wholes.push(if group.len() == 1 {
            group.into_iter().next().ok_or_else(|| Error::data("no file was read"))?
        } else {
            let name = group.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" + ");
            let header = group[0].header;
            Part { name, table: stack_parts(group, notes, ctx)?, header }
        });
    }
    let mut whole = wholes.remove(0);
    for other in wholes {
        let Some(key) = join::find(&whole, &other, false) else {
            return Err(differ(
                &whole,
                &other,
                "they share no ids of customers",
                "say how they belong together (stack or join)",
            ));
        };
        let (orders, customers) = if key.first_is_orders { (whole, other) } else { (other, whole) };
        whole = join::join(orders, &customers, &key, notes, ctx)?;
    }
    Ok(whole.table)
}

/// Whether two files hold rows of the same kind: most names agree, or one of them has no names and as many columns.
fn same_kind(a: &Part, b: &Part) -> bool {
    let wider = a.table.columns.len().max(b.table.columns.len());
    if a.header != b.header || !a.header {
        return a.table.columns.len() == b.table.columns.len();
    }
    let names: Vec<String> = a.table.columns.iter().map(|c| plain(&c.name)).collect();
    let common = b.table.columns.iter().filter(|c| names.contains(&plain(&c.name))).count();
    common as f64 >= ENOUGH_IN_COMMON * wider as f64
}

/// What to do about files that were to be joined and have no ids in common.
const ALIKE: &str = "write the ids of both alike (007 and 7 are two ids)";

fn differ(a: &Part, b: &Part, also: &str, what_to_do: &str) -> Error {
    let names = |from: &Part, other: &Part| {
        let known: Vec<String> = other.table.columns.iter().map(|c| plain(&c.name)).collect();
        let own: Vec<&str> = from
            .table
            .columns
            .iter()
            .filter(|c| !known.contains(&plain(&c.name)))
            .map(|c| c.name.as_str())
            .take(8)
            .collect();
        own.join(", ")
    };
    Error::Data(format!(
        "the files do not fit together: only {} has {}, only {} has {}, and {also}; read them one by one, or \
         {what_to_do}",
        a.name,
        names(a, b),
        b.name,
        names(b, a)
    ))
}

fn stack_parts(parts: Vec<Part>, notes: &mut Vec<String>, ctx: &Ctx) -> Result<Table> {
    let named =
        parts.iter().find(|p| p.header).map(|p| p.table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
    let mut tables = Vec::with_capacity(parts.len());
    let mut labels = Vec::with_capacity(parts.len());
    for part in parts {
        let mut table = part.table;
        // A file without names goes by the place of its columns, as the later parts of a cut file do.
        if let Some(names) = named.as_ref().filter(|n| !part.header && n.len() == table.columns.len()) {
            notes.push(format!(
                "{} has no column names; its columns were taken in the order of the other file.",
                part.name
            ));
            for (column, name) in table.columns.iter_mut().zip(names) {
                let mut renamed = Column::clone(column);
                renamed.name = name.clone();
                *column = renamed.into();
            }
        }
        tables.push(table);
        labels.push(part.name);
    }
    stack(&tables, &labels, notes, ctx)
}

/// Puts tables under one another. Columns go by [`plain`] names, in the order and spelling of the first table; what a
/// table does not have is empty there.
pub(super) fn stack(tables: &[Table], labels: &[String], notes: &mut Vec<String>, ctx: &Ctx) -> Result<Table> {
    let mut names: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    // For each table, which of its columns is the column of the result.
    let mut sources: Vec<Vec<usize>> = Vec::new();
    for (t, (table, label)) in tables.iter().zip(labels).enumerate() {
        let mut source = Vec::new();
        let mut respelled = Vec::new();
        let mut taken = vec![false; names.len() + table.columns.len()];
        for column in &table.columns {
            // Signs only, such as "%" and "#", have no plain name.
            let key = Some(plain(&column.name)).filter(|k| !k.is_empty()).unwrap_or_else(|| column.name.clone());
            let place = match places.get(&key) {
                Some(&place) if !taken[place] => place,
                Some(_) | None => {
                    let exact = names.iter().position(|n| *n == column.name).filter(|&p| !taken[p]);
                    exact.unwrap_or_else(|| {
                        places.entry(key).or_insert(names.len());
                        names.push(column.name.clone());
                        names.len() - 1
                    })
                }
            };
            if taken.len() <= place {
                taken.resize(place + 1, false);
            }
            taken[place] = true;
            if t > 0 && names[place] != column.name {
                respelled.push(format!("{} as {}", column.name, names[place]));
            }
            source.push(place);
        }
        if !respelled.is_empty() {
            notes.push(format!("In {label} these columns were taken by their likeness: {}.", respelled.join(", ")));
        }
        sources.push(source);
    }
    for (place, name) in names.iter().enumerate() {
        let without: Vec<&str> =
            sources.iter().zip(labels).filter(|(s, _)| !s.contains(&place)).map(|(_, l)| l.as_str()).collect();
        if !without.is_empty() {
            notes.push(format!("Column {name} is not in {}; it is empty in their rows.", without.join(", ")));
        }
    }
    let rows: usize = tables.iter().map(|t| t.rows).sum();
    let build = |(place, name): (usize, String)| {
        let mut builder = ColumnBuilder::new();
        builder.codes.reserve_exact(rows);
        for (table, source) in tables.iter().zip(&sources) {
            ctx.tick(builder.codes.len(), rows)?;
            match source.iter().position(|&p| p == place) {
                Some(at) => append(&mut builder, &table.columns[at]),
                None => builder.codes.resize(builder.codes.len() + table.rows, 0),
            }
        }
        builder.finish(name, &|c| String::from_utf8_lossy(c), ctx)
    };
    let columns =
        names.into_iter().enumerate().collect::<Vec<_>>().into_par_iter().map(build).collect::<Result<Vec<_>>>()?;
    Ok(table(columns))
}

fn append(builder: &mut ColumnBuilder, column: &Column) {
    let codes: Vec<Code> = column.dict.iter().map(|text| builder.interner.intern(text.as_bytes())).collect();
    builder.codes.extend(column.codes.iter().map(|&c| codes[c as usize]));
}

/// Files that are named twice, each once.
pub(super) fn repeated(files: &[PathBuf]) -> Vec<&Path> {
    let real: Vec<PathBuf> = files.iter().map(|f| std::fs::canonicalize(f).unwrap_or_else(|_| f.clone())).collect();
    let mut found: Vec<&Path> = Vec::new();
    for i in 0..files.len() {
        if real[..i].contains(&real[i]) && !found.contains(&files[i].as_path()) {
            found.push(&files[i]);
        }
    }
    found
}

/// `3 of 10 rows (30.0 %)`.
fn share(part: usize, whole: usize, one: &str, many: &str) -> String {
    let percent = format::percent(part as f64 / whole.max(1) as f64);
    format!("{} of {} ({percent})", format::count(part), format::plural(whole, one, many))
}
