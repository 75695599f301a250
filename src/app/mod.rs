//! The state of the window: session, view, selection, and the actions that change them. Draws nothing.

mod available;
mod checklist;
mod choose_k_view;
mod cleaning;
mod command;
mod customers_view;
mod dialogs;
mod explore_view;
mod explorer;
mod exports;
mod features_view;
mod folders;
mod frame_commands;
mod frame_view;
mod lesson_view;
mod map_draft;
mod map_view;
mod new_file;
mod patterns;
mod profiles_view;
mod project;
mod remote;
mod rfm_view;
mod runs;
mod segments_view;
mod selection;
mod session;
pub mod settings;
mod sides_view;
pub mod suggest;
mod trail;
mod view;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use checklist::FirstStep;
pub use choose_k_view::{ChooseKTab, ChooseKView, RunColumn, RunsView};
pub use cleaning::{CleanView, Draft};
pub use command::{Command, CommandGroup};
pub use customers_view::{CustomersView, FilterDraft};
pub use explore_view::{Card, ExploreTab, ExploreView};
pub use explorer::{Asked, Explorer, columns_of};
pub use exports::Exports;
pub use features_view::{FeatureDraft, FeaturesTab, FeaturesView, Level};
pub(crate) use folders::cache_folder;
use folders::sample_file;
pub use folders::{settings_file, work_folder};
pub use frame_view::{FrameView, Sheet};
pub use lesson_view::{Lesson, LessonAxes, LessonView, Speed};
pub use map_draft::MapDraft;
pub use map_view::{MapColor, MapTool, MapView};
pub(crate) use new_file::NewData;
pub use new_file::{Compared, NewFile, NewFileAction, Step};
pub use profiles_view::{ProfilesTab, ProfilesView, Writing};
pub use project::{ProjectAction, ProjectState, Unsaved};
pub use remote::{Remote, Status};
pub use rfm_view::{DatesView, Measure, MovedSort, RfmView, ScoreView};
pub use runs::{Run, RunChange, Runs};
pub use segments_view::{SegmentsTab, SegmentsView};
pub use selection::{GroupsView, Selection};
pub use session::Session;
pub use settings::{Settings, ThemeChoice};
pub use sides_view::{Brush, LinesKind, LinesView, SidesView};
pub use trail::{Outcome, Trail};
pub use view::{Axes, DataTab, DataView, Panel, RowFilter, Sort, Typed, View};

use crate::chart::{Chart, Pointed};
use crate::explore::Question;
use crate::export::{ExportKind, Written};
use crate::intake;
use crate::pipeline::{Findings, Keys, Stage};
use crate::project::is_project;
use crate::recipe::{Algorithm, KChoice, Recipe, from_anywhere};
use crate::worker::{ExportTarget, FileJob, Job, Message, Worker};
use explorer::Purpose;

/// What a panel asks for. Panels return these and change nothing themselves.
#[derive(Debug, Clone)]
pub enum Action {
    Command(Command),
    /// Open a file by path.
    Open(PathBuf),
    /// Read one more file together with those that are open.
    AddFile(PathBuf),
    /// Open files that belong together, or one.
    OpenAll(Vec<PathBuf>),
    /// Open a text from the clipboard.
    Paste(String),
    /// A decision: its name in the history, the new recipe, and whether it continues the last one (a drag).
    Decide {
        label: String,
        recipe: Box<Recipe>,
        merge: bool,
    },
    /// Travel to an entry of the history.
    Travel(usize),
    /// Take over other settings.
    Settings(Box<Settings>),
    Select(Selection),
    /// Show the card of the customer with this id, beside the table of customers.
    ShowCustomer(String),
    /// Select the customers that a mark, a stretch or an area of a chart stands for, once they are found.
    Pick {
        question: Question,
        /// The answer to it that was pointed at.
        chart: Arc<Chart>,
        pointed: Pointed,
        /// Where the selection came from, in words.
        from: String,
    },
    /// Select the customers of a named group, by its place in the recipe.
    SelectGroup(usize),
    /// Give the selection a name.
    NameSelection(String),
    /// Write to a known place, without asking.
    Export(ExportTarget),
    /// Write one kind of export; asks for the place and suggests the name.
    ExportAs(ExportKind, String),
    /// Stop what is being written, and what waits for it.
    StopExports,
    /// Ask for a path that a panel needs.
    Browse(Browse),
    /// Write a file of its own: a picture, the data of a chart, selected customers. Asks for the place.
    Save(FileJob),
    /// Open a segment map to look at it before it is used; without a path the system asks for one.
    OpenMap(Option<PathBuf>),
    /// Show a folder in the system's file manager.
    Reveal(PathBuf),
    /// Say something of a run, by its number.
    Run(u64, RunChange),
    Project(ProjectAction),
    NewFile(NewFileAction),
    /// Take names and advice for segments from this file, or from the program.
    UsePatterns(Option<PathBuf>),
}

