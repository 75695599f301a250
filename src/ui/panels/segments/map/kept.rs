//! Pictures of more points than are drawn one by one: made on another thread, the last one shown until the next is there.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::colors::Dressed;
use super::places::MOST_POINTS;
use super::save::Seen;
use crate::ctx::Ctx;
use crate::reduce::raster::{Cloud, Eye, Pixel, Space, Window, flat, space};
use crate::ui::widgets::chart::paint;

/// Picks the points that are drawn while a large cloud is turned.
const SEED: u64 = 20_000;

/// How the points are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sight {
    Flat(Window),
    Space(Eye),
}

/// A picture that is wanted.
#[derive(Clone)]
pub struct Wish {
    pub dressed: Arc<Dressed>,
    pub sight: Sight,
    /// In pixels.
    pub size: [usize; 2],
}

impl Wish {
    fn same(&self, other: &Wish) -> bool {
        self.same_points(other) && self.sight == other.sight && self.size == other.size
    }

    fn same_points(&self, other: &Wish) -> bool {
        Arc::ptr_eq(&self.dressed, &other.dressed)
    }
}

/// A picture that was made.
pub struct Shown {
    pub wish: Wish,
    /// `None` where the points are drawn one by one.
    pub texture: Option<TextureHandle>,
    /// The points that are drawn one by one: places in the cloud.
    pub few: Option<Vec<u32>>,
    /// In three dimensions: who is seen where.
    pub space: Option<Space>,
}

struct Made {
    image: Option<ColorImage>,
    few: Option<Vec<u32>>,
    space: Option<Space>,
}

/// A picture on its way; whoever drops it wants it no longer.
struct Coming {
    wish: Wish,
    made: Arc<OnceLock<Option<Made>>>,
    cancel: Arc<AtomicBool>,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// Customers within an outline, being looked for.
struct Found {
    made: Arc<OnceLock<Option<Vec<u32>>>>,
    from: String,
}

/// What the map keeps from frame to frame.
#[derive(Default)]
pub struct MapKept {
    disc: Option<TextureHandle>,
    shown: Option<Rc<Shown>>,
    coming: Option<Coming>,
    subset: Option<(Arc<Cloud>, Rc<Vec<u32>>)>,
    found: Option<Found>,
    /// What was seen last, for saving it.
    pub seen: Option<Seen>,
}

impl MapKept {
    /// A white disc, which points are coloured copies of.
    pub fn disc(&mut self, ctx: &Context) -> TextureId {
        self.disc.get_or_insert_with(|| ctx.load_texture("map disc", paint::disc(), TextureOptions::LINEAR)).id()
    }

    /// The picture that is wanted, or the last one of the same points until it is there. One is made at a time, and it is
    /// finished even when the view has moved on: in a long drag the picture follows as fast as it can be made.
    pub fn picture(&mut self, ctx: &Context, wish: Wish) -> Option<Rc<Shown>> {
        if let Some(mut coming) = self.coming.take_if(|c| is_there(&mut c.made))
            && let Some(Some(made)) = Arc::get_mut(&mut coming.made).and_then(OnceLock::take)
        {
            let load = |image| ctx.load_texture("map", image, TextureOptions::LINEAR);
            let (wish, texture) = (coming.wish.clone(), made.image.map(load));
            self.shown = Some(Rc::new(Shown { wish, texture, few: made.few, space: made.space }));
        }
        if let Some(coming) = self.coming.as_ref().filter(|c| !c.wish.same_points(&wish)) {
            coming.cancel.store(true, Ordering::Relaxed);
        }
        let current = self.shown.as_ref().is_some_and(|s| s.wish.same(&wish));
        if !current && self.coming.is_none() {
            self.coming = Some(make(ctx, wish.clone()));
        }
        self.shown.clone().filter(|s| Arc::ptr_eq(&s.wish.dressed.cloud, &wish.dressed.cloud))
    }

