//! A recipe or a project on a file whose columns are called otherwise.

use crate::app::cache_folder;
use crate::ctx::Ctx;
use crate::project::remap::{self, How, Known, Plan};
use crate::project::{self, is_project};
use crate::recipe::Recipe;

/// What the columns of the new file are called: the name in the recipe, and the one in the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Called {
    from: String,
    to: String,
}

/// `OLD = NEW`; the first sign counts.
pub(super) fn parse_called(text: &str) -> Result<Called, String> {
    match text.split_once('=').map(|(a, b)| (a.trim().trim_matches('"'), b.trim().trim_matches('"'))) {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok(Called { from: from.into(), to: to.into() }),
        _ => Err("write two names, such as \"CustomerID = Customer ID\"".into()),
    }
}

/// The recipe of a project for its own data; those inside are unpacked where the files are gone.
pub(super) fn own_recipe(path: &std::path::Path) -> anyhow::Result<Recipe> {
    let opened = project::open(path, &cache_folder()?, &Ctx::silent())?;
    Ok(Recipe::clone(opened.project.history.recipe()))
}

/// The project among the inputs: the first of them may be one.
pub(super) fn project_of(input: &[std::path::PathBuf]) -> Option<&std::path::PathBuf> {
    input.first().filter(|path| is_project(path))
}

/// The recipe with the columns of its file, and what was taken for what, as sentences. `None` where every column has
/// its name.
///
/// # Errors
/// A column that the recipe needs and that nothing in the file is like.
pub(super) fn over(recipe: &Recipe, called: &[Called], ctx: &Ctx) -> anyhow::Result<Option<(Recipe, Vec<String>)>> {
    let (input, there, head) = remap::read(recipe, recipe.input.files.clone(), ctx)?;
    let mut plan = remap::plan(recipe, Known::default(), input, &there, head, ctx)?;
    for one in called {
        let at = plan.columns.iter().position(|m| m.needed.column == one.from);
        let Some(at) = at else {
            anyhow::bail!("--column: the recipe needs no column {:?}; it needs {}", one.from, needed(&plan));
        };
        if there.table.column(&one.to).is_none() {
            anyhow::bail!("--column: the file has no column {:?}; its columns are {}", one.to, columns(&plan));
        }
        plan.choose(at, Some(one.to.clone()));
    }
    if let [lacking, ..] = plan.lacking().as_slice() {
        anyhow::bail!(
            "the file has no column {:?}, which is needed for: {}; its columns are {}. Say which one stands for it with \
             --column {:?}",
            lacking.column,
            lacking.purposes.join(", "),
            columns(&plan),
            format!("{} = its name", lacking.column)
        );
    }
    if let Some((column, [a, b])) = plan.twice() {
        anyhow::bail!("{column:?} cannot stand for both {a:?} and {b:?}; say which column is which with --column");
    }
    if plan.renamed().is_empty() {
        return Ok(None);
    }
    let said = plan.columns.iter().filter_map(|m| {
        let (to, how) = m.to.as_ref().filter(|(_, how)| *how != How::Same)?;
        Some(format!("{:?} is taken for {:?} ({})", to, m.needed.column, how.words()))
    });
    let said = said.collect();
    Ok(Some((remap::apply(recipe, &plan, None), said)))
}

fn needed(plan: &Plan) -> String {
    plan.columns.iter().map(|m| m.needed.column.as_str()).collect::<Vec<_>>().join(", ")
}

fn columns(plan: &Plan) -> String {
    plan.there.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}
