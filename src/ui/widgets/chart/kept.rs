//! Layouts and density pictures of charts, kept from frame to frame.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use egui::{ColorImage, Context, Id, Pos2, Rect, TextureHandle, TextureId, TextureOptions, Vec2};

use super::paint::{self, Run};
use crate::chart::{Chart, Marks, Options, Palette, Picture, density, layout};
use crate::ctx::Ctx;

/// As many layouts and density pictures are kept; those longest unused go first.
const MOST_PICTURES: usize = 64;
const MOST_CLOUDS: usize = 24;

/// What the chart widget keeps.
#[derive(Default)]
pub struct Kept {
    pictures: HashMap<Key, Entry<Laid>>,
    clouds: HashMap<Id, Entry<CloudSlot>>,
    disc: Option<TextureHandle>,
    /// Copies that other threads are making, and of which chart.
    copies: Vec<(usize, Arc<OnceLock<Copied>>)>,
    /// The chart that was copied last, when, and whether it went well.
    told: Option<(usize, f64, bool)>,
    /// Charts of this pass, for telling apart those with the same title in the same place.
    pass: u64,
    ids: HashMap<Id, usize>,
    clock: u64,
}

/// Something for the clipboard.
pub enum Copied {
    Text(String),
    Image(ColorImage),
    /// It could not be made.
    Failed,
}

/// What a layout depends on; the chart by its address, which the entry keeps alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    chart: usize,
    size: [u32; 2],
    dark: bool,
    words: bool,
    above: u32,
}

struct Entry<T> {
    value: T,
    chart: Arc<Chart>,
    used: u64,
}

/// A layout, and its points where the chart stands in the window.
#[derive(Clone)]
pub struct Laid {
    pub picture: Arc<Picture>,
    pub runs: Arc<Vec<Run>>,
    at: Pos2,
}

#[derive(Default)]
struct CloudSlot {
    /// What is shown, and of which layout it is.
    texture: Option<TextureHandle>,
    of: Option<Key>,
    coming: Option<Coming>,
}

/// A density picture on its way; whoever drops it wants it no longer.
struct Coming {
    key: Key,
    made: Arc<OnceLock<Option<Arc<ColorImage>>>>,
    cancel: Arc<AtomicBool>,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// How long the head of a chart says that it was copied, in seconds.
const TOLD: f64 = 1.6;

impl Kept {
    /// An id that stays the same from frame to frame, whatever else comes and goes around the chart: a drag must not end
    /// because a sentence appears above.
    pub fn own_id(&mut self, ui: &egui::Ui, chart: &Chart) -> Id {
        let pass = ui.ctx().cumulative_pass_nr();
        if self.pass != pass {
            self.pass = pass;
            self.ids.clear();
        }
        let id = ui.scope_id().with(("chart", &chart.title));
        let same = self.ids.entry(id).or_default();
        *same += 1;
        if *same > 1 { id.with(*same) } else { id }
    }

    /// The layout of a chart in `rect`, made now if it is not known.
    pub fn laid(&mut self, ctx: &Context, chart: &Arc<Chart>, rect: Rect, dark: bool, options: &Options) -> Laid {
        self.clock += 1;
        let disc = self.disc(ctx);
        let key = key(chart, rect.size(), dark, options);
        if let Some(entry) = self.pictures.get_mut(&key) {
            entry.used = self.clock;
            let laid = &mut entry.value;
            if laid.at != rect.min {
                laid.at = rect.min;
                laid.runs = Arc::new(paint::runs(&laid.picture, rect.min, disc));
            }
            return laid.clone();
        }
        let picture = Arc::new(layout(chart, rect.size().into(), Palette::of(dark), options));
        let runs = Arc::new(paint::runs(&picture, rect.min, disc));
        let laid = Laid { picture, runs, at: rect.min };
        forget_oldest(&mut self.pictures, MOST_PICTURES);
        self.pictures.insert(key, Entry { value: laid.clone(), chart: chart.clone(), used: self.clock });
        laid
    }

