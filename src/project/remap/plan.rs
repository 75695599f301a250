//! What has to be known before an analysis runs on another file.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::similar::{Wanted, likeness, same_kind};
use super::uses::{Use, uses};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::{self, IntakeOut, Role, RolesOut, Table};
use crate::recipe::{Input, Recipe, Roles, from_anywhere};

/// Bytes of a file from which only its head is looked at.
const LARGE: u64 = 32 << 20;

/// How a column of the other file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It has the same name.
    Same,
    /// The same name but for case, spaces and punctuation.
    Spelling,
    /// It plays the same role.
    Role,
    /// It holds the same values.
    Values,
    /// Its name is alike.
    Alike,
    /// The user said so.
    Chosen,
}

impl How {
    /// Why, in words.
    pub fn words(self) -> &'static str {
        match self {
            How::Same => "same name",
            How::Spelling => "same name, spelt differently",
            How::Role => "plays the same role",
            How::Values => "holds the same values",
            How::Alike => "has a similar name",
            How::Chosen => "chosen by you",
        }
    }

    /// Whether it needs no confirmation.
    pub fn is_certain(self) -> bool {
        matches!(self, How::Same | How::Spelling)
    }
}

/// A column that the analysis needs, and its counterpart.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    pub needed: Use,
    /// The column of the other file; `None`: none was found.
    pub to: Option<(String, How)>,
    /// What it was and what its counterpart is, where those differ: `text`, `dates`, `numbers`.
    pub changed: Option<(&'static str, &'static str)>,
}

/// What is known of the file so far.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    pub table: Option<&'a Table>,
    pub roles: Option<&'a RolesOut>,
}

/// The columns of both files laid side by side.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The files, and how they are read.
    pub input: Input,
    pub columns: Vec<Matched>,
    /// Columns of the earlier file that nothing needs and that are missing.
    pub missing: Vec<String>,
    /// Columns that only the other file has and that stand for nothing.
    pub new: Vec<String>,
    /// Every column of the other file, to choose from.
    pub there: Vec<(String, &'static str)>,
    /// Rows of the other file, as far as it was read.
    pub rows: usize,
    /// Whether only its head was read.
    pub head: bool,
    /// Roles that the other file would get if nothing were said, and that the earlier one does not have.
    pub unwanted: Vec<Role>,
    /// Dates that were set by hand for the earlier file.
    pub snapshot: Option<NaiveDate>,
    pub compare_to: Option<NaiveDate>,
}

impl Plan {
    /// Pairs of names that differ: earlier and other.
    pub fn renamed(&self) -> Vec<(String, String)> {
        let pair = |m: &Matched| Some((m.needed.column.clone(), m.to.as_ref()?.0.clone()));
        self.columns.iter().filter_map(pair).filter(|(from, to)| from != to).collect()
    }

    /// Columns that are needed and have no counterpart.
    pub fn lacking(&self) -> Vec<&Use> {
        self.columns.iter().filter(|m| m.to.is_none()).map(|m| &m.needed).collect()
    }

    /// A column that is to stand for two.
    pub fn twice(&self) -> Option<(&str, [&str; 2])> {
        let to = |m: &'_ Matched| m.to.as_ref().map(|(name, _)| name.clone());
        self.columns.iter().enumerate().find_map(|(i, m)| {
            let there = m.to.as_ref()?;
            let other = self.columns[..i].iter().find(|o| to(o).as_ref() == Some(&there.0))?;
            Some((there.0.as_str(), [other.needed.column.as_str(), m.needed.column.as_str()]))
        })
    }

    /// Whether every column is where it was.
    pub fn is_plain(&self) -> bool {
        self.columns.iter().all(|m| matches!(m.to, Some((_, How::Same))) && m.changed.is_none())
    }

    /// Whether it can run.
    pub fn can_run(&self) -> bool {
        self.lacking().is_empty() && self.twice().is_none()
    }

    /// Whether it is still about what the analysis needs: something may have been decided since.
    pub fn answers(&self, recipe: &Recipe, roles: Option<&RolesOut>) -> bool {
        let dates = (recipe.rfm.snapshot, recipe.rfm.compare_to);
        (self.snapshot, self.compare_to) == dates
            && uses(recipe, roles).iter().eq(self.columns.iter().map(|matched| &matched.needed))
    }

    /// Takes `column` of the other file for a needed one, or none.
    pub fn choose(&mut self, at: usize, column: Option<String>) {
        let matched = &mut self.columns[at];
        matched.to = column.map(|name| (name, How::Chosen));
        matched.changed = None;
    }
}