/// What a path is asked for by the system's dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browse {
    /// The folder that results are written into.
    ExportFolder,
    /// The picture for the head of the report.
    Logo,
    /// A team's own names and advice.
    Patterns,
}

/// Something to tell the user once.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub good: bool,
    pub text: String,
}

/// The window's state. Panels read it; [`App::apply`] and [`App::drain`] change it.
pub struct App {
    pub session: Session,
    pub view: View,
    pub selection: Selection,
    pub runs: Runs,
    /// When each decision was made, and what came of it.
    pub trail: Trail,
    pub settings: Settings,
    pub project: ProjectState,
    /// Dropped before `keeping`: the last work is written before its lock goes.
    threads: project::Threads,
    keeping: project::Keeping,
    /// The same analysis on another file.
    pub new_file: NewFile,
    /// Where they are kept; `None` for a window that leaves no traces.
    settings_file: Option<PathBuf>,
    /// What was written last, newest first.
    pub written: Vec<Written>,
    /// Exports that are being written or wait for it.
    pub exports_running: usize,
    pub exports: Exports,
    notices: Vec<Notice>,
    /// Whether the text of the clipboard was asked for.
    wants_clipboard: bool,
    worker: Worker,
    pub explorer: Explorer,
    dialogs: dialogs::Dialogs,
}

impl App {
    /// An empty window. `wake` asks for a repaint; it is called from other threads.
    pub fn new(wake: impl Fn() + Send + Sync + Clone + 'static) -> App {
        App {
            session: Session::default(),
            view: View::default(),
            selection: Selection::default(),
            runs: Runs::default(),
            trail: Trail::default(),
            settings: Settings::default(),
            project: ProjectState::default(),
            keeping: project::Keeping::default(),
            new_file: NewFile::default(),
            threads: project::Threads::start(wake.clone()),
            settings_file: None,
            written: Vec::new(),
            exports_running: 0,
            exports: Exports::default(),
            notices: Vec::new(),
            wants_clipboard: false,
            worker: Worker::start(wake.clone()),
            explorer: Explorer::start(wake.clone()),
            dialogs: dialogs::Dialogs::new(wake),
        }
    }

    /// Takes over the settings that are kept in `file`, and keeps them there from now on.
    pub fn keep_settings_in(&mut self, file: PathBuf) {
        self.settings = Settings::load(&file);
        self.settings_file = Some(file);
        self.view.dark = self.settings.theme != ThemeChoice::Light;
        self.view.explain = self.settings.explain;
        self.write_numbers();
    }

