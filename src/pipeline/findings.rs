//! Everything a finished analysis found, each part shared with the cache that made it.

use std::sync::Arc;

use super::Stage;
use crate::clean::{CleanOut, Prepared};
use crate::cluster::{Chosen, KChecks, KSearch};
use crate::features::FeatureMatrix;
use crate::intake::{IntakeOut, RolesOut};
use crate::profile::{Named, Portraits, Profile};
use crate::recipe::Recipe;
use crate::reduce::Pca;
use crate::rfm::{Migration, RfmOut};

/// One stage's findings, as handed to whoever watches the pipeline.
#[derive(Debug, Clone)]
pub enum StageOutput {
    Intake(Arc<IntakeOut>),
    Prepare(Arc<Prepared>),
    Roles(Arc<RolesOut>),
    Clean(Arc<CleanOut>),
    /// Before further features are added.
    Rfm(Arc<RfmOut>),
    Enrich(Arc<RfmOut>),
    Features(Arc<FeatureMatrix>),
    Search(Arc<KSearch>),
    Cluster(Arc<Chosen>),
    Reduce(Arc<Pca>),
    /// With proposed names.
    Profile(Arc<Vec<Profile>>),
    Name(Arc<Named>),
    Portray(Arc<Portraits>),
    /// `None`: no other date was asked for.
    Compare(Arc<Option<Migration>>),
    Judge(Arc<KChecks>),
}

/// A whole analysis: what exports write.
#[derive(Debug, Clone)]
pub struct Findings {
    pub recipe: Arc<Recipe>,
    pub intake: Arc<IntakeOut>,
    pub prepared: Arc<Prepared>,
    pub roles: Arc<RolesOut>,
    pub clean: Arc<CleanOut>,
    pub rfm: Arc<RfmOut>,
    pub matrix: Arc<FeatureMatrix>,
    pub search: Arc<KSearch>,
    pub chosen: Arc<Chosen>,
    pub pca: Arc<Pca>,
    /// The clusters, under the names in force.
    pub profiles: Arc<Vec<Profile>>,
    /// Names given by hand that are not in force, a sentence each that says why.
    pub resting: Vec<String>,
    pub portraits: Arc<Portraits>,
    pub migration: Arc<Option<Migration>>,
    /// What resampling says about the number of clusters; `None` while that is being computed, as nothing else waits
    /// for it.
    pub checks: Option<Arc<KChecks>>,
    /// Seconds per stage of the run that made these; zero where findings were reused.
    pub durations: Vec<(Stage, f64)>,
}

impl Findings {
    /// What the criteria say of the number of clusters, those of resampling included once they are there.
    pub fn verdict(&self) -> &str {
        let checked = self.checks.as_ref().map(|checks| checks.verdict.as_str());
        checked.filter(|verdict| !verdict.is_empty()).unwrap_or(&self.search.verdict)
    }

    /// All warnings in the order of the stages.
    pub fn warnings(&self) -> Vec<String> {
        [
            &self.intake.warnings,
            &self.prepared.warnings,
            &self.roles.warnings,
            &self.clean.warnings,
            &self.rfm.warnings,
            &self.matrix.warnings,
            &self.chosen.warnings,
            &self.resting,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }
}
