//! One analysis in the window: the recipe with its history, and what has been found so far.

use std::path::PathBuf;
use std::sync::Arc;

use super::remote::{Remote, Status};
use crate::clean::{CleanOut, Prepared};
use crate::cluster::{Chosen, KChecks, KSearch};
use crate::features::FeatureMatrix;
use crate::intake::{IntakeOut, RolesOut};
use crate::pipeline::{Findings, Key, Keys, STAGES, Stage, StageOutput};
use crate::profile::{Named, Portraits, Profile};
use crate::recipe::{History, Presentation, Recipe};
use crate::reduce::Pca;
use crate::rfm::{Migration, RfmOut};
use crate::worker::Message;

/// The findings of each stage as they arrive.
#[derive(Debug, Default)]
pub struct Session {
    /// `None` until a file is opened.
    history: Option<History>,
    keys: Option<Keys>,
    pub intake: Remote<IntakeOut>,
    pub prepared: Remote<Prepared>,
    pub roles: Remote<RolesOut>,
    pub clean: Remote<CleanOut>,
    /// Before further features are added; panels read [`Session::rfm`].
    counted: Remote<RfmOut>,
    /// The customer table with all its features.
    pub rfm: Remote<RfmOut>,
    pub matrix: Remote<FeatureMatrix>,
    pub search: Remote<KSearch>,
    pub chosen: Remote<Chosen>,
    pub pca: Remote<Pca>,
    /// Before the user's names; panels read [`Session::profiles`].
    measured: Remote<Vec<Profile>>,
    /// The clusters under the names in force.
    pub profiles: Remote<Vec<Profile>>,
    /// The same with names that rest.
    named: Option<Arc<Named>>,
    pub portraits: Remote<Portraits>,
    pub migration: Remote<Option<Migration>>,
    pub checks: Remote<KChecks>,
    /// Everything together but for the checks, which come last; what panels show.
    ready: Option<(Keys, Arc<Findings>)>,
    /// Everything together once the last stage is done; what exports write.
    finished: Option<(Keys, Arc<Findings>)>,
    /// Seconds each stage took last time it was computed.
    secs: [Option<f64>; STAGES],
    running: Option<(Stage, f32)>,
    /// Whether the user stopped the last run.
    stopped: bool,
}

/// Calls `$method` with `$args` on the remote of a stage, whatever its type.
macro_rules! on_stage {
    ($self:expr, $stage:expr, $method:ident ( $($args:expr),* )) => {
        match $stage {
            Stage::Intake => $self.intake.$method($($args),*),
            Stage::Prepare => $self.prepared.$method($($args),*),
            Stage::Roles => $self.roles.$method($($args),*),
            Stage::Clean => $self.clean.$method($($args),*),
            Stage::Rfm => $self.counted.$method($($args),*),
            Stage::Enrich => $self.rfm.$method($($args),*),
            Stage::Features => $self.matrix.$method($($args),*),
            Stage::Search => $self.search.$method($($args),*),
            Stage::Cluster => $self.chosen.$method($($args),*),
            Stage::Reduce => $self.pca.$method($($args),*),
            Stage::Profile => $self.measured.$method($($args),*),
            Stage::Name => $self.profiles.$method($($args),*),
            Stage::Portray => $self.portraits.$method($($args),*),
            Stage::Compare => $self.migration.$method($($args),*),
            Stage::Judge => $self.checks.$method($($args),*),
        }
    };
}

impl Session {
    /// A session on one file, or on several that belong together, with the default recipe but for how it is presented.
    pub fn open(paths: &[PathBuf], presentation: Presentation) -> Session {
        let name =
            |p: &PathBuf| p.file_name().map_or_else(|| p.display().to_string(), |n| n.to_string_lossy().into_owned());
        let names: Vec<String> = paths.iter().map(name).collect();
        let recipe = Recipe { presentation, ..Recipe::for_files(paths.to_vec()) };
        Session::with_recipe(format!("Open {}", names.join(" + ")), recipe)
    }

    /// A session that starts from a recipe.
    pub fn with_recipe(label: impl Into<String>, recipe: Recipe) -> Session {
        Session { history: Some(History::new(label, recipe)), ..Session::default() }
    }