    /// Whether the picture that is shown is the one that is wanted.
    pub fn is_current(&self, wish: &Wish) -> bool {
        self.shown.as_ref().is_some_and(|s| s.wish.same(wish))
    }

    /// The points drawn while a cloud is turned: always the same ones, picked with a fixed seed.
    pub fn subset(&mut self, cloud: &Arc<Cloud>) -> Rc<Vec<u32>> {
        if let Some((of, subset)) = &self.subset
            && Arc::ptr_eq(of, cloud)
        {
            return subset.clone();
        }
        let subset: Vec<u32> = if cloud.len() <= MOST_POINTS {
            (0..cloud.len() as u32).collect()
        } else {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
            let picked = rand::seq::index::sample(&mut random, cloud.len(), MOST_POINTS);
            picked.into_iter().map(|i| i as u32).collect()
        };
        let subset = Rc::new(subset);
        self.subset = Some((cloud.clone(), subset.clone()));
        subset
    }

    /// Looks for customers on another thread; a search that is still under way is no longer wanted.
    pub fn find(&mut self, ctx: &Context, from: String, find: impl FnOnce() -> Option<Vec<u32>> + Send + 'static) {
        let (made, ctx) = (Arc::new(OnceLock::new()), ctx.clone());
        self.found = Some(Found { made: made.clone(), from });
        std::thread::spawn(move || {
            let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(find)).ok().flatten();
            // Nobody else sets it.
            let _ = made.set(found);
            drop(made);
            ctx.request_repaint();
        });
    }

    /// The customers that were looked for, once they are found, and where.
    pub fn found(&mut self) -> Option<(Vec<u32>, String)> {
        let mut found = self.found.take_if(|f| is_there(&mut f.made))?;
        let customers = Arc::get_mut(&mut found.made).and_then(OnceLock::take).flatten()?;
        Some((customers, found.from))
    }

    /// Whether customers are being looked for.
    pub fn is_finding(&self) -> bool {
        self.found.is_some()
    }
}

/// Whether it was made and whoever made it has let go of it.
fn is_there<T>(made: &mut Arc<OnceLock<T>>) -> bool {
    Arc::get_mut(made).is_some_and(|m| m.get().is_some())
}

fn make(ctx: &Context, wish: Wish) -> Coming {
    let (made, cancel) = (Arc::new(OnceLock::new()), Arc::<AtomicBool>::default());
    let coming = Coming { wish: wish.clone(), made: made.clone(), cancel: cancel.clone() };
    let window = ctx.clone();
    std::thread::spawn(move || {
        let stop = Ctx::new(cancel, None);
        let draw = std::panic::AssertUnwindSafe(|| draw(&wish, &stop));
        let drawn = std::panic::catch_unwind(draw).ok().flatten();
        // Nobody else sets it.
        let _ = made.set(drawn);
        // The window takes it out once nobody else holds it.
        drop(made);
        window.request_repaint();
    });
    coming
}

fn draw(wish: &Wish, ctx: &Ctx) -> Option<Made> {
    let Dressed { cloud, dress, .. } = &*wish.dressed;
    match &wish.sight {
        Sight::Flat(window) => {
            let drawn = flat(cloud, dress, window, wish.size, MOST_POINTS, ctx).ok()?;
            let image = drawn.few.is_none().then(|| image(drawn.size, &drawn.pixels));
            Some(Made { image, few: drawn.few, space: None })
        }
        Sight::Space(eye) => {
            let mut drawn = space(cloud, dress, eye, wish.size, ctx).ok()?;
            let pixels = std::mem::take(&mut drawn.pixels);
            Some(Made { image: Some(image(drawn.size, &pixels)), few: None, space: Some(drawn) })
        }
    }
}

/// Pixels as the window's images are.
pub fn image(size: [usize; 2], pixels: &[Pixel]) -> ColorImage {
    ColorImage::new(size, pixels.iter().map(|p| paint::covered(*p)).collect())
}