    /// Changes settings, and keeps them where settings are kept.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        let before = self.settings.clone();
        change(&mut self.settings);
        if self.settings == before {
            return;
        }
        if let Some(Err(error)) = self.settings_file.as_ref().map(|file| self.settings.save(file)) {
            self.tell(false, format!("The settings cannot be kept. {error}"));
        }
    }

    /// Opens a file or a recipe (`.toml`) and starts the whole analysis.
    pub fn open(&mut self, path: &Path) {
        self.open_all(&[path.to_path_buf()]);
    }

    /// Opens files that belong together as one table; one file as [`App::open`] does.
    pub fn open_all(&mut self, paths: &[PathBuf]) {
        let missing = paths.iter().find(|p| !p.is_file());
        if let Some(path) = paths.iter().find(|p| is_project(p)).filter(|_| missing.is_none()) {
            return self.open_project(path);
        }
        let session = if let [path] = paths
            && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"))
        {
            match Recipe::load(path) {
                Ok(recipe) => Session::with_recipe("Open recipe", recipe),
                Err(error) => return self.tell(false, error.to_string()),
            }
        } else if let Some(missing) = missing {
            return self.tell(false, format!("There is no file {}.", missing.display()));
        } else if paths.is_empty() {
            return;
        } else {
            Session::open(paths, self.settings.presentation())
        };
        paths.iter().rev().for_each(|path| self.remember(path));
        self.set_aside();
        self.start(session);
        if self.view.panel == Panel::Welcome {
            self.view.panel = Panel::Segments;
        }
        self.recompute();
    }

    /// Begins with another analysis: nothing of the one before is shown.
    fn start(&mut self, session: Session) {
        self.session = session;
        self.forget_new_file();
        self.selection = Selection::default();
        self.runs = Runs::default();
        self.explorer.forget();
        self.view.groups = GroupsView::default();
        self.written.clear();
        self.exports.forget();
        self.view.hidden.clear();
        self.view.data = DataView::default();
        self.view.clean = CleanView::default();
        self.view.features.forget();
        self.view.customers = CustomersView::default();
        self.view.rfm = RfmView::default();
        self.view.choose_k = ChooseKView::default();
        self.view.segments = SegmentsView::default();
        self.view.profiles = ProfilesView::default();
    }

    /// Adds a file to those of the recipe; what they are to each other is found when they are read.
    fn add_file(&mut self, path: &Path) {
        if !path.is_file() {
            return self.tell(false, format!("There is no file {}.", path.display()));
        }
        let Some(recipe) = self.session.recipe() else { return self.open(path) };
        let path = from_anywhere(path.to_path_buf());
        if recipe.input.files.contains(&path) {
            return self.tell(false, format!("{} is open already.", path.display()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut recipe = Box::new(Recipe::clone(recipe));
        recipe.input.files.push(path);
        self.apply(Action::Decide { label: format!("Add {name}"), recipe, merge: false });
    }

    /// Does what a panel, a menu or a key asked for.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Command(command) => self.command(command),
            Action::Open(path) => self.open(&path),
            Action::AddFile(path) => self.add_file(&path),
            Action::OpenAll(paths) => self.open_all(&paths),
            Action::Paste(text) => match cache_folder().and_then(|folder| intake::paste::save(&text, &folder)) {
                Ok(path) => self.open(&path),
                Err(error) => self.tell(false, error.to_string()),
            },
            Action::Decide { label, recipe, merge } => {
                if self.session.history_mut().is_some_and(|h| h.push(label, *recipe, merge)) {
                    self.recompute();
                }
            }
            Action::Travel(index) => {
                if let Some(history) = self.session.history_mut() {
                    history.go_to(index);
                    self.recompute();
                }
            }
            Action::Settings(new) => self.take_settings(*new),
            Action::ShowCustomer(id) => self.show_customer(id),
            Action::Select(selection) => {
                self.explorer.forget_picks();
                self.selection = selection;
            }
            Action::Pick { question, chart, pointed, from } => self.pick(question, chart, pointed, from),
            Action::SelectGroup(at) => self.select_group(at),
            Action::NameSelection(name) => self.list_selection(Purpose::Group(name)),
            Action::Export(target) => self.export(target),
            Action::ExportAs(kind, name) => self.dialogs.save(kind, name),
            Action::StopExports => self.stop_exports(),
            Action::Browse(Browse::ExportFolder) => self.dialogs.browse_folder(),
            Action::Browse(Browse::Logo) => self.dialogs.browse_logo(),
            Action::Browse(Browse::Patterns) => self.dialogs.browse_patterns(),
            Action::UsePatterns(path) => self.use_patterns(path),
            Action::Save(job) => self.dialogs.save_file(job),
            Action::Run(number, change) => self.runs.change(number, change),
            Action::Project(action) => self.project_action(action),
            Action::NewFile(action) => self.new_file_action(action),
            Action::OpenMap(None) => self.dialogs.open_map(),
            Action::OpenMap(Some(path)) => self.open_map(&path),
            Action::Reveal(path) => {
                if let Err(error) = dialogs::reveal(&path) {
                    self.tell(false, format!("Cannot open {}: {error}", path.display()));
                }
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open => self.dialogs.open_file(),
            Command::AddFile => self.dialogs.add_file(),
            Command::Paste => self.wants_clipboard = true,
            Command::OpenSample => match sample_file() {
                Ok(path) => self.open(&path),
                Err(error) => self.tell(false, error.to_string()),
            },
            Command::Undo => self.travel(|h| h.undo().map(|label| format!("Undone: {label}"))),
            Command::Redo => self.travel(|h| h.redo().map(|label| format!("Done again: {label}"))),
            Command::RunAgain => self.recompute(),
            Command::Cancel => self.worker.cancel(),
            Command::ToggleTheme => {
                self.view.dark = !self.view.dark;
                let theme = if self.view.dark { ThemeChoice::Dark } else { ThemeChoice::Light };
                self.change_settings(|s| s.theme = theme);
            }
            Command::ToggleExplain => {
                self.view.explain = !self.view.explain;
                let open = self.view.explain;
                self.change_settings(|s| s.explain = open);
            }
            Command::Palette => self.view.palette_open = !self.view.palette_open,
            Command::ExportFolder => self.dialogs.pick_folder(),
            Command::ExportWorkbook => self.save_kind(ExportKind::Workbook),
            Command::ExportCustomers => self.save_kind(ExportKind::CUSTOMERS),
            Command::ExportReportPdf => self.save_kind(ExportKind::ReportPdf),
            Command::ExportReportHtml => self.save_kind(ExportKind::ReportHtml),
            Command::ExportRejects => self.dialogs.save_rejects(),
            Command::SaveRecipe => self.save_kind(ExportKind::Recipe),
            Command::ChoosePatterns => self.dialogs.browse_patterns(),
            Command::SavePatterns => self.save_patterns(),
            Command::SaveProject | Command::SaveProjectAs | Command::SaveProjectWithData => {
                self.project_command(command)
            }
            Command::Notes => self.view.notes_open = !self.view.notes_open && self.session.recipe().is_some(),
            Command::RunOnNewFile => {
                self.ask_for_new_file();
                if self.session.recipe().is_some() {
                    self.dialogs.new_file();
                }
            }
            Command::ShowComparison if self.new_file.compared.is_some() => self.show_comparison(),
            Command::ShowComparison => self.tell(
                false,
                "Nothing is compared yet: run the analysis on a new file first (Run on a new file…).".into(),
            ),
            Command::FindCustomer => self.find_customer(),
            Command::ShowCustomer => self.show_selected_customer(),
            Command::ClearSelection => self.apply(Action::Select(Selection::default())),
            Command::InvertSelection => self.invert_selection(),
            Command::NameSelection if self.selection.is_empty() => {
                self.tell(false, "No customers are selected.".into())
            }
            Command::NameSelection => self.view.groups.naming = Some(String::new()),
            Command::KeepSelection => self.list_selection(Purpose::Only),
            Command::LeaveOutSelection => self.list_selection(Purpose::Without),
            Command::ExportSelection => self.export_selection(),
            Command::AllCustomers => self.lift_limits(),
            Command::ChooseK(tab) => {
                if self.session.recipe().is_some() {
                    self.view.panel = Panel::ChooseK;
                    self.view.choose_k.tab = tab;
                }
            }
            Command::MoreClusters => self.step_k(1),
            Command::FewerClusters => self.step_k(-1),
            Command::Go(panel) => {
                if self.session.recipe().is_some() {
                    self.view.panel = panel;
                }
            }
            other => self.frame_command(other),
        }
        if command.shows_a_panel() {
            self.new_file.shown = false;
        }
    }

    /// Asks where to write a file of its usual name.
    fn save_kind(&self, kind: ExportKind) {
        self.dialogs.save(kind, kind.file_name().into());
    }

    /// One cluster more or fewer than there are.
    fn step_k(&mut self, by: i64) {
        let Some(recipe) = self.session.recipe().filter(|r| r.cluster.algorithm != Algorithm::Hdbscan) else { return };
        let present = match recipe.cluster.k {
            KChoice::Fixed(k) => Some(i64::from(k)),
            KChoice::Auto => self.session.chosen.get().map(|c| c.clustering.clusters() as i64),
        };
        let Some(k) = present.map(|k| k + by).filter(|k| (1..=30).contains(k)) else { return };
        let mut recipe = Box::new(Recipe::clone(recipe));
        recipe.cluster.k = KChoice::Fixed(k as u32);
        self.apply(Action::Decide { label: format!("Set k to {k}"), recipe, merge: false });
    }

    fn travel(&mut self, step: impl FnOnce(&mut crate::recipe::History) -> Option<String>) {
        if let Some(text) = self.session.history_mut().and_then(step) {
            self.tell(true, text);
            self.recompute();
        }
    }

    fn recompute(&mut self) {
        self.trail.follow(self.session.history());
        if let Some(recipe) = self.session.recipe() {
            let keys = self.worker.analyse(recipe.clone());
            self.session.want(keys);
        }
    }

    /// Adds a finished analysis to the runs, unless something else was decided before it came.
    fn record(&mut self, keys: Keys, findings: &Findings) {
        if self.session.keys() != Some(keys) {
            return;
        }
        let entries = self.session.history().map(crate::recipe::History::entries);
        let entry = entries.map(|(entries, at)| (at, entries[at].label.clone())).unwrap_or_default();
        self.runs.record(keys, findings, entry);
    }

    fn tell(&mut self, good: bool, text: String) {
        self.notices.push(Notice { good, text });
    }

    /// Whether the text of the clipboard was asked for since the last call; it comes as [`Action::Paste`].
    pub fn take_clipboard_request(&mut self) -> bool {
        std::mem::take(&mut self.wants_clipboard)
    }

    /// What is to be told since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Takes in what the worker and the dialogs have to say, for at most `budget`. Returns whether more waits.
    pub fn drain(&mut self, budget: Duration) -> bool {
        let start = Instant::now();
        while let Some(answer) = self.dialogs.try_receive() {
            match answer {
                dialogs::Answer::Open(paths) => self.open_all(&paths),
                dialogs::Answer::Add(path) => self.add_file(&path),
                dialogs::Answer::Map(path) => self.open_map(&path),
                dialogs::Answer::Export(target) => self.export(target),
                dialogs::Answer::ExportFolder(path) => self.view.typed.export_path = path.display().to_string(),
                dialogs::Answer::Logo(path) => self.set_logo(Some(path)),
                dialogs::Answer::Patterns(path) => self.use_patterns(Some(path)),
                dialogs::Answer::SaveProject(path, with_data) => {
                    self.project.data_inside |= with_data;
                    self.project_action(ProjectAction::SaveAs(path));
                }
                dialogs::Answer::Relink(gone, path) => self.project_action(ProjectAction::Relink(gone, Some(path))),
                dialogs::Answer::NewFile(files) => self.new_file_action(NewFileAction::Look(files)),
                dialogs::Answer::Save(job, path) => {
                    self.exports_running += 1;
                    self.worker.submit(Job::Write { job, path });
                }
                dialogs::Answer::NoDialog => self.tell(
                    false,
                    "The system offers no file dialog here; type the path instead, or drop the file on the window."
                        .into(),
                ),
            }
        }
        while let Some(message) = self.worker.try_receive() {
            self.receive(message);
            if start.elapsed() > budget {
                return true;
            }
        }
        while let Some(done) = self.threads.try_receive() {
            self.project_done(done);
        }
        self.new_file_arrived();
        for found in self.explorer.receive() {
            self.found(found);
        }
        self.explorer.about(&self.session);
        self.explorer.select(&self.selection.customers);
        false
    }

    /// A frame is drawn and its actions are done.
    pub fn end_frame(&mut self) {
        self.tick_off();
        self.keep_work();
        self.explorer.end_frame();
    }

    fn receive(&mut self, message: Message) {
        let rfm_before = self.session.rfm.get().cloned();
        let clusters_before = self.session.chosen.get().map(Arc::as_ptr);
        match message {
            Message::Writing { share } => self.exports.share = share,
            Message::Exported { target, result } => self.exported(target, result),
            message => {
                if let Message::Ready { keys, findings } = &message {
                    self.record(*keys, findings);
                    self.trail.arrived(self.session.history(), findings);
                }
                let read = matches!(&message, Message::Done { stage: Stage::Intake, .. } | Message::Failed { .. });
                if let Some(error) = self.session.receive(message) {
                    self.tell(false, error.to_string());
                }
                if read {
                    self.look_for_files();
                }
            }
        }
        self.export_what_waited();
        // A selection is a list of places in one customer table; in another one they are others.
        if let (Some(before), Some(now)) = (rfm_before, self.session.rfm.get().cloned())
            && !Arc::ptr_eq(&before, &now)
        {
            self.carry_selection(&before, &now);
        }
        // So does another clustering for the numbers of hidden clusters.
        if clusters_before.is_some() && self.session.chosen.get().map(Arc::as_ptr) != clusters_before {
            self.view.hidden.clear();
            self.view.profiles.writing = None;
        }
    }
}