    /// A session that goes on with a history.
    pub(super) fn with_history(history: History) -> Session {
        Session { history: Some(history), ..Session::default() }
    }

    /// The customer table before further features are added to it.
    pub fn counted(&self) -> &Remote<RfmOut> {
        &self.counted
    }

    /// Under which keys findings are wanted.
    pub fn keys(&self) -> Option<Keys> {
        self.keys
    }

    /// The recipe in force; `None` until a file is opened.
    pub fn recipe(&self) -> Option<&Arc<Recipe>> {
        self.history.as_ref().map(History::recipe)
    }

    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    pub(super) fn history_mut(&mut self) -> Option<&mut History> {
        self.history.as_mut()
    }

    /// How a stage stands.
    pub fn status(&self, stage: Stage) -> &Status {
        on_stage!(self, stage, status())
    }

    /// The stage being computed and its share done, if any.
    pub fn running(&self) -> Option<(Stage, f32)> {
        self.running
    }

    /// Whether the user stopped the last run, so that it waits to be run again.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Seconds the stage took when it was last computed.
    pub fn secs(&self, stage: Stage) -> Option<f64> {
        self.secs[stage as usize]
    }

    /// The first stage that failed, and why.
    pub fn failure(&self) -> Option<(Stage, &crate::error::Error)> {
        Stage::ALL.into_iter().find_map(|stage| match self.status(stage) {
            Status::Failed(error) => Some((stage, error)),
            _ => None,
        })
    }

    /// The analysis, if it is done and current; perhaps still without the checks.
    pub fn findings(&self) -> Option<&Arc<Findings>> {
        self.ready.as_ref().filter(|(keys, _)| self.keys == Some(*keys)).map(|(_, findings)| findings)
    }

    /// Whether only the checks are still to come, or are there while the findings that hold them are on their way.
    pub(super) fn is_judging(&self) -> bool {
        let to_come = match self.checks.status() {
            Status::Idle | Status::OutOfDate | Status::Running(_) => true,
            // Where another stage failed, these findings never come.
            Status::Ready => self.whole().is_none() && self.failure().is_none(),
            Status::Failed(_) => false,
        };
        self.findings().is_some() && to_come && !self.stopped
    }

    /// The whole analysis, checks included, if it is done and current.
    pub fn whole(&self) -> Option<&Arc<Findings>> {
        self.finished.as_ref().filter(|(keys, _)| self.keys == Some(*keys)).map(|(_, findings)| findings)
    }

    /// All warnings of the stages that are there, in order.
    pub fn warnings(&self) -> Vec<&str> {
        let lists = [
            self.intake.get().map(|o| &o.warnings),
            self.prepared.get().map(|o| &o.warnings),
            self.roles.get().map(|o| &o.warnings),
            self.clean.get().map(|o| &o.warnings),
            self.rfm.get().map(|o| &o.warnings),
            self.matrix.get().map(|o| &o.warnings),
            self.chosen.get().map(|o| &o.warnings),
            self.named.as_ref().map(|o| &o.resting),
        ];
        lists.into_iter().flatten().flatten().map(String::as_str).collect()
    }

    /// The file's own currency sign.
    pub fn currency(&self) -> Option<&str> {
        self.clean.get().and_then(|c| c.currency.as_deref())
    }

    /// From now on findings under these keys are wanted.
    pub(super) fn want(&mut self, keys: Keys) {
        self.keys = Some(keys);
        self.running = None;
        self.stopped = false;
        for stage in Stage::ALL {
            on_stage!(self, stage, want(keys.get(stage)));
        }
    }

    fn wanted(&self, stage: Stage, key: Key) -> bool {
        self.keys.is_some_and(|keys| keys.get(stage) == key)
    }

