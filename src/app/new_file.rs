//! The same analysis on another file: columns laid side by side and confirmed first, both results compared afterwards.

use std::path::PathBuf;
use std::sync::Arc;

use super::project::Errand;
use super::{Action, App};
use crate::error::Result;
use crate::pipeline::{Findings, Keys};
use crate::profile::Grouping;
use crate::project::remap::{self, Known, Plan};
use crate::project::{Comparison, Side, compare};
use crate::recipe::Recipe;

/// What was found out about another file.
pub(crate) struct NewData {
    plan: Plan,
}

/// How far it is.
#[derive(Debug, Clone, Default)]
pub enum Step {
    /// Nothing was asked for.
    #[default]
    None,
    /// The file is being looked at.
    Looking,
    /// To be confirmed.
    Plan(Box<Plan>),
    /// The analysis is under way.
    Running,
    /// Both are done.
    Compared,
    Failed(String),
}

/// The page of another file.
#[derive(Debug, Clone, Default)]
pub struct NewFile {
    /// Whether it stands in front of the panels.
    pub shown: bool,
    pub step: Step,
    /// The files that are looked at or compared with.
    pub files: Vec<PathBuf>,
    /// Whether dates that were set by hand for the earlier file hold for the new one too.
    pub keep_dates: bool,
    /// Which segments are compared.
    pub grouping: Grouping,
    /// What the analysis of the earlier file found, and of the new one.
    pub before: Option<Arc<Findings>>,
    pub after: Option<Arc<Findings>>,
    /// Of `grouping`.
    pub comparison: Option<Arc<Comparison>>,
    /// Whether the comparison was in front of the user.
    pub seen: bool,
    keys: Option<Keys>,
}

impl From<NewFileAction> for Action {
    fn from(action: NewFileAction) -> Action {
        Action::NewFile(action)
    }
}

/// What is asked about another file.
#[derive(Debug, Clone)]
pub enum NewFileAction {
    /// Look at these files.
    Look(Vec<PathBuf>),
    /// This column of the new file, or none, stands for a needed one.
    Choose(usize, Option<String>),
    KeepDates(bool),
    /// Run the analysis as planned.
    Run,
    Compare(Grouping),
    /// Show the page again, or put it away.
    Show(bool),
    /// Forget the plan.
    Cancel,
}

impl App {
    pub(super) fn new_file_action(&mut self, action: NewFileAction) {
        match action {
            NewFileAction::Look(files) => self.look_at(files),
            NewFileAction::Choose(at, column) => {
                if let Step::Plan(plan) = &mut self.new_file.step {
                    plan.choose(at, column);
                }
            }
            NewFileAction::KeepDates(keep) => self.new_file.keep_dates = keep,
            NewFileAction::Run => self.run_on_new_file(),
            NewFileAction::Compare(grouping) => {
                self.new_file.grouping = grouping;
                self.compare_files();
            }
            NewFileAction::Show(shown) => self.show_new_file(shown),
            NewFileAction::Cancel => self.new_file = NewFile::default(),
        }
    }

    /// Starts anew: the page in front, with nothing chosen.
    pub(super) fn ask_for_new_file(&mut self) {
        self.new_file = NewFile { shown: true, ..NewFile::default() };
    }

    pub(super) fn show_new_file(&mut self, shown: bool) {
        self.new_file.shown = shown;
        self.new_file.seen |= matches!(self.new_file.step, Step::Compared);
    }

    fn look_at(&mut self, files: Vec<PathBuf>) {
        let Some(recipe) = self.session.recipe().cloned() else {
            return self
                .tell(false, "Open a file or a project first: its analysis is what runs on the new file.".into());
        };
        if let Some(gone) = files.iter().find(|f| !f.is_file()) {
            return self.tell(false, format!("There is no file {}.", gone.display()));
        }
        let before = self.session.findings().cloned();
        self.new_file =
            NewFile { shown: true, step: Step::Looking, files: files.clone(), before, ..NewFile::default() };
        let (intake, roles) = (self.session.intake.get().cloned(), self.session.roles.get().cloned());
        self.threads.ask(Errand::Look(Box::new(move |ctx| {
            let (input, there, head) = remap::read(&recipe, files, ctx)?;
            let known = Known { table: intake.as_deref().map(|i| &i.table), roles: roles.as_deref() };
            let plan = remap::plan(&recipe, known, input, &there, head, ctx)?;
            Ok(NewData { plan })
        })));
    }

