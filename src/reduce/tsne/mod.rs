//! t-SNE: neighbours stay neighbours (van der Maaten & Hinton 2008), with the repulsion of far points summed up by a tree
//! (Barnes-Hut-SNE, van der Maaten 2014).
//!
//! The picture is a function of the values, the settings and the seed: not of the number of threads, nor of the order of
//! the rows. Distances between groups, their sizes and how dense they are mean nothing in it.

mod likeness;
mod steps;
mod tree;

use std::sync::Arc;

use ndarray::{ArrayView2, Axis};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// What decides the picture. The defaults are those of scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// About how many neighbours each customer has; at least 1, and lowered to (n − 1) / 3 where there are few customers.
    pub perplexity: f64,
    /// 2 or 3.
    pub dimensions: usize,
    /// Steps of the descent; the first quarter exaggerates the likeness of neighbours, so that groups find together.
    pub steps: usize,
    /// How coarsely far points are summed up: the width of a cell over its distance. 0: not at all.
    pub angle: f64,
    /// Of more customers than this, a sample is placed.
    pub most: usize,
    /// Draws the sample.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { perplexity: 30.0, dimensions: 2, steps: 1000, angle: 0.5, most: 10_000, seed: 0 }
    }
}

/// Customers placed by t-SNE, perhaps not to the end yet.
#[derive(Debug, Clone)]
pub struct Tsne {
    /// Rows of the matrix that are placed: all of them, or a sample; by their values, not in the order of the rows.
    pub rows: Arc<Vec<u32>>,
    /// Where they are; the third number is 0 in two dimensions.
    pub at: Vec<[f64; 3]>,
    /// Steps done.
    pub step: usize,
    /// Whether the descent has come to its end.
    pub done: bool,
    /// Kullback-Leibler divergence of the likenesses in the picture from those in the data: what the descent makes small;
    /// 0 is a perfect picture. `None` before it was computed for the first time.
    pub divergence: Option<f64>,
    /// As used.
    pub perplexity: f64,
}

/// Places the rows of `x` (n × d, finite). `part` is handed the picture as it forms, every few steps.
///
/// Fails with [`Error::Data`] for fewer than four rows, and with [`Error::Cancelled`].
pub fn tsne(x: ArrayView2<f64>, settings: &Settings, part: &dyn Fn(Tsne), ctx: &Ctx) -> Result<Tsne> {
    if x.nrows() < 4 || x.ncols() == 0 {
        return Err(Error::data("t-SNE needs at least four customers and one feature; there are fewer."));
    }
    let rows = sample(x, settings, ctx)?;
    let x = x.select(Axis(0), &rows.iter().map(|&r| r as usize).collect::<Vec<_>>());
    let perplexity = settings.perplexity.clamp(1.0, (x.nrows() - 1) as f64 / 3.0);
    let likeness = likeness::likeness(x.view(), perplexity, &ctx.part(0.0, 0.1))?;
    let start = Tsne { rows: Arc::new(rows), at: Vec::new(), step: 0, done: false, divergence: None, perplexity };
    let first = super::pca(x.view(), &ctx.part(0.1, 0.11))?.scores;
    let ctx = &ctx.part(0.11, 1.0);
    match settings.dimensions {
        3 => steps::descend::<3>(start, &likeness, first.view(), settings, part, ctx),
        _ => steps::descend::<2>(start, &likeness, first.view(), settings, part, ctx),
    }
}

