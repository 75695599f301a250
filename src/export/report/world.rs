//! What typst may see while it sets the report: one template, its data and pictures, and the two embedded fonts. Nothing
//! of this computer: no file, no font, no clock, so that equal findings give equal pages everywhere.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Files by name, read by the template as `/name`.
pub struct Paper<'a> {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    files: BTreeMap<String, Bytes>,
    /// Asked whenever a file is needed; `true` ends the work.
    stopped: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Paper<'a> {
    /// A world with a template, fonts and files. `None` where the template's name could not be a path, which does not
    /// happen: it is given here.
    pub fn new(
        template: &str,
        fonts: &[&'static [u8]],
        files: BTreeMap<String, Bytes>,
        stopped: &'a (dyn Fn() -> bool + Sync),
    ) -> Option<Paper<'a>> {
        let path = VirtualPath::new("/report.typ").ok()?;
        let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        let fonts: Vec<Font> = fonts.iter().filter_map(|data| Font::new(Bytes::new(*data), 0)).collect();
        Some(Paper {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::new(id, template.into()),
            files,
            stopped,
        })
    }
}

impl World for Paper<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if (self.stopped)() {
            return Err(FileError::Other(Some("stopped".into())));
        }
        self.files.get(id.vpath().get_without_slash()).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// No clock: a report says when its data end, not when it was made.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
