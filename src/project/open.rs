//! A project from its file.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use zip::ZipArchive;
use zip::result::ZipError;

use super::form::{FORM, FileForm, Form};
use super::history::{self, Chain};
use super::lists::read_texts;
use super::{FORMAT_VERSION, Opened, Origin, Project, data, run};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{IdList, Recipe};

/// Bytes that a part of a project may unpack to: hundreds of times what anybody's history or customers take.
const MOST_FORM: u64 = 256 << 20;
const MOST_LIST: u64 = 1 << 30;

/// Reads a project. Data that it holds are unpacked below `unpack_to` where the files themselves are gone.
///
/// # Errors
/// It is no project, of a newer version, damaged, or its data cannot be unpacked; [`Error::Cancelled`].
pub fn open(path: &Path, unpack_to: &Path, ctx: &Ctx) -> Result<Opened> {
    let mut file = Archive::open(path)?;
    let form = file.form()?;
    let lists: Vec<IdList> =
        (0..form.lists).map(|i| Ok(IdList::new(file.texts(&format!("lists/{i}"))?))).collect::<Result<_>>()?;
    ctx.tick(0, 1)?;
    let ids: Vec<Arc<Vec<String>>> =
        (0..form.ids).map(|i| Ok(Arc::new(file.texts(&format!("ids/{i}"))?))).collect::<Result<_>>()?;
    ctx.tick(0, 1)?;
    let folder = folder_of(path)?;
    let mut unpacked = Vec::new();
    let mut places: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (i, one) in form.files.iter().enumerate() {
        let place = match (data::find(one, &folder), &one.inside) {
            (Some(place), _) => place,
            (None, Some(_)) => {
                let place = file.unpack(one, &unpack_to.join(folder_name(path)), i, ctx)?;
                unpacked.push(place.clone());
                place
            }
            // Named as it was, for the sentence that asks for it.
            (None, None) => one.was.clone(),
        };
        places.push((one.path.clone(), place));
    }
    let place = |recipe: &mut Recipe| {
        for named in data::paths_of(recipe) {
            match places.iter().find(|(path, _)| path == named) {
                Some((_, place)) => named.clone_from(place),
                None if named.is_relative() => *named = folder.join(&*named),
                None => {}
            }
        }
    };
    let damaged = |why: String| Error::read(path, why);
    // The first run is written as what it changes of the recipe in force.
    let at = form.history.at;
    let mut chain = Chain::default();
    let mut sets = form.history.entries.iter().take(at + 1).map(|e| e.set.clone());
    let first = sets.next().unwrap_or_default();
    let now = sets.fold(first, |mut now, set| {
        now.extend(set);
        now
    });
    let history = history::read(form.history, &lists, &mut chain, place).map_err(damaged)?;
    let mut chain = Chain::default();
    chain.read(now, &lists).map_err(damaged)?;
    let mut runs = Vec::with_capacity(form.runs.len());
    for (i, mut one) in form.runs.into_iter().enumerate() {
        ctx.tick(0, 1)?;
        let mut recipe = run::recipe(&mut one, &mut chain, &lists).map_err(damaged)?;
        place(&mut recipe);
        let name = format!("runs/{i}");
        let wrong = || Error::read(path, format!("{name} in it is damaged"));
        let length = run::length(&one).filter(|n| *n as u64 <= MOST_LIST).ok_or_else(wrong)?;
        let bytes = file.bytes(&name, length as u64)?;
        runs.push(run::read(one, recipe, &ids, &bytes).ok_or_else(wrong)?);
    }
    let missing = history.recipe().input.files.iter().filter(|f| !f.is_file()).cloned().collect();
    let project = Project {
        history,
        runs: Arc::new(runs),
        view: form.view,
        notes: form.notes,
        data_inside: form.data_inside,
        origin: form.origin.map(|path| Origin { path, known: form.origin_known }),
    };
    Ok(Opened { project, saved: form.saved, unpacked, missing })
}

/// The recipe in force of a project, to be used on other files. Nothing is unpacked.
///
/// # Errors
/// As [`open`].
pub fn recipe_in(path: &Path) -> Result<Recipe> {
    let mut file = Archive::open(path)?;
    let form = file.form()?;
    let lists: Vec<IdList> =
        (0..form.lists).map(|i| Ok(IdList::new(file.texts(&format!("lists/{i}"))?))).collect::<Result<_>>()?;
    let folder = folder_of(path)?;
    let place = |recipe: &mut Recipe| {
        for named in data::paths_of(recipe) {
            let known = form.files.iter().find(|f| f.path == *named);
            *named = known.and_then(|f| data::find(f, &folder)).unwrap_or_else(|| folder.join(&*named));
        }
    };
    let history = history::read(form.history, &lists, &mut Chain::default(), place);
    history.map(|h| Recipe::clone(h.recipe())).map_err(|why| Error::read(path, why))
}

