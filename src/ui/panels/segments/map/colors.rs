//! What the points wear: colours by cluster, segment or number, who is hidden, who stands back behind the selection.

use std::rc::Rc;
use std::sync::Arc;

use super::places::{Groups, is_log, scaled, unscaled};
use crate::app::MapColor;
use crate::chart::{Color, Ink, Palette};
use crate::ctx::Ctx;
use crate::pipeline::Findings;
use crate::reduce::raster::{Cloud, Dress};
use crate::rfm::RfmOut;
use crate::ui::cache::Same;
use crate::ui::panels::rfm::ink;
use crate::ui::scene::Scene;

/// Steps of colours that stand for numbers.
const STEPS: u16 = 200;
/// Where the scale of colours begins: its lowest part is hardly seen on the ground.
const FROM: f32 = 0.22;

/// Colours of points with the scale they are on.
#[derive(Default)]
pub struct Dressed {
    pub dress: Dress,
    /// Points of which cloud these are.
    pub cloud: Arc<Cloud>,
    /// For numbers: the lowest and highest value of the scale; what lies beyond has the colour of the end.
    pub ends: Option<(f64, f64)>,
    /// Whether the scale is logarithmic.
    pub log: bool,
    /// Customers shown without a value.
    pub unknown: usize,
}

/// What the colours depend on.
#[derive(Clone)]
struct Input {
    cloud: Arc<Cloud>,
    findings: Arc<Findings>,
    color: MapColor,
    hidden: Vec<u32>,
    selected: Arc<Vec<u32>>,
    dark: bool,
}

impl Same for Input {
    fn same(&self, other: &Self) -> bool {
        self.cloud.same(&other.cloud)
            && self.findings.chosen.same(&other.findings.chosen)
            && self.findings.rfm.same(&other.findings.rfm)
            && self.color == other.color
            && self.hidden == other.hidden
            && self.selected.same(&other.selected)
            && self.dark == other.dark
    }
}

/// Groups of the legend that are hidden.
pub fn hidden<'s>(scene: &'s mut Scene) -> &'s mut Vec<u32> {
    match scene.view.segments.map.color {
        MapColor::Segment => &mut scene.view.segments.map.hidden_segments,
        _ => &mut scene.view.hidden,
    }
}

/// The colours of the points; the last ones of the same points while those of many are being made.
pub fn dressed(
    ctx: &egui::Context,
    scene: &mut Scene,
    findings: &Arc<Findings>,
    cloud: &Arc<Cloud>,
) -> Option<Arc<Dressed>> {
    let input = Input {
        cloud: cloud.clone(),
        findings: findings.clone(),
        color: scene.view.segments.map.color,
        hidden: hidden(scene).clone(),
        selected: scene.selection.customers.clone(),
        dark: scene.view.dark,
    };
    let made = scene.cache.get_later("map colours", input, cloud.len(), ctx, |input| Arc::new(dress(input)));
    let made: Option<Rc<Arc<Dressed>>> = made.or_else(|| scene.cache.last("map colours"));
    made.map(|d| Arc::clone(&d)).filter(|d| Arc::ptr_eq(&d.cloud, cloud))
}

