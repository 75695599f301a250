//! How the values of features are spread: histograms before and after the transform, and what they say in numbers.

use std::rc::Rc;
use std::sync::Arc;

use crate::ctx::Ctx;
use crate::features::look::{self, After, Shape};
use crate::rfm::{Feature, RfmOut};
use crate::ui::scene::Scene;

use super::items::Source;

/// The shapes that are known in this frame.
#[derive(Default)]
pub struct Shapes {
    ready: Option<Rc<Vec<Shape>>>,
    words: Option<Rc<Vec<Shape>>>,
    table: Option<Rc<Vec<Shape>>>,
    after: Option<Rc<Vec<After>>>,
}

impl Shapes {
    /// Asks for the shapes of all features; those of earlier ones stay until they are there.
    pub fn follow(
        ctx: &egui::Context,
        scene: &mut Scene,
        rfm: &Arc<RfmOut>,
        ready: &Arc<Vec<Feature>>,
        words: &Arc<Vec<Feature>>,
    ) -> Shapes {
        // An empty list may be another one in every frame.
        let mut listed = |slot: &'static str, features: &Arc<Vec<Feature>>| {
            let input = Some(features.clone()).filter(|f| !f.is_empty())?;
            scene.cache.follow(slot, input, ctx, |features, ctx| look::shapes(features, ctx).ok()).value
        };
        let ready = listed("shapes of ready-made features", ready);
        let words = listed("shapes of word columns", words);
        let of_table = |rfm: &Arc<RfmOut>, ctx: &Ctx| look::shapes(&rfm.customers.features, ctx).ok();
        let table = scene.cache.follow("shapes of features", rfm.clone(), ctx, of_table).value;
        let after = scene.session.matrix.get().cloned().and_then(|matrix| {
            scene.cache.follow("shapes of prepared features", matrix, ctx, |m, _| Some(look::after(m))).value
        });
        Shapes { ready, words, table, after }
    }

    /// The shape of one feature; `None` while it is worked out.
    pub fn of(&self, source: Source) -> Option<&Shape> {
        match source {
            Source::Table(i) => self.table.as_ref()?.get(i),
            Source::ReadyMade(i) => self.ready.as_ref()?.get(i),
            Source::Column(i) => self.words.as_ref()?.get(i),
        }
    }

    /// What the feature of this name became.
    pub fn after(&self, name: &str) -> Option<&After> {
        self.after.as_ref()?.iter().find(|a| a.name == name)
    }
}
