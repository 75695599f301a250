//! Rules that tell the clusters apart: a small decision tree in the features' own units, read out leaf by leaf.
//!
//! The tree is Breiman's (1984) with the Gini index, grown on all customers or on a sample of them and cut back to a size
//! that people read. How good it is, is measured on all customers.

mod map;
mod prune;
mod round;
mod sentence;
#[cfg(test)]
mod tests;
mod tree;

use rayon::prelude::*;

pub(super) use map::of_map;

use self::sentence::{Manner, Speech, sentence};
use self::tree::{Limits, Tree, most};
use super::{Condition, Known, Profile, Rule, Rules, sampled};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::format;
use crate::rfm::CustomerTable;

/// Customers that a tree is grown on at most; splits found on so many are as good as on all.
const SAMPLE: usize = 200_000;
/// A question stays when it puts this share of all customers more into their segment.
const WORTH: f64 = 0.01;
/// For a round threshold one in so many customers of a node may change sides.
const ROUND: usize = 200;
/// One in so many of all customers has to be in a leaf.
const LEAF: usize = 1000;
/// Words of a column that questions are asked about, the most frequent ones.
const WORDS: usize = 12;
/// Customers between two looks at whether to go on.
const CHUNK: usize = 1 << 14;

/// What questions are asked about.
enum Source<'a> {
    /// A feature in its own unit, and what a missing value counts as.
    Numbers { name: &'a str, values: &'a [f64], fill: f64 },
    /// Whether a feature is this word.
    Is { name: &'a str, codes: &'a [u32], code: u32, word: &'a str },
}

impl Source<'_> {
    fn value(&self, row: usize) -> f64 {
        match self {
            Source::Numbers { values, fill, .. } => {
                if values[row].is_finite() {
                    values[row]
                } else {
                    *fill
                }
            }
            Source::Is { codes, code, .. } => f64::from(u8::from(codes[row] == *code)),
        }
    }
}

/// Rules for the clusters of `chosen`, whose profiles are `clusters`.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(super) fn of(known: &Known, chosen: &Chosen, clusters: &[Profile], ctx: &Ctx) -> Result<Rules> {
    let manner = Manner { frequency_of: known.rfm.frequency_of, currency: known.clean.currency.as_deref() };
    tell_apart(&known.rfm.customers, known.matrix, &chosen.clustering.labels, clusters, manner, ctx)
}

/// The same, by what it takes: `labels` are places in `clusters`.
fn tell_apart(
    customers: &CustomerTable,
    matrix: &FeatureMatrix,
    labels: &[u32],
    clusters: &[Profile],
    manner: Manner,
    ctx: &Ctx,
) -> Result<Rules> {
    let sources = sources(customers, matrix);
    if sources.is_empty() || clusters.is_empty() || labels.len() != customers.len() {
        return Ok(Rules::default());
    }
    let all: Vec<u32> = (0..labels.len() as u32).collect();
    let rows = sampled::of(&all, customers, SAMPLE);
    ctx.tick(0, 3)?;
    let taken = |source: &Source| rows.par_iter().map(|&row| source.value(row as usize)).collect();
    let columns: Vec<Vec<f64>> = sources.iter().map(taken).collect();
    let sampled_labels: Vec<u32> = rows.iter().map(|&row| labels[row as usize]).collect();
    let tree = small(&columns, &sampled_labels, clusters.len(), &ctx.part(0.1, 0.6))?;
    let counts = measured(&tree, &sources, labels, clusters.len(), &ctx.part(0.6, 1.0))?;

    let speech: Vec<Speech> = customers.features.iter().filter(|f| f.names.is_none()).map(Speech::of).collect();
    let mut rules = Vec::new();
    for (conditions, counts) in paths(&tree, &sources).into_iter().zip(&counts) {
        let (class, inside) = (most(counts), counts.iter().sum::<usize>());
        let share = |of: usize| if of == 0 { 0.0 } else { counts[class] as f64 / of as f64 };
        rules.push(Rule {
            segment: class,
            sentence: sentence(&conditions, &speech, manner),
            conditions,
            customers: inside,
            right: counts[class],
            precision: share(inside),
            coverage: share(clusters[class].members.len()),
        });
    }
    // Rules of one segment with as many customers stay in the order of the tree.
    rules.sort_by(|a, b| a.segment.cmp(&b.segment).then(b.customers.cmp(&a.customers)));
    let right: usize = rules.iter().map(|rule| rule.right).sum();
    let fidelity = right as f64 / labels.len().max(1) as f64;
    let words = words(&rules, clusters.len(), right, labels.len(), rows.len());
    let has_none = |place: &usize| !rules.iter().any(|rule| rule.segment == *place);
    // Of one segment there is nothing to tell.
    let without = if clusters.len() == 1 { Vec::new() } else { (0..clusters.len()).filter(has_none).collect() };
    Ok(Rules { rules, fidelity, words, without })
}