/// The rows in the order of their values, or so many of them drawn by the seed: the order of the file decides nothing.
fn sample(x: ArrayView2<f64>, settings: &Settings, ctx: &Ctx) -> Result<Vec<u32>> {
    ctx.tick(0, 1)?;
    let n = x.nrows();
    let mut order: Vec<u32> = (0..n as u32).collect();
    order.par_sort_unstable_by(|&a, &b| {
        let (ra, rb) = (x.row(a as usize), x.row(b as usize));
        let differ = ra.iter().zip(rb).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne());
        differ.unwrap_or_else(|| a.cmp(&b))
    });
    ctx.tick(0, 1)?;
    if n <= settings.most {
        return Ok(order);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(settings.seed);
    let mut places = rand::seq::index::sample(&mut random, n, settings.most).into_vec();
    places.sort_unstable();
    Ok(places.into_iter().map(|i| order[i]).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    fn quick(dimensions: usize) -> Settings {
        Settings { steps: 60, dimensions, ..Settings::default() }
    }

    /// Three round groups, `n` points in three dimensions.
    fn blobs(n: usize) -> Array2<f64> {
        let noise = |i: usize, j: usize| ((i * 7919 + j * 104_729) as f64 * 0.618_033_988_7).fract() - 0.5;
        Array2::from_shape_fn((n, 3), |(i, j)| noise(i, j) + if i % 3 == j { 5.0 } else { 0.0 })
    }

    #[test]
    fn any_number_of_threads_places_everybody_alike_to_the_last_bit() {
        let x = blobs(400);
        for dimensions in [2, 3] {
            let place = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| tsne(x.view(), &quick(dimensions), &|_| {}, &Ctx::silent()).unwrap().at)
            };
            let bits = |at: Vec<[f64; 3]>| at.into_iter().flatten().map(f64::to_bits).collect::<Vec<_>>();
            let one = bits(place(1));
            assert_eq!(one, bits(place(2)));
            assert_eq!(one, bits(place(5)));
        }
    }

    #[test]
    fn the_order_of_the_rows_decides_nothing() {
        let x = blobs(200);
        let turned: Vec<usize> = (0..200).rev().collect();
        let settings = Settings { most: 120, ..quick(2) };
        let a = tsne(x.view(), &settings, &|_| {}, &Ctx::silent()).unwrap();
        let b = tsne(x.select(Axis(0), &turned).view(), &settings, &|_| {}, &Ctx::silent()).unwrap();
        assert_eq!(a.at.len(), 120);
        assert_eq!(a.at, b.at);
        let back: Vec<u32> = b.rows.iter().map(|&r| 199 - r).collect();
        assert_eq!(*a.rows, back);
    }

    #[test]
    fn it_is_told_as_it_forms_and_stops_when_asked() {
        let x = blobs(120);
        let steps = std::cell::RefCell::new(Vec::new());
        let told = |part: Tsne| steps.borrow_mut().push(part.step);
        let whole = tsne(x.view(), &quick(2), &told, &Ctx::silent()).unwrap();
        assert!(whole.done && whole.step == 60);
        let steps = steps.into_inner();
        assert!(steps.len() >= 3 && steps.is_sorted(), "{steps:?}");

        let cancel = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let raised = cancel.clone();
        let stop = move |_: Tsne| raised.store(true, std::sync::atomic::Ordering::Relaxed);
        let ended = tsne(x.view(), &Settings::default(), &stop, &Ctx::new(cancel, None));
        assert_eq!(ended.unwrap_err(), Error::Cancelled);
    }

    #[test]
    fn few_or_equal_customers_give_a_sentence_or_a_picture() {
        let few = tsne(blobs(3).view(), &quick(2), &|_| {}, &Ctx::silent());
        assert!(few.unwrap_err().to_string().contains("at least four"));
        for x in [blobs(4), Array2::from_elem((30, 2), 1.5), blobs(50).slice_move(ndarray::s![.., ..1])] {
            let found = tsne(x.view(), &quick(2), &|_| {}, &Ctx::silent()).unwrap();
            assert!(found.at.iter().flatten().all(|v| v.is_finite()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn places_are_finite_whatever_the_values(values in proptest::collection::vec(-1e6..1e6f64, 24..90)) {
            let x = Array2::from_shape_vec((values.len() / 3, 3), values[..values.len() / 3 * 3].to_vec()).unwrap();
            let found = tsne(x.view(), &quick(2), &|_| {}, &Ctx::silent()).unwrap();
            prop_assert!(found.at.iter().flatten().all(|v| v.is_finite()));
        }
    }
}
