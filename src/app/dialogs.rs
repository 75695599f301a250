//! The system's file dialogs, each on a thread of its own so that the window never waits.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::export::{ExportKind, REJECTS_FILE};
use crate::project;
use crate::worker::{ExportTarget, FileJob};

/// What a dialog ended with. Cancelling a dialog is no answer.
pub(super) enum Answer {
    Open(Vec<PathBuf>),
    /// A file to be read together with those that are open.
    Add(PathBuf),
    /// A segment map to look at.
    Map(PathBuf),
    Export(ExportTarget),
    /// Where results are to go, once they are asked for.
    ExportFolder(PathBuf),
    /// The picture for the head of the report.
    Logo(PathBuf),
    /// A team's own names and advice.
    Patterns(PathBuf),
    /// With the data inside, or as before.
    SaveProject(PathBuf, bool),
    /// Where a data file that is gone lies now.
    Relink(PathBuf, PathBuf),
    /// Files that the same analysis is to run on.
    NewFile(Vec<PathBuf>),
    /// Where to write a file of its own.
    Save(FileJob, PathBuf),
    /// No dialog could be shown at all.
    NoDialog,
}

/// Endings of files that are read; others are tried as well when they are named.
const DATA_FILES: &[&str] = &[
    "csv", "tsv", "tab", "txt", "gz", "zip", "xlsx", "xlsm", "xls", "xlsb", "ods", "parquet", "arrow", "feather",
    "jsonl", "ndjson", "json",
];

pub(super) struct Dialogs {
    sender: Sender<Answer>,
    receiver: Receiver<Answer>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Dialogs {
    pub(super) fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, receiver) = unbounded();
        Dialogs { sender, receiver, wake: Arc::new(wake) }
    }

    pub(super) fn try_receive(&self) -> Option<Answer> {
        self.receiver.try_recv().ok()
    }

    pub(super) fn open_file(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Open a file of sales");
            dialog
                .add_filter("Sales data, project or recipe", &[DATA_FILES, &[project::ENDING, "toml"]].concat())
                .add_filter("All files", &["*"])
                .pick_files()
                .map(Answer::Open)
        });
    }

    pub(super) fn add_file(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Add a file to those that are open");
            dialog
                .add_filter("Sales or customer data", DATA_FILES)
                .add_filter("All files", &["*"])
                .pick_file()
                .map(Answer::Add)
        });
    }

    pub(super) fn open_map(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Open a segment map");
            dialog.add_filter("Segment map", &["toml"]).add_filter("All files", &["*"]).pick_file().map(Answer::Map)
        });
    }

    /// Where the system has no dialog, the project goes to the user's downloads or documents.
    pub(super) fn save_project(&self, name: String, with_data: bool) {
        self.ask("save dialog", move || {
            let start = std::time::Instant::now();
            let dialog = rfd::FileDialog::new().set_title("Save the project").set_file_name(&name);
            let path = match dialog.add_filter("Quintile project", &[project::ENDING]).save_file() {
                None if start.elapsed().as_millis() < 300 => free_place(&name)?,
                picked => picked?,
            };
            Some(Answer::SaveProject(path, with_data))
        });
    }

    pub(super) fn relink(&self, gone: PathBuf) {
        self.ask("open dialog", move || {
            let name = gone.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let dialog = rfd::FileDialog::new().set_title(format!("Where is {name} now?"));
            let file =
                dialog.add_filter("Sales or customer data", DATA_FILES).add_filter("All files", &["*"]).pick_file();
            file.map(|path| Answer::Relink(gone, path))
        });
    }

    pub(super) fn new_file(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Run the same analysis on a new file");
            let dialog = dialog.add_filter("Sales or customer data", DATA_FILES).add_filter("All files", &["*"]);
            dialog.pick_files().map(Answer::NewFile)
        });
    }

    pub(super) fn save_rejects(&self) {
        self.ask("save dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Export the rows that do not fit");
            let file = dialog.set_file_name(REJECTS_FILE).save_file();
            file.map(|f| Answer::Export(ExportTarget::Rejects(f)))
        });
    }

    pub(super) fn pick_folder(&self) {
        self.ask("folder dialog", || {
            let folder = rfd::FileDialog::new().set_title("Export everything into a folder").pick_folder();
            folder.map(|f| Answer::Export(ExportTarget::Folder(f)))
        });
    }

    pub(super) fn browse_folder(&self) {
        self.ask("folder dialog", || {
            let folder = rfd::FileDialog::new().set_title("Folder for the results").pick_folder();
            folder.map(Answer::ExportFolder)
        });
    }

    pub(super) fn browse_logo(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Logo for the report");
            dialog.add_filter("Picture", &["png", "jpg", "jpeg", "svg"]).pick_file().map(Answer::Logo)
        });
    }

    pub(super) fn browse_patterns(&self) {
        self.ask("open dialog", || {
            let dialog = rfd::FileDialog::new().set_title("Names and advice for segments");
            dialog.add_filter("Names and advice", &["toml"]).pick_file().map(Answer::Patterns)
        });
    }

    pub(super) fn save(&self, kind: ExportKind, name: String) {
        self.ask("save dialog", move || {
            let file = rfd::FileDialog::new().set_title("Export").set_file_name(name).save_file();
            file.map(|f| Answer::Export(ExportTarget::File(kind, f)))
        });
    }

    /// Asks where to write; where the system has no dialog, the file goes to the user's downloads or documents.
    pub(super) fn save_file(&self, job: FileJob) {
        self.ask("save dialog", move || {
            let start = std::time::Instant::now();
            let picked = rfd::FileDialog::new().set_title("Save").set_file_name(&job.name).save_file();
            let path = match picked {
                None if start.elapsed().as_millis() < 300 => free_place(&job.name)?,
                picked => picked?,
            };
            Some(Answer::Save(job, path))
        });
    }

    fn ask(&self, name: &str, show: impl FnOnce() -> Option<Answer> + Send + 'static) {
        let (sender, wake) = (self.sender.clone(), self.wake.clone());
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            let start = std::time::Instant::now();
            // A dialog that ends sooner than anyone can click was never there (no portal, no zenity).
            let answer = show().or_else(|| (start.elapsed().as_millis() < 300).then_some(Answer::NoDialog));
            if let Some(answer) = answer {
                let _ = sender.send(answer);
                wake();
            }
        });
        if thread.is_err() {
            let _ = self.sender.send(Answer::NoDialog);
        }
    }
}

/// A path of this name in the user's downloads, documents or home that no file has yet.
fn free_place(name: &str) -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    let folders = [user.download_dir(), user.document_dir(), Some(user.home_dir())];
    let folder = folders.into_iter().flatten().find(|f| f.is_dir())?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = |i: usize| folder.join(if i == 1 { name.into() } else { format!("{stem} {i}.{ending}") });
    (1..1000).map(numbered).find(|path| !path.exists())
}

/// Opens a folder (or the folder of a file) in the system's file manager.
pub(super) fn reveal(path: &Path) -> std::io::Result<()> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    Command::new(program).arg(folder).spawn().map(|_| ())
}