/// Reads the other file as the recipe reads the earlier one, or as found where that fits less; of a large text file only
/// the head. Also says how it was read.
///
/// # Errors
/// As [`intake::read`].
pub fn read(recipe: &Recipe, paths: Vec<PathBuf>, ctx: &Ctx) -> Result<(Input, Arc<IntakeOut>, bool)> {
    let files: Vec<PathBuf> = paths.into_iter().map(from_anywhere).collect();
    let found = Input { files: files.clone(), ..Input::default() };
    let as_before = Input { files, ..recipe.input.clone() };
    let wanted = uses(recipe, None);
    let read_as = |input: &Input| -> Result<(Arc<IntakeOut>, bool)> {
        let large = input.files.iter().any(|f| std::fs::metadata(f).is_ok_and(|m| m.len() > LARGE));
        match if large { intake::preview(input, ctx)? } else { None } {
            Some(head) => Ok((Arc::new(head), true)),
            None => Ok((Arc::new(intake::read(input, ctx)?), false)),
        }
    };
    if as_before == found {
        let (out, head) = read_as(&found)?;
        return Ok((found, out, head));
    }
    let has = |out: &IntakeOut| wanted.iter().filter(|u| out.table.column(&u.column).is_some()).count();
    let before = read_as(&as_before);
    if let Ok((out, head)) = &before
        && out.table.columns.len() > 1
        && has(out) == wanted.len()
    {
        return Ok((as_before, out.clone(), *head));
    }
    let (out, head) = match (read_as(&found), &before) {
        (Ok(read), _) => read,
        (Err(_), Ok((out, head))) => return Ok((as_before, out.clone(), *head)),
        (Err(error), Err(_)) => return Err(error),
    };
    match before {
        Ok((before, was_head)) if has(&before) > has(&out) || before.table.columns.len() > out.table.columns.len() => {
            Ok((as_before, before, was_head))
        }
        _ => Ok((found, out, head)),
    }
}

/// Lays the columns that `recipe` needs beside those of the other file.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn plan(recipe: &Recipe, known: Known, input: Input, there: &IntakeOut, head: bool, ctx: &Ctx) -> Result<Plan> {
    let table = &there.table;
    let needed = uses(recipe, known.roles);
    // What the columns are where nobody said anything.
    let guessed = intake::roles::find(table, &Roles::default(), ctx)?;
    let role_there = |name: &str| guessed.roles.iter().find(|r| r.column.as_deref() == Some(name)).map(|r| r.role);
    let mut scores: Vec<(u32, usize, usize, How)> = Vec::new();
    for (i, one) in needed.iter().enumerate() {
        let column = known.table.and_then(|t| t.column(&one.column));
        let wanted = Wanted { name: &one.column, role: one.role, column };
        for (j, other) in table.columns.iter().enumerate() {
            ctx.tick(i, needed.len())?;
            if let Some((points, how)) = likeness(&wanted, other, role_there(&other.name)) {
                scores.push((points, i, j, how));
            }
        }
    }
    // Best first; among equals the earlier need, then the column further left.
    scores.sort_by_key(|(points, i, j, _)| (std::cmp::Reverse(*points), *i, *j));
    let mut to: Vec<Option<(usize, How)>> = vec![None; needed.len()];
    for (_, i, j, how) in scores {
        if to[i].is_none() && !to.iter().flatten().any(|(taken, _)| *taken == j) {
            to[i] = Some((j, how));
        }
    }
    let columns: Vec<Matched> = needed
        .into_iter()
        .zip(&to)
        .map(|(needed, to)| {
            let before = known.table.and_then(|t| t.column(&needed.column));
            let changed = before.zip(*to).and_then(|(before, (j, _))| {
                let after = &table.columns[j].kind;
                let differ = !same_kind(&before.kind, after);
                differ.then(|| (before.kind.label(), after.label()))
            });
            Matched { needed, to: to.map(|(j, how)| (table.columns[j].name.clone(), how)), changed }
        })
        .collect();
    let used = |name: &str| columns.iter().any(|m| m.needed.column == name);
    let taken = |name: &str| columns.iter().any(|m| m.to.as_ref().is_some_and(|(to, _)| to == name));
    let before = |name: &str| known.table.is_some_and(|t| t.column(name).is_some());
    let of_before = known.table.map(|t| &t.columns[..]).unwrap_or_default();
    let calculated = known.table.map(|t| &t.calculated[..]).unwrap_or_default();
    let missing = of_before.iter().map(|c| &c.name).filter(|n| !calculated.contains(n));
    let missing = missing.filter(|n| !used(n) && table.column(n).is_none()).cloned().collect();
    let new = table.columns.iter().map(|c| &c.name).filter(|n| !taken(n) && !before(n));
    let new = if known.table.is_some() { new.cloned().collect() } else { Vec::new() };
    let plays = |role: &Role| columns.iter().any(|m| m.needed.role == Some(*role));
    let unwanted = match known.roles {
        Some(_) => Role::ALL.into_iter().filter(|r| !plays(r) && guessed.column(*r).is_some()).collect(),
        None => Vec::new(),
    };
    Ok(Plan {
        input,
        columns,
        missing,
        new,
        there: table.columns.iter().map(|c| (c.name.clone(), c.kind.label())).collect(),
        rows: table.rows,
        head,
        unwanted,
        snapshot: recipe.rfm.snapshot,
        compare_to: recipe.rfm.compare_to,
    })
}
