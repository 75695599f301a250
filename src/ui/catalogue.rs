//! The ready-made features that can be chosen, worked out once per customer table and kept for every panel.

use std::sync::Arc;

use super::cache::{Followed, Same};
use super::scene::Scene;
use crate::app::Status;
use crate::clean::{CleanOut, Prepared};
use crate::features::{Known, engagement};
use crate::intake::RolesOut;
use crate::recipe::Recipe;
use crate::rfm::{Feature, RfmOut};

/// What they are worked out from.
#[derive(Clone)]
struct Input {
    prepared: Arc<Prepared>,
    roles: Arc<RolesOut>,
    clean: Arc<CleanOut>,
    counted: Arc<RfmOut>,
    recipe: Arc<Recipe>,
}

impl Same for Input {
    fn same(&self, other: &Self) -> bool {
        // What the customers are counted by is in the findings themselves.
        Arc::ptr_eq(&self.counted, &other.counted)
            && Arc::ptr_eq(&self.clean, &other.clean)
            && Arc::ptr_eq(&self.roles, &other.roles)
            && Arc::ptr_eq(&self.prepared, &other.prepared)
    }
}

/// The ready-made features of one customer table.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// With values for every customer of the table, in its order.
    pub features: Arc<Vec<Feature>>,
    /// Why there are none.
    pub problem: Option<String>,
}

impl Scene<'_> {
    /// The ready-made features of the customers that are counted now, with their values; `None` while they are worked
    /// out.
    pub fn catalogue(&mut self, ctx: &egui::Context) -> Option<Arc<Vec<Feature>>> {
        let followed = self.follow_catalogue(ctx)?;
        followed.value.filter(|_| followed.current).map(|c| c.features.clone())
    }

    /// The same with what was worked out for the table before, meanwhile. `None` until there is a table.
    pub fn follow_catalogue(&mut self, ctx: &egui::Context) -> Option<Followed<Catalogue>> {
        let session = self.session;
        let ready = *session.counted().status() == Status::Ready && *session.clean.status() == Status::Ready;
        let input = Input {
            prepared: session.prepared.get()?.clone(),
            roles: session.roles.get()?.clone(),
            clean: session.clean.get()?.clone(),
            counted: session.counted().get()?.clone(),
            recipe: session.recipe()?.clone(),
        };
        if !ready {
            return Some(Followed { value: self.cache.last("catalogue"), current: false, share: None });
        }
        Some(self.cache.follow("catalogue", input, ctx, |input, ctx| {
            let known = Known { prepared: &input.prepared, roles: &input.roles, clean: &input.clean };
            match engagement::all(&known, &input.counted, &input.recipe, ctx) {
                Ok(features) => Some(Catalogue { features: Arc::new(features), problem: None }),
                Err(crate::error::Error::Cancelled) => None,
                Err(error) => Some(Catalogue { features: Arc::default(), problem: Some(error.to_string()) }),
            }
        }))
    }
}