    /// The density picture of a chart with too many points for circles. While another thread makes it, the last one of
    /// this place is given, if it was of a chart with the same title.
    pub fn cloud(
        &mut self,
        ctx: &Context,
        id: Id,
        chart: &Arc<Chart>,
        picture: &Arc<Picture>,
        dark: bool,
        options: &Options,
    ) -> Option<TextureHandle> {
        self.clock += 1;
        let key = key(chart, picture.size.into(), dark, options);
        if !self.clouds.contains_key(&id) {
            forget_oldest(&mut self.clouds, MOST_CLOUDS);
        }
        let fresh = || Entry { value: CloudSlot::default(), chart: chart.clone(), used: self.clock };
        let entry = self.clouds.entry(id).or_insert_with(fresh);
        entry.used = self.clock;
        if !Arc::ptr_eq(&entry.chart, chart) {
            // Another chart may come to lie at the address of one that is gone.
            entry.value.of = None;
            entry.value.coming = None;
            if entry.chart.title != chart.title {
                entry.value.texture = None;
            }
            entry.chart = chart.clone();
        }
        let slot = &mut entry.value;
        if let Some(coming) = slot.coming.take_if(|c| c.made.get().is_some()) {
            if let Some(Some(image)) = coming.made.get() {
                slot.texture = Some(ctx.load_texture("chart density", image.clone(), TextureOptions::LINEAR));
            }
            // What failed is not tried again.
            slot.of = Some(coming.key);
        }
        if slot.of != Some(key) && slot.coming.as_ref().is_none_or(|c| c.key != key) {
            slot.coming = make(ctx, chart, picture, dark, key);
        }
        slot.texture.clone()
    }

    /// A white disc, which points are coloured copies of.
    fn disc(&mut self, ctx: &Context) -> TextureId {
        self.disc.get_or_insert_with(|| ctx.load_texture("disc", paint::disc(), TextureOptions::LINEAR)).id()
    }

    /// Makes something of a chart for the clipboard on another thread.
    pub fn copy(&mut self, ctx: &Context, chart: &Arc<Chart>, make: impl FnOnce() -> Option<Copied> + Send + 'static) {
        let (made, ctx) = (Arc::new(OnceLock::new()), ctx.clone());
        self.copies.push((Arc::as_ptr(chart) as usize, made.clone()));
        std::thread::spawn(move || {
            let copied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(make)).ok().flatten();
            // Nobody else sets it.
            let _ = made.set(copied.unwrap_or(Copied::Failed));
            // The window takes it out once nobody else holds it.
            drop(made);
            ctx.request_repaint();
        });
    }

    /// Hands what is ready to the clipboard.
    pub fn hand_over(&mut self, ctx: &Context) {
        let mut told = self.told;
        self.copies.retain_mut(|(chart, copy)| {
            let Some(made) = Arc::get_mut(copy).and_then(OnceLock::take) else { return true };
            let good = !matches!(made, Copied::Failed);
            match made {
                Copied::Text(text) => ctx.copy_text(text),
                Copied::Image(image) => ctx.copy_image(image),
                Copied::Failed => {}
            }
            told = Some((*chart, ctx.input(|i| i.time), good));
            false
        });
        self.told = told;
    }

    /// Whether a chart was copied just now, and whether that went well.
    pub fn told(&self, ctx: &Context, chart: &Arc<Chart>) -> Option<bool> {
        let (_, when, good) = self.told.filter(|t| t.0 == Arc::as_ptr(chart) as usize)?;
        let left = when + TOLD - ctx.input(|i| i.time);
        if left <= 0.0 {
            return None;
        }
        ctx.request_repaint_after_secs(left as f32);
        Some(good)
    }
}

fn key(chart: &Arc<Chart>, size: Vec2, dark: bool, options: &Options) -> Key {
    let size = [size.x.round() as u32, size.y.round() as u32];
    Key { chart: Arc::as_ptr(chart) as usize, size, dark, words: options.words, above: options.above as u32 }
}

fn forget_oldest<K: Copy + std::hash::Hash + Eq, T>(entries: &mut HashMap<K, Entry<T>>, most: usize) {
    if entries.len() >= most
        && let Some(oldest) = entries.iter().min_by_key(|(_, e)| e.used).map(|(k, _)| *k)
    {
        entries.remove(&oldest);
    }
}

/// Starts a density picture; the pixels are those of the screen.
fn make(ctx: &Context, chart: &Arc<Chart>, picture: &Arc<Picture>, dark: bool, key: Key) -> Option<Coming> {
    let (x, y) = picture.x.zip(picture.y)?;
    let (made, cancel) = (Arc::new(OnceLock::new()), Arc::new(AtomicBool::new(false)));
    let (chart, picture, ctx) = (chart.clone(), picture.clone(), ctx.clone());
    let (to, stop, scale) = (made.clone(), cancel.clone(), ctx.pixels_per_point());
    std::thread::spawn(move || {
        let draw = || match (&chart.marks, &picture.cloud) {
            (Marks::Points(points), Some(cloud)) => {
                density(points, &cloud.area, [x, y], Palette::of(dark), scale, &Ctx::new(stop, None)).ok()
            }
            _ => None,
        };
        let raster = std::panic::catch_unwind(std::panic::AssertUnwindSafe(draw)).ok().flatten();
        // Nobody else sets it.
        let _ = to.set(raster.map(|r| Arc::new(paint::image(&r))));
        ctx.request_repaint();
    });
    Some(Coming { key, made, cancel })
}