    /// Takes in a message about a stage; one with a key that is no longer wanted is dropped.
    /// Returns the error if the stage failed.
    pub(super) fn receive(&mut self, message: Message) -> Option<crate::error::Error> {
        match message {
            Message::Started { stage, key } if self.wanted(stage, key) => {
                self.running = Some((stage, 0.0));
                on_stage!(self, stage, running(0.0));
            }
            Message::Head { key, intake } if self.wanted(Stage::Intake, key) => self.intake.part(intake),
            Message::Part { stage, key, output } if self.wanted(stage, key) => self.part(output),
            Message::Progress { stage, key, share }
                if self.wanted(stage, key) && self.running.is_some_and(|(s, _)| s == stage) =>
            {
                self.running = Some((stage, share));
                on_stage!(self, stage, running(share));
            }
            Message::Done { stage, key, output, secs } if self.wanted(stage, key) => {
                self.running = None;
                if secs.is_some() {
                    self.secs[stage as usize] = secs;
                }
                self.arrived(key, output);
            }
            Message::Cancelled { stage, key } if self.wanted(stage, key) => {
                self.running = None;
                self.stopped = true;
                on_stage!(self, stage, out_of_date());
            }
            Message::Failed { stage, key, error } if self.wanted(stage, key) => {
                self.running = None;
                on_stage!(self, stage, failed(error.clone()));
                return Some(error);
            }
            Message::Ready { keys, findings } => self.ready = Some((keys, findings)),
            Message::Finished { keys, findings } => {
                self.running = None;
                self.finished = Some((keys, findings));
            }
            _ => {}
        }
        None
    }

    /// Only these two stages tell of parts.
    fn part(&mut self, output: StageOutput) {
        match output {
            StageOutput::Search(v) => self.search.part(v),
            StageOutput::Judge(v) => self.checks.part(v),
            _ => {}
        }
    }

    fn arrived(&mut self, key: Key, output: StageOutput) {
        match output {
            StageOutput::Intake(v) => self.intake.arrived(key, v),
            StageOutput::Prepare(v) => self.prepared.arrived(key, v),
            StageOutput::Roles(v) => self.roles.arrived(key, v),
            StageOutput::Clean(v) => self.clean.arrived(key, v),
            StageOutput::Rfm(v) => self.counted.arrived(key, v),
            StageOutput::Enrich(v) => self.rfm.arrived(key, v),
            StageOutput::Features(v) => self.matrix.arrived(key, v),
            StageOutput::Search(v) => self.search.arrived(key, v),
            StageOutput::Cluster(v) => self.chosen.arrived(key, v),
            StageOutput::Reduce(v) => self.pca.arrived(key, v),
            StageOutput::Profile(v) => self.measured.arrived(key, v),
            StageOutput::Name(v) => {
                self.profiles.arrived(key, v.profiles.clone());
                self.named = Some(v);
            }
            StageOutput::Portray(v) => self.portraits.arrived(key, v),
            StageOutput::Compare(v) => self.migration.arrived(key, v),
            StageOutput::Judge(v) => self.checks.arrived(key, v),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Pipeline, Unwatched};

    /// An export waits for as long as this is so: what it writes must not depend on the moment.
    #[test]
    fn judging_ends_with_the_findings_that_hold_the_checks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        let rows: String = (0..60).map(|i| format!("{i},{},{}\n", 20 + i * 7 % 50, i * 37 % 101)).collect();
        std::fs::write(&path, format!("customer_id,age,income\n{rows}")).unwrap();
        let recipe = Recipe::for_file(path);
        let keys = Keys::of(&recipe);
        let whole = Pipeline::new().run(&Arc::new(recipe.clone()), Arc::default(), Arc::new(Unwatched)).unwrap();
        let checks = whole.checks.clone().unwrap();
        let ready = Arc::new(Findings { checks: None, ..whole.clone() });

        let mut session = Session::with_recipe("Open people.csv", recipe);
        session.want(keys);
        assert!(!session.is_judging(), "nothing is there yet");
        session.receive(Message::Ready { keys, findings: ready });
        assert!(session.is_judging());
        let (stage, key, output) = (Stage::Judge, keys.get(Stage::Judge), StageOutput::Judge(checks));
        session.receive(Message::Done { stage, key, output, secs: Some(0.1) });
        assert!(session.is_judging(), "the checks are there, the findings that hold them are not");
        session.receive(Message::Finished { keys, findings: Arc::new(whole) });
        assert!(!session.is_judging());
    }
}