fn dress(input: &Input) -> Dressed {
    let Input { cloud, findings, color, hidden, selected, dark } = input;
    let palette = Palette::of(*dark);
    let groups = Groups::new(findings, *color);
    let is_hidden: Vec<bool> = (0..groups.len() as u32).map(|g| hidden.contains(&g)).collect();
    let shown = |c: u32| !is_hidden.get(groups.of(c) as usize).copied().unwrap_or(false);
    // One customer is found by a ring around it; the others need not stand back.
    let selected: &[u32] = if selected.len() > 1 { selected } else { &[] };
    let rgb = |[r, g, b, _]: Color| [r, g, b];
    let ground = rgb(palette.ground);
    let (mut ends, mut log, mut unknown) = (None, false, 0);
    let made = match values(findings, *color) {
        None => {
            let inks = (0..groups.len()).map(|g| rgb(group_color(findings, *color, palette, g))).collect();
            Dress::new(cloud, inks, ground, |c| shown(c).then(|| groups.of(c) as u16), selected, &Ctx::silent())
        }
        Some((values, is_log)) => {
            log = is_log;
            let (low, high) = scale(cloud, &values, log);
            ends = Some((unscaled(low, log), unscaled(high, log)));
            let mut inks: Vec<[u8; 3]> =
                (0..STEPS).map(|s| rgb(palette.color(number(f32::from(s) / f32::from(STEPS - 1))))).collect();
            inks.push(rgb(palette.faint));
            let ink = |c: u32| {
                let share = (scaled(values[c as usize], log) - low) / (high - low);
                let step = (share.clamp(0.0, 1.0) * f64::from(STEPS - 1)).round() as u16;
                shown(c).then(|| if share.is_nan() { STEPS } else { step })
            };
            unknown = cloud.customers.iter().filter(|c| values[**c as usize].is_nan()).count();
            Dress::new(cloud, inks, ground, ink, selected, &Ctx::silent())
        }
    };
    // A silent context cancels nothing.
    Dressed { dress: made.unwrap_or_default(), cloud: cloud.clone(), ends, log, unknown }
}

/// The ink of a share of the scale of numbers, 0–1.
pub fn number(share: f32) -> Ink {
    Ink::Sequential(FROM + (1.0 - FROM) * share)
}

/// The colour of a cluster or RFM segment.
pub fn group_color(findings: &Findings, color: MapColor, palette: &Palette, group: usize) -> Color {
    match color {
        MapColor::Segment => palette.color(ink::of(&findings.rfm.map, group)),
        _ => cluster_color(findings, palette, group),
    }
}

/// The colour of a cluster; those who belong to none have that of what can be missed.
pub fn cluster_color(findings: &Findings, palette: &Palette, cluster: usize) -> Color {
    match findings.chosen.clustering.is_noise(cluster as u32) {
        true => palette.faint,
        false => palette.color(Ink::Segment(cluster)),
    }
}

/// The numbers that give the colours, and whether they are on a logarithmic scale; `None` for groups.
fn values(findings: &Findings, color: MapColor) -> Option<(Arc<Vec<f64>>, bool)> {
    match color {
        MapColor::Cluster | MapColor::Segment => None,
        MapColor::Probability => super::probability::of(findings).map(|p| (Arc::new(p), false)),
        MapColor::Feature(i) => {
            let feature = findings.rfm.customers.features.get(i)?;
            Some((feature.values.clone(), is_log(&findings.rfm, i)))
        }
    }
}

/// Ends of the scale: the first and the last hundredth are beyond, so that a few giants do not make all others alike.
fn scale(cloud: &Cloud, values: &[f64], log: bool) -> (f64, f64) {
    let known = cloud.customers.iter().map(|c| scaled(values[*c as usize], log)).filter(|v| v.is_finite());
    let mut known: Vec<f64> = known.collect();
    if known.is_empty() {
        return (0.0, 1.0);
    }
    let last = known.len() - 1;
    let mut at = |share: f64| *known.select_nth_unstable_by((last as f64 * share) as usize, f64::total_cmp).1;
    let (low, high) = (at(0.01), at(0.99));
    if high > low {
        return (low, high);
    }
    let (low, high) = (at(0.0), at(1.0));
    if high > low { (low, high) } else { (low - 0.5, low + 0.5) }
}

/// What can give the colours, with words for it.
pub fn options(findings: &Findings) -> Vec<(MapColor, String)> {
    let RfmOut { customers, segment, .. } = &*findings.rfm;
    let mut out = vec![(MapColor::Cluster, "Cluster".to_string())];
    if !segment.is_empty() {
        out.push((MapColor::Segment, "RFM segment".into()));
    }
    if super::probability::known(findings) {
        out.push((MapColor::Probability, "Membership probability".into()));
    }
    let numbers = customers.features.iter().enumerate().filter(|(_, f)| f.names.is_none());
    out.extend(numbers.map(|(i, f)| (MapColor::Feature(i), f.label.clone())));
    out
}
