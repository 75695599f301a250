//! Portraits of the segments: what they buy, when, the rules that they follow, the money at stake.

use std::sync::Arc;

use super::counted::Counted;
use super::trend::Monthly;
use super::{Patterns, Portrait, Portraits, Profile, Tops, advice, rfm_profiles, rules, stake, tops};
use crate::clean::{CleanOut, Prepared};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::intake::RolesOut;
use crate::rfm::RfmOut;

/// What portraits are made from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub prepared: &'a Prepared,
    pub roles: &'a RolesOut,
    pub clean: &'a CleanOut,
    pub rfm: &'a RfmOut,
    pub matrix: &'a FeatureMatrix,
    /// Days back from the snapshot date that count; `None`: all.
    pub window_days: Option<u32>,
}

/// Portraits of the clusters, whatever they are called, and profiles and portraits of the segments of the map, for which `patterns` have advice.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn portray(
    known: &Known,
    chosen: &Chosen,
    clusters: &[Profile],
    patterns: &Patterns,
    ctx: &Ctx,
) -> Result<Portraits> {
    let mut rfm = rfm_profiles::of(known, &ctx.part(0.0, 0.1))?;
    advice::advise(known, patterns, &mut rfm);
    let everyone = rfm_profiles::everyone(known, &ctx.part(0.1, 0.15))?;
    let mut of_clusters = bought(known, clusters, &rfm, &ctx.part(0.15, 0.7))?;
    stake::add(known, clusters, &rfm, &mut of_clusters, &ctx.part(0.7, 0.8))?;
    let rules = rules::of(known, chosen, clusters, &ctx.part(0.8, 1.0))?;
    let rfm_rules = rules::of_map(known.rfm, &rfm, known.clean.currency.as_deref(), ctx)?;
    let rfm_portraits = of_clusters.split_off(clusters.len());
    Ok(Portraits { clusters: of_clusters, rules, rfm_rules, rfm: Arc::new(rfm), rfm_portraits, everyone })
}

/// Tops and trends of the clusters, and then of the segments of the map.
fn bought(known: &Known, clusters: &[Profile], rfm: &[Profile], ctx: &Ctx) -> Result<Vec<Portrait>> {
    let none = vec![Portrait::default(); clusters.len() + rfm.len()];
    if known.roles.shape.is_of_customers() {
        let found = tops::people(known, clusters, rfm, ctx)?;
        return Ok(with_tops(none, &found));
    }
    let counted = Counted::of(known, clusters, rfm);
    let Some(monthly) = Monthly::of(&counted, &ctx.part(0.0, 0.2))? else { return Ok(none) };
    let totals: Vec<f64> = (0..counted.slots).map(|slot| monthly.total(slot)).collect();
    let sources = tops::sources(known, &counted, &ctx.part(0.2, 0.3))?;
    // One after the other: each takes all threads, and a copy of the rows.
    let part = |i: usize| 0.3 + 0.7 * i as f32 / sources.len().max(1) as f32;
    let one = |(i, source)| tops::of(source, &counted, &totals, &ctx.part(part(i), part(i + 1)));
    let found: Vec<Vec<Tops>> = sources.iter().enumerate().map(one).collect::<Result<_>>()?;
    let currency = known.clean.currency.as_deref();
    let mut out = with_tops(none, &found);
    for (slot, portrait) in out.iter_mut().enumerate() {
        portrait.trend = Some(monthly.trend(slot, counted.everyone(), currency));
    }
    Ok(out)
}

/// `found` has per column the tops of every slot.
fn with_tops(mut portraits: Vec<Portrait>, found: &[Vec<Tops>]) -> Vec<Portrait> {
    for (slot, portrait) in portraits.iter_mut().enumerate() {
        let own = found.iter().map(|of_slots| of_slots[slot].clone());
        portrait.tops = own.filter(|tops| !tops.list.is_empty()).collect();
    }
    portraits
}
