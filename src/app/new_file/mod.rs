//! The same analysis on another file: columns laid side by side and confirmed first, both results compared afterwards.

mod compared;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

pub use compared::Compared;

use self::compared::Subject;
use super::project::{Errand, Ticket};
use super::{Action, App, Selection};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::plural;
use crate::pipeline::{Findings, Keys};
use crate::profile::Grouping;
use crate::project::Comparison;
use crate::project::remap::{self, Known, Plan};
use crate::recipe::Recipe;

/// What was found out about another file.
pub(crate) struct NewData {
    plan: Plan,
}

/// What stands on the page.
#[derive(Debug, Clone, Default)]
pub enum Step {
    /// Another file can be chosen.
    #[default]
    None,
    /// The file is being looked at.
    Looking,
    /// To be confirmed.
    Plan(Box<Plan>),
    /// The analysis is under way.
    Running,
    /// The last comparison.
    Compared,
    Failed(String),
}

/// The page of another file.
#[derive(Debug, Clone, Default)]
pub struct NewFile {
    /// Whether it stands in front of the panels.
    pub shown: bool,
    pub step: Step,
    /// The files that are looked at or analysed.
    pub files: Vec<PathBuf>,
    /// Whether dates that were set by hand for the earlier file hold for the new one too.
    pub keep_dates: bool,
    /// The last comparison; it stays until another one is done.
    pub compared: Option<Arc<Compared>>,
    /// Whether that was in front of the user.
    pub seen: bool,
    /// The answers that are waited for.
    looking: Ticket,
    comparing: Option<(Ticket, Subject)>,
    running: Option<Running>,
    /// The keys of the findings that were last looked at for what they change of the comparison.
    followed: Option<Keys>,
}

impl NewFile {
    pub fn comparison(&self) -> Option<&Arc<Comparison>> {
        self.compared.as_ref().map(|c| &c.comparison)
    }

    /// Stops waiting for what was asked.
    fn stop(&self) {
        self.looking.stop();
        if let Some((comparing, _)) = &self.comparing {
            comparing.stop();
        }
    }
}