    pub(super) fn looked(&mut self, result: Result<NewData>) {
        if !matches!(self.new_file.step, Step::Looking) {
            return;
        }
        self.new_file.step = match result {
            Ok(new) => Step::Plan(Box::new(new.plan)),
            Err(error) => Step::Failed(error.to_string()),
        };
    }

    fn run_on_new_file(&mut self) {
        let Step::Plan(plan) = &self.new_file.step else { return };
        let (Some(recipe), true) = (self.session.recipe(), plan.can_run()) else { return };
        let mut next = remap::apply(recipe, plan, self.session.roles.get().map(|r| &**r));
        if !self.new_file.keep_dates {
            next = remap::without_dates(next);
        }
        let names: Vec<String> =
            self.new_file.files.iter().filter_map(|f| Some(f.file_name()?.to_string_lossy().into_owned())).collect();
        let renamed = plan.renamed().len();
        let mut label = format!("Run on {}", names.join(" + "));
        if renamed > 0 {
            label += &format!(": {} re-mapped", crate::format::plural(renamed, "column", "columns"));
        }
        self.new_file.step = Step::Running;
        self.new_file.keys = Some(Keys::of(&next));
        self.new_file.files.clone().iter().for_each(|f| self.remember(f));
        self.decide_file(label, next);
    }

    fn decide_file(&mut self, label: String, recipe: Recipe) {
        self.selection = super::Selection::default();
        self.explorer.forget();
        self.apply(Action::Decide { label, recipe: Box::new(recipe), merge: false });
    }

    /// Looks whether the analysis that was waited for is done.
    pub(super) fn new_file_arrived(&mut self) {
        if !matches!(self.new_file.step, Step::Running) {
            return;
        }
        if self.session.keys() != self.new_file.keys {
            // Something else was decided since.
            self.new_file = NewFile::default();
        } else if let Some(findings) = self.session.findings().cloned() {
            self.new_file.after = Some(findings);
            self.compare_files();
        } else if let Some((_, error)) = self.session.failure() {
            self.new_file.step = Step::Failed(error.to_string());
        }
    }

    fn compare_files(&mut self) {
        let (Some(before), Some(after)) = (self.new_file.before.clone(), self.new_file.after.clone()) else {
            self.new_file.step = Step::Failed(
                "The earlier file had not been analysed, so there is nothing to compare with; the new one is.".into(),
            );
            return;
        };
        let grouping = self.new_file.grouping;
        self.threads.ask(Errand::Compare(Box::new(move || {
            let currency = after.clean.currency.clone();
            let (a, b) = (Grouped::of(&before, grouping), Grouped::of(&after, grouping));
            compare(&a.side(&before), &b.side(&after), currency.as_deref())
        })));
    }

    pub(super) fn compared(&mut self, result: Result<Comparison>) {
        match result {
            Ok(comparison) => {
                self.new_file.comparison = Some(Arc::new(comparison));
                self.new_file.step = Step::Compared;
                self.new_file.seen = self.new_file.shown;
            }
            Err(error) => self.new_file.step = Step::Failed(error.to_string()),
        }
    }
}

/// The segments of an analysis in one form for both groupings.
struct Grouped<'a> {
    names: Vec<&'a str>,
    of: Vec<u32>,
}

impl<'a> Grouped<'a> {
    fn of(findings: &'a Findings, grouping: Grouping) -> Grouped<'a> {
        let scored = !findings.rfm.segment.is_empty();
        match grouping {
            Grouping::Rfm if scored => Grouped {
                names: findings.rfm.map.segments.iter().map(|s| s.name.as_str()).collect(),
                of: findings.rfm.segment.iter().map(|s| u32::from(*s)).collect(),
            },
            _ => Grouped {
                names: findings.profiles.iter().map(|p| p.name.as_str()).collect(),
                of: findings.chosen.clustering.labels.clone(),
            },
        }
    }

    fn side<'s>(&'s self, findings: &'s Findings) -> Side<'s> {
        Side { customers: &findings.rfm.customers, names: &self.names, of: &self.of }
    }
}
