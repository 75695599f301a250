//! What came of the same analysis on both files.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::pipeline::{Findings, Key, Keys, Stage};
use crate::profile::{self, Grouping, Profile};
use crate::project::{Comparison, Side, compare};
use crate::recipe::{Input, NamedSegment, Presentation, Recipe};

/// Two analyses and what differs between them.
#[derive(Debug)]
pub struct Compared {
    pub before: Arc<Findings>,
    pub after: Arc<Findings>,
    /// Which segments are compared.
    pub grouping: Grouping,
    pub comparison: Arc<Comparison>,
    pub(super) subject: Subject,
}

/// What a comparison is about. Two recipes of one subject find the same segments of the same files; names, notes and
/// the way in which numbers are written may differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    pub files: Vec<PathBuf>,
    segments: Key,
}

impl Subject {
    pub fn of(recipe: &Recipe) -> Subject {
        let files = recipe.input.files.clone();
        // Without the files their sizes and times have no part in it: the same file is read again where it changed.
        let input = Input { files: Vec::new(), ..recipe.input.clone() };
        let plain = Recipe { input, presentation: Presentation::default(), ..recipe.clone() };
        Subject { files, segments: Keys::of(&plain).get(Stage::Profile) }
    }
}

impl Compared {
    pub(super) fn of(
        before: Arc<Findings>,
        after: Arc<Findings>,
        subject: Subject,
        grouping: Grouping,
        ctx: &Ctx,
    ) -> Result<Compared> {
        // Segments of two kinds have nothing in common.
        let grouping = if are_scored(&before, &after) { grouping } else { Grouping::Clusters };
        // A name that was given since is that of the same customers in the earlier file.
        let given = &after.recipe.segments.named;
        let (names, names_now) = (names_of(&before, grouping, given, ctx)?, names_of(&after, grouping, given, ctx)?);
        let (names, names_now) = (as_str(&names), as_str(&names_now));
        let (of, of_now) = (segments_of(&before, grouping), segments_of(&after, grouping));
        let earlier = Side { customers: &before.rfm.customers, names: &names, of: &of };
        let later = Side { customers: &after.rfm.customers, names: &names_now, of: &of_now };
        let comparison = Arc::new(compare(&earlier, &later, after.clean.currency.as_deref(), ctx)?);
        Ok(Compared { before, after, grouping, comparison, subject })
    }

    /// The new files.
    pub fn files(&self) -> &[PathBuf] {
        &self.subject.files
    }

    /// Whether there are scores on both sides, so that RFM segments can be compared.
    pub fn is_scored(&self) -> bool {
        are_scored(&self.before, &self.after)
    }
}

fn are_scored(before: &Findings, after: &Findings) -> bool {
    !before.rfm.segment.is_empty() && !after.rfm.segment.is_empty()
}

fn as_str(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The names of the segments of an analysis; those of clusters with the names that the user has `given` by now.
fn names_of(findings: &Findings, grouping: Grouping, given: &[NamedSegment], ctx: &Ctx) -> Result<Vec<String>> {
    if grouping == Grouping::Rfm {
        return Ok(findings.rfm.map.segments.iter().map(|s| s.name.clone()).collect());
    }
    let names = |profiles: &[Profile]| profiles.iter().map(|p| p.name.clone()).collect();
    if findings.recipe.segments.named == given {
        return Ok(names(&findings.profiles));
    }
    let proposed = |p: &Profile| Profile { name: p.proposed.clone(), note: String::new(), ..p.clone() };
    let measured: Vec<Profile> = findings.profiles.iter().map(proposed).collect();
    Ok(names(&profile::named(&measured, &findings.rfm.customers, given, ctx)?.profiles))
}

/// The segment of each customer.
fn segments_of(findings: &Findings, grouping: Grouping) -> Cow<'_, [u32]> {
    match grouping {
        Grouping::Rfm => findings.rfm.segment.iter().map(|s| u32::from(*s)).collect::<Vec<_>>().into(),
        Grouping::Clusters => findings.chosen.clustering.labels.as_slice().into(),
    }
}
