//! A project to its file.

use std::cell::Cell;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::form::{FORM, FileForm, Form, Inside};
use super::history::{self, Chain};
use super::lists::{Lists, Shared, write_texts};
use super::{FORMAT_VERSION, Project, Stamp, data, run};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::export;
use crate::recipe::{History, Recipe};

/// Writes a project whole or not at all; it is on the disk when this returns. Returns its size in bytes.
///
/// # Errors
/// The place cannot be written to, or a file to be kept inside cannot be read; [`Error::Cancelled`].
pub fn save(project: &Project, path: &Path, ctx: &Ctx) -> Result<u64> {
    write(project, path, project.data_inside, &|| Ok(()), ctx)
}

/// The same for a file that was read or written before and had the stamp `known` then. `None`: somebody else wrote it
/// since, before this began or meanwhile, and it is left as it is.
///
/// # Errors
/// Those of [`save`].
pub fn save_over(project: &Project, path: &Path, known: Stamp, ctx: &Ctx) -> Result<Option<u64>> {
    let changed = || Stamp::of(path).is_some_and(|now| now != known);
    if changed() {
        return Ok(None);
    }
    let stopped = Cell::new(false);
    // Packing the data may have taken minutes.
    let last = || {
        stopped.set(changed());
        if stopped.get() { Err(Error::Cancelled) } else { Ok(()) }
    };
    match write(project, path, project.data_inside, &last, ctx) {
        Err(_) if stopped.get() => Ok(None),
        done => done.map(Some),
    }
}

/// The same without the data, which take long to pack; that they belong inside is remembered.
///
/// # Errors
/// Those of [`save`].
pub fn save_work(project: &Project, path: &Path, ctx: &Ctx) -> Result<u64> {
    write(project, path, false, &|| Ok(()), ctx)
}

/// `last` is asked when everything is written, right before the file takes its place.
fn write(project: &Project, path: &Path, pack: bool, last: &dyn Fn() -> Result<()>, ctx: &Ctx) -> Result<u64> {
    let whole = std::path::absolute(path).map_err(|e| Error::write(path, e))?;
    let folder = whole.parent();
    let mut lists = Lists::default();
    let mut ids = Shared::default();
    let from_here = |recipe: &Recipe| {
        let mut recipe = recipe.clone();
        data::paths_of(&mut recipe).for_each(|p| *p = data::from_folder(p, folder));
        recipe
    };
    let placed = project.history.mapped(from_here);
    let history = history::write(&placed, &mut lists, &mut Chain::default())?;
    let mut chain = Chain::default();
    chain.write(placed.recipe(), &mut lists)?;
    let runs = project.runs.iter().map(|one| {
        let one = super::Run { recipe: from_here(&one.recipe).into(), ..one.clone() };
        run::write(&one, &mut chain, &mut lists, &mut ids)
    });
    let runs = runs.collect::<Result<Vec<_>>>()?;
    let (files, inside) = files(project, pack, folder)?;
    let form = Form {
        version: FORMAT_VERSION,
        program: env!("CARGO_PKG_VERSION").into(),
        saved: Utc::now(),
        origin: project.origin.as_ref().map(|o| o.path.clone()),
        origin_known: project.origin.as_ref().and_then(|o| o.known),
        notes: project.notes.clone(),
        history,
        runs,
        view: project.view.clone(),
        files,
        data_inside: project.data_inside,
        lists: lists.all.len(),
        ids: ids.0.len(),
    };
    let failed = |e: &dyn std::fmt::Display| Error::write(path, e);
    export::write_durably(path, |file| {
        let mut out = Packer(ZipWriter::new(BufWriter::with_capacity(1 << 16, file)));
        let text = serde_json::to_string_pretty(&form).map_err(|e| failed(&e))?;
        // First, so that it is the first thing that anybody who looks into the zip sees.
        out.add(FORM, |out| out.write_all(text.as_bytes())).map_err(|e| failed(&e))?;
        for (i, list) in lists.all.iter().enumerate() {
            ctx.tick(i, lists.all.len())?;
            out.add(&format!("lists/{i}"), |out| write_texts(list.ids(), out)).map_err(|e| failed(&e))?;
        }
        for (i, list) in ids.0.iter().enumerate() {
            ctx.tick(i, ids.0.len())?;
            out.add(&format!("ids/{i}"), |out| write_texts(list, out)).map_err(|e| failed(&e))?;
        }
        for (i, one) in project.runs.iter().enumerate() {
            ctx.tick(i, project.runs.len())?;
            let bytes = run::bytes_of(&one.clustering);
            out.add(&format!("runs/{i}"), |out| out.write_all(&bytes)).map_err(|e| failed(&e))?;
        }
        for (source, inside) in &inside {
            let (mut from, _) = data::open_source(source)?;
            out.start(&inside.name, inside.bytes).map_err(|e| failed(&e))?;
            let copied = data::copy(&mut from, &mut out.0, inside.bytes, ctx)?.map_err(|e| failed(&e))?;
            if copied != inside.bytes {
                return Err(Error::read(source, "it changed while it was being saved; save again"));
            }
        }
        let mut file = out.0.finish().map_err(|e| failed(&e))?;
        file.flush().map_err(|e| failed(&e))?;
        last()
    })
}

/// A file to be kept inside, with where it is read from.
type Packed = (PathBuf, Inside);

/// Every file that a recipe names, and those to be kept inside: the files of the recipe in force.
fn files(project: &Project, pack: bool, folder: Option<&Path>) -> Result<(Vec<FileForm>, Vec<Packed>)> {
    let mut inside = Vec::new();
    let mut forms = Vec::new();
    let now = in_force(&project.history);
    for (i, path) in data::files_of(&project.history).into_iter().enumerate() {
        let mut form = FileForm { path: data::from_folder(&path, folder), was: path.clone(), inside: None };
        if pack && now.contains(&path) {
            let (_, Stamp { bytes, modified }) = data::open_source(&path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let here = Inside { name: format!("data/{i}/{name}"), bytes, modified };
            inside.push((path, here.clone()));
            form.inside = Some(here);
        }
        forms.push(form);
    }
    Ok((forms, inside))
}

fn in_force(history: &History) -> Vec<PathBuf> {
    let mut recipe = Recipe::clone(history.recipe());
    data::paths_of(&mut recipe).map(std::mem::take).collect()
}

/// A zip being written.
struct Packer<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Packer<W> {
    fn start(&mut self, name: &str, bytes: u64) -> zip::result::ZipResult<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // A project is written every few seconds; better packing is not worth the wait.
            .compression_level(Some(3))
            .large_file(bytes >= u64::from(u32::MAX));
        self.0.start_file(name, options)
    }

    fn add(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> zip::result::ZipResult<()> {
        self.start(name, 0)?;
        let mut out = BufWriter::with_capacity(1 << 16, &mut self.0);
        fill(&mut out)?;
        Ok(out.flush()?)
    }
}