/// An analysis that is waited for, to be compared.
#[derive(Debug, Clone)]
struct Running {
    before: Option<Arc<Findings>>,
    subject: Subject,
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
    /// Select those who made the move at this place of the comparison.
    Select(usize),
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
            NewFileAction::Compare(grouping) => self.compare_by(grouping),
            NewFileAction::Select(at) => self.select_move(at),
            NewFileAction::Show(shown) => self.show_new_file(shown),
            NewFileAction::Cancel => self.put_new_file_away(),
        }
    }

    /// The page in front, where another file can be chosen. What is under way goes on, and what was found out stays.
    pub(super) fn ask_for_new_file(&mut self) {
        self.new_file.shown = true;
        if matches!(self.new_file.step, Step::Compared) {
            self.new_file.step = Step::None;
        }
    }

    /// The last comparison in front.
    pub(super) fn show_comparison(&mut self) {
        if !matches!(self.new_file.step, Step::Compared) {
            self.new_file.looking.stop();
            self.new_file.step = Step::Compared;
        }
        self.show_new_file(true);
    }

    fn show_new_file(&mut self, shown: bool) {
        self.new_file.shown = shown;
        self.new_file.seen |= shown && matches!(self.new_file.step, Step::Compared);
    }

    /// Back to the panels. What is under way goes on, and the last comparison stays.
    fn put_new_file_away(&mut self) {
        let page = &mut self.new_file;
        page.looking.stop();
        page.shown = false;
        page.step = match (&page.running, &page.compared) {
            (Some(_), _) => Step::Running,
            (None, Some(_)) => Step::Compared,
            (None, None) => Step::None,
        };
    }

    /// Something else was opened, or the window closes.
    pub(super) fn forget_new_file(&mut self) {
        self.new_file.stop();
        self.new_file = NewFile::default();
    }

    fn look_at(&mut self, files: Vec<PathBuf>) {
        let Some(recipe) = self.session.recipe().cloned() else {
            return self
                .tell(false, "Open a file or a project first: its analysis is what runs on the new file.".into());
        };
        if let Some(gone) = files.iter().find(|f| !f.is_file()) {
            return self.tell(false, format!("There is no file {}.", gone.display()));
        }
        let ticket = Ticket::default();
        self.new_file.looking.stop();
        self.new_file.looking = ticket.clone();
        self.new_file.shown = true;
        self.new_file.step = Step::Looking;
        self.new_file.keep_dates = false;
        self.new_file.files.clone_from(&files);
        let (intake, roles) = (self.session.intake.get().cloned(), self.session.roles.get().cloned());
        let look = move |ctx: &Ctx| {
            let (input, there, head) = remap::read(&recipe, files, ctx)?;
            let known = Known { table: intake.as_deref().map(|i| &i.table), roles: roles.as_deref() };
            let plan = remap::plan(&recipe, known, input, &there, head, ctx)?;
            Ok(NewData { plan })
        };
        self.threads.ask(Errand::Look(ticket, Box::new(look)));
    }

    pub(super) fn looked(&mut self, ticket: &Ticket, result: Result<NewData>) {
        if *ticket != self.new_file.looking || !matches!(self.new_file.step, Step::Looking) {
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
        let roles = self.session.roles.get().map(|r| &**r);
        if !plan.answers(recipe, roles) {
            let files = self.new_file.files.clone();
            self.tell(
                false,
                "The decisions changed since the columns were matched, so they are matched again; look at them once \
                 more."
                    .into(),
            );
            return self.look_at(files);
        }
        let mut next = remap::apply(recipe, plan, roles);
        if !self.new_file.keep_dates {
            next = remap::without_dates(next);
        }
        let renamed = plan.renamed().len();
        let mut label = format!("Run on {}", names(&self.new_file.files));
        if renamed > 0 {
            label += &format!(": {} re-mapped", plural(renamed, "column", "columns"));
        }
        let before = self.session.findings().cloned();
        let subject = Subject::of(&next);
        self.new_file.files.clone().iter().for_each(|f| self.remember(f));
        self.decide_file(label, next);
        self.new_file.step = Step::Running;
        self.new_file.running = Some(Running { before, subject, keys: self.session.keys() });
    }

    fn decide_file(&mut self, label: String, recipe: Recipe) {
        self.selection = Selection::default();
        self.explorer.forget();
        self.apply(Action::Decide { label, recipe: Box::new(recipe), merge: false });
    }

    /// Looks whether the analysis that was waited for is done, and whether the one that was compared is called otherwise
    /// by now.
    pub(super) fn new_file_arrived(&mut self) {
        let keys = self.session.keys();
        let now = || self.session.recipe().map(|recipe| Subject::of(recipe));
        match &self.new_file.running {
            Some(running) if running.keys != keys => {
                if now().as_ref() != Some(&running.subject) {
                    return self.drop_comparison();
                }
                // A name or a way to write numbers: the same will be found.
                if let Some(running) = &mut self.new_file.running {
                    running.keys = keys;
                }
            }
            Some(_) => {}
            None => return self.follow_names(keys),
        }
        let in_front = matches!(self.new_file.step, Step::Running);
        if let Some(findings) = self.session.findings().cloned() {
            self.new_file.followed = keys;
            let Some(Running { before, subject, .. }) = self.new_file.running.take() else { return };
            let none = "The earlier file had not been analysed, so there is nothing to compare with; the new one is.";
            match before {
                Some(before) => self.compare_files(before, findings, subject, Grouping::default()),
                None if in_front => self.new_file.step = Step::Failed(none.into()),
                None => self.tell(false, none.into()),
            }
        } else if let Some((_, error)) = self.session.failure() {
            // It was told when it came; here it stands where it was waited for.
            if in_front {
                self.new_file.step = Step::Failed(error.to_string());
            }
            self.new_file.running = None;
        }
    }

    /// The analysis that is waited for will not be the one that was asked for.
    fn drop_comparison(&mut self) {
        let Some(Running { subject, .. }) = self.new_file.running.take() else { return };
        if matches!(self.new_file.step, Step::Running) {
            self.put_new_file_away();
        }
        let files = names(&subject.files);
        let text = if self.session.recipe().is_some_and(|r| r.input.files == subject.files) {
            format!(
                "Something else was decided before {files} was analysed, so it is not compared with the earlier file. To \
                 compare them, undo back to the earlier file and run the analysis on the new one again."
            )
        } else {
            format!("{files} is not what is analysed any more, so it is not compared with the earlier file.")
        };
        self.tell(false, text);
    }

    /// Compares again where the same segments have other names, or numbers are written in another way.
    fn follow_names(&mut self, keys: Option<Keys>) {
        let (Some(compared), Some(findings)) = (&self.new_file.compared, self.session.findings()) else { return };
        if self.new_file.followed == keys || self.new_file.comparing.is_some() {
            return;
        }
        self.new_file.followed = keys;
        if Subject::of(&findings.recipe) == compared.subject {
            let (compared, findings) = (compared.clone(), findings.clone());
            let Compared { before, subject, grouping, .. } = &*compared;
            self.compare_files(before.clone(), findings, subject.clone(), *grouping);
        }
    }

    fn compare_by(&mut self, grouping: Grouping) {
        let Some(compared) = self.new_file.compared.clone() else { return };
        let Compared { before, after, subject, .. } = &*compared;
        // One of another file is about to take the place of this one.
        if self.new_file.comparing.as_ref().is_some_and(|(_, coming)| coming != subject) {
            return;
        }
        self.compare_files(before.clone(), after.clone(), subject.clone(), grouping);
    }

    fn compare_files(&mut self, before: Arc<Findings>, after: Arc<Findings>, subject: Subject, grouping: Grouping) {
        let ticket = Ticket::default();
        if let Some((before, _)) = self.new_file.comparing.replace((ticket.clone(), subject.clone())) {
            before.stop();
        }
        let compare = move |ctx: &Ctx| Compared::of(before, after, subject, grouping, ctx);
        self.threads.ask(Errand::Compare(ticket, Box::new(compare)));
    }

    pub(super) fn compared(&mut self, ticket: &Ticket, result: Result<Box<Compared>>) {
        if self.new_file.comparing.take_if(|(comparing, _)| comparing == ticket).is_none() {
            return;
        }
        match result {
            Ok(compared) => {
                let new = self.new_file.compared.as_ref().is_none_or(|c| c.subject != compared.subject);
                self.new_file.compared = Some(Arc::from(compared));
                if matches!(self.new_file.step, Step::Running) {
                    self.new_file.step = Step::Compared;
                }
                if new {
                    self.new_file.seen = self.new_file.shown && matches!(self.new_file.step, Step::Compared);
                }
            }
            Err(error) if matches!(self.new_file.step, Step::Running) => {
                self.new_file.step = Step::Failed(error.to_string());
            }
            Err(error) => self.tell(false, error.to_string()),
        }
    }

    /// Selects those who made a move; they were found with it, so that this takes no time.
    fn select_move(&mut self, at: usize) {
        let Some(compared) = self.new_file.compared.clone() else { return };
        let comparison = &compared.comparison;
        let (Some(one), Some(customers)) = (comparison.moves.get(at), comparison.who.get(at)) else { return };
        let ids = |findings: &Findings| findings.rfm.customers.ids.clone();
        // In another table the same places are other customers.
        if !self.session.rfm.get().is_some_and(|rfm| Arc::ptr_eq(&rfm.customers.ids, &ids(&compared.after))) {
            let text = "These are customers of the new file, and another table of customers is in force now.";
            return self.tell(false, text.into());
        }
        if customers.is_empty() {
            return self.tell(false, "These customers are not in the new file, so there is nobody to select.".into());
        }
        let from = one.from.map_or("New", |i| comparison.groups[i].name_before());
        let to = one.to.map_or("Gone", |i| comparison.groups[i].name.as_str());
        let from = format!("{from} → {to}");
        self.apply(Action::Select(Selection { customers: customers.clone(), from }));
    }
}

/// Files by name.
fn names(files: &[PathBuf]) -> String {
    let name = |f: &PathBuf| Some(f.file_name()?.to_string_lossy().into_owned());
    files.iter().filter_map(name).collect::<Vec<_>>().join(" + ")
}