/// What a project is about, without reading all of it.
#[derive(Debug, Clone)]
pub struct Glance {
    /// The project that unsaved work belongs to.
    pub origin: Option<PathBuf>,
    /// The first file of the recipe in force, as it was.
    pub file: Option<PathBuf>,
    pub saved: DateTime<Utc>,
    /// Decisions beside the first one.
    pub decisions: usize,
}

/// Looks into a project.
///
/// # Errors
/// As [`open`].
pub fn glance(path: &Path) -> Result<Glance> {
    let form = Archive::open(path)?.form()?;
    let mut inputs = form.history.entries.iter().take(form.history.at + 1).rev().filter_map(|e| e.set.get("input"));
    let path = inputs.next().and_then(|input| input["files"][0].as_str()).map(PathBuf::from);
    let known = |path: &PathBuf| form.files.iter().find(|f| f.path == *path).map(|f| f.was.clone());
    let file = path.map(|path| known(&path).unwrap_or(path));
    let decisions = form.history.entries.len().saturating_sub(1);
    Ok(Glance { origin: form.origin, file, saved: form.saved, decisions })
}

fn folder_of(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path).map_err(|e| Error::read(path, e))?;
    Ok(whole.parent().map(Path::to_path_buf).unwrap_or_default())
}

/// A folder of its own for the data of each project.
fn folder_name(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    format!("{:016x}", foldhash::quality::FixedState::with_seed(3).hash_one(whole))
}

/// The zip being read.
struct Archive<'a> {
    path: &'a Path,
    zip: ZipArchive<BufReader<File>>,
}

impl<'a> Archive<'a> {
    fn open(path: &'a Path) -> Result<Archive<'a>> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|e| match e {
            ZipError::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => Error::read(path, e),
            _ => Error::read(path, "it is no Quintile project, or only a part of one"),
        })?;
        Ok(Archive { path, zip })
    }

    /// The whole of one part, which has `most` bytes at most.
    fn bytes(&mut self, name: &str, most: u64) -> Result<Vec<u8>> {
        let path = self.path;
        let part = self.zip.by_name(name).map_err(|e| match e {
            ZipError::FileNotFound => Error::read(path, format!("it is damaged: {name} is not in it")),
            e => Error::read(path, format!("{name} in it is damaged: {e}")),
        })?;
        let mut bytes = Vec::new();
        let read = part.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|e| Error::read(path, format!("{name} in it is damaged: {e}")))?;
        if bytes.len() as u64 > most {
            return Err(Error::read(path, format!("{name} in it is larger than any project needs; it was left alone")));
        }
        Ok(bytes)
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>> {
        let bytes = self.bytes(name, MOST_LIST)?;
        read_texts(&bytes).map_err(|e| Error::read(self.path, format!("{name} in it is damaged: {e}")))
    }

    fn form(&mut self) -> Result<Form> {
        #[derive(serde::Deserialize)]
        struct OnlyVersion {
            version: u32,
        }
        if self.zip.index_for_name(FORM).is_none() {
            return Err(Error::read(self.path, format!("it is no Quintile project: it holds no {FORM}")));
        }
        let bytes = self.bytes(FORM, MOST_FORM)?;
        if let Ok(OnlyVersion { version }) = serde_json::from_slice(&bytes)
            && version > FORMAT_VERSION
        {
            let known = FORMAT_VERSION;
            return Err(Error::read(
                self.path,
                format!(
                    "it has format version {version}, but this Quintile knows versions up to {known}; update Quintile to open it"
                ),
            ));
        }
        serde_json::from_slice(&bytes).map_err(|e| Error::read(self.path, format!("{FORM} in it is damaged: {e}")))
    }

    /// Unpacks one file of data below `folder` and returns where it lies.
    fn unpack(&mut self, form: &FileForm, folder: &Path, number: usize, ctx: &Ctx) -> Result<PathBuf> {
        let (path, Some(inside)) = (self.path, &form.inside) else { return Ok(form.was.clone()) };
        let name = form.path.file_name().unwrap_or_else(|| "data".as_ref());
        // Names may repeat; numbers do not.
        let target = folder.join(number.to_string()).join(name);
        let damaged = |e: ZipError| Error::read(path, format!("{} in it is damaged: {e}", inside.name));
        let mut part = self.zip.by_name(&inside.name).map_err(damaged)?;
        let packed = part.compressed_size();
        data::unpack(path, inside, packed, &mut part, &target, ctx)?;
        Ok(target)
    }
}