/// The tree that rules are read from.
fn small(columns: &[Vec<f64>], labels: &[u32], classes: usize, ctx: &Ctx) -> Result<Tree> {
    // Enough for a leaf per class and some more, and no more than people read.
    let depth = 4.max(classes.next_power_of_two().ilog2() as usize + 1).min(7);
    let limits = Limits { depth, leaf: (labels.len() / LEAF).max(1), round: ROUND };
    let mut tree = tree::grow(columns, labels, classes, limits, ctx)?;
    prune::prune(&mut tree, WORTH, (2 * classes).max(4));
    Ok(tree)
}

/// The clustered features, then their words.
fn sources<'a>(customers: &'a CustomerTable, matrix: &'a FeatureMatrix) -> Vec<Source<'a>> {
    let numbers = matrix.columns.iter().filter_map(|column| {
        let feature = customers.features.iter().find(|f| f.name == column.name)?;
        Some(Source::Numbers { name: &feature.name, values: &feature.values, fill: column.fill.unwrap_or(0.0) })
    });
    let words = matrix.words.iter().flat_map(|column| {
        let mut counts = vec![0usize; column.names.len()];
        column.codes.iter().for_each(|&code| counts[code as usize] += 1);
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then_with(|| column.names[a].cmp(&column.names[b])));
        order.into_iter().take(WORDS).map(|code| Source::Is {
            name: &column.name,
            codes: &column.codes,
            code: code as u32,
            word: &column.names[code],
        })
    });
    numbers.chain(words).collect()
}

/// Customers of each class in each leaf, left to right.
fn measured(tree: &Tree, sources: &[Source], labels: &[u32], classes: usize, ctx: &Ctx) -> Result<Vec<Vec<usize>>> {
    let leaves = tree.leaves(0);
    let mut place = vec![0; tree.nodes.len()];
    leaves.iter().enumerate().for_each(|(i, &leaf)| place[leaf] = i);
    let parts: Vec<Vec<Vec<usize>>> = labels
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(chunk, part)| {
            ctx.tick(chunk * CHUNK, labels.len())?;
            let mut counts = vec![vec![0; classes]; leaves.len()];
            for (i, &label) in part.iter().enumerate() {
                let row = chunk * CHUNK + i;
                counts[place[tree.leaf(|column| sources[column].value(row))]][label as usize] += 1;
            }
            Ok(counts)
        })
        .collect::<Result<_>>()?;
    let mut counts = vec![vec![0; classes]; leaves.len()];
    for part in parts {
        for (sum, leaf) in counts.iter_mut().zip(part) {
            sum.iter_mut().zip(leaf).for_each(|(s, n)| *s += n);
        }
    }
    Ok(counts)
}

/// What leads to each leaf, left to right: one condition per feature that was asked about, in the order of `sources`.
fn paths(tree: &Tree, sources: &[Source]) -> Vec<Vec<Condition>> {
    let mut out = Vec::new();
    let mut open = vec![(0, vec![(None, None); sources.len()])];
    while let Some((at, bounds)) = open.pop() {
        let Some(split) = &tree.nodes[at].split else {
            out.push(conditions(&bounds, sources));
            continue;
        };
        let (mut first, mut second) = (bounds.clone(), bounds);
        let (least, most) = (&mut second[split.column].0, &mut first[split.column].1);
        *least = Some(least.map_or(split.threshold, |v: f64| v.max(split.threshold)));
        *most = Some(most.map_or(split.threshold, |v: f64| v.min(split.threshold)));
        open.push((split.children[1], second));
        open.push((split.children[0], first));
    }
    out
}

fn conditions(bounds: &[(Option<f64>, Option<f64>)], sources: &[Source]) -> Vec<Condition> {
    let asked = bounds.iter().zip(sources).filter(|((least, most), _)| least.is_some() || most.is_some());
    asked
        .map(|(&(least, most), source)| match source {
            Source::Numbers { name, .. } => Condition { feature: (*name).into(), least, most, word: None },
            Source::Is { name, word, .. } => {
                Condition { feature: (*name).into(), least, most, word: Some((*word).into()) }
            }
        })
        .collect()
}

/// How good the rules are and what they were made from.
fn words(rules: &[Rule], clusters: usize, right: usize, customers: usize, sample: usize) -> String {
    if clusters == 1 {
        return "There is one segment, so that there is nothing to tell apart.".into();
    }
    let one = rules.len() == 1;
    let mut words = format!(
        "{} {} {} of {} ({}) the segment that {}.",
        format::plural(rules.len(), "rule", "rules"),
        if one { "gives" } else { "give" },
        format::count(right),
        format::plural(customers, "customer", "customers"),
        format::percent(right as f64 / customers.max(1) as f64),
        "clustering gave them",
    );
    if sample < customers {
        words += &format!(
            " They were found on a sample of {}, and measured on all.",
            format::plural(sample, "customer", "customers")
        );
    }
    words
}
