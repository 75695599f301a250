//! What the table and the card are made from: always parts of one and the same analysis.

use std::sync::Arc;

use crate::clean::{CleanOut, Prepared};
use crate::explore::customers::{CustomerColumn, CustomerQuery, CustomerSheet};
use crate::intake::RolesOut;
use crate::pipeline::Findings;
use crate::recipe::Recipe;
use crate::rfm::RfmOut;
use crate::ui::cache::Same;
use crate::ui::scene::Scene;

/// The parts of an analysis that are there.
#[derive(Clone)]
pub struct Source {
    pub prepared: Arc<Prepared>,
    pub roles: Arc<RolesOut>,
    pub clean: Arc<CleanOut>,
    pub rfm: Arc<RfmOut>,
    pub recipe: Arc<Recipe>,
    /// With the clusters of these customers.
    pub findings: Option<Arc<Findings>>,
    /// Whether it is the analysis in force.
    pub current: bool,
}

impl Source {
    /// The customers of the analysis in force as soon as they are counted, else those of the last complete one.
    pub fn of(scene: &Scene) -> Option<Source> {
        let session = scene.session;
        let parts = (session.prepared.ready(), session.roles.ready(), session.clean.ready(), session.rfm.ready());
        let known = scene.findings().map(|(findings, _)| findings);
        if let (Some(prepared), Some(roles), Some(clean), Some(rfm)) = parts {
            return Some(Source {
                prepared: prepared.clone(),
                roles: roles.clone(),
                clean: clean.clone(),
                rfm: rfm.clone(),
                recipe: session.recipe()?.clone(),
                findings: known.filter(|f| Arc::ptr_eq(&f.rfm, rfm)),
                current: true,
            });
        }
        let findings = known?;
        Some(Source {
            prepared: findings.prepared.clone(),
            roles: findings.roles.clone(),
            clean: findings.clean.clone(),
            rfm: findings.rfm.clone(),
            recipe: findings.recipe.clone(),
            findings: Some(findings),
            current: false,
        })
    }

    pub fn sheet(&self) -> CustomerSheet {
        let clusters = self.findings.as_ref().map(|f| (f.chosen.clone(), f.profiles.clone()));
        CustomerSheet { rfm: self.rfm.clone(), clusters }
    }
}

impl Same for Source {
    fn same(&self, other: &Self) -> bool {
        self.prepared.same(&other.prepared)
            && self.roles.same(&other.roles)
            && self.clean.same(&other.clean)
            && self.rfm.same(&other.rfm)
            && self.recipe.same(&other.recipe)
            && self.findings.same(&other.findings)
    }
}

impl Same for CustomerSheet {
    fn same(&self, other: &Self) -> bool {
        self.rfm.same(&other.rfm) && self.clusters.same(&other.clusters)
    }
}

macro_rules! same_by_value {
    ($($kind:ty),+) => { $(impl Same for $kind { fn same(&self, other: &Self) -> bool { self == other } })+ };
}
same_by_value!(CustomerQuery, CustomerColumn, Vec<CustomerColumn>);
