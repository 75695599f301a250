//! What happens in a step, in words with its numbers.

use crate::cluster::lesson::{Step, What};
use crate::format;

/// A number of a lesson: no decimals from 1,000 on, else as few as tell values apart.
pub fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 1_000.0 => format::number(value, 0),
        v if v >= 100.0 => format::number(value, 1),
        v if v >= 1.0 => format::number(value, 2),
        _ => format::number(value, 3),
    }
}

/// The step's name.
pub fn title(steps: &[Step], at: usize) -> String {
    let what = match &steps[at].what {
        What::Place { .. } => format!("place centroid {}", steps[at].centroids.nrows()),
        What::Assign { .. } => "assign".into(),
        What::Move { .. } => "move".into(),
    };
    format!("Step {}, {what}", at + 1)
}

/// What the step does and what came of it; `name` says who a point is.
pub fn says(steps: &[Step], at: usize, name: impl Fn(usize) -> String) -> String {
    let step = &steps[at];
    let before = at.checked_sub(1).map(|i| &steps[i]);
    let fell = match before {
        Some(b) if figure(b.inertia) != figure(step.inertia) => {
            format!("inertia fell from {} to {}", figure(b.inertia), figure(step.inertia))
        }
        _ => format!("inertia stays at {}", figure(step.inertia)),
    };
    match &step.what {
        What::Place { row, chance, chances } if step.centroids.nrows() == 1 => format!(
            "The first centroid stands on customer {}, drawn at random: each of the {} had the same chance of {}. Inertia, \
             the sum of squared distances to the nearest centroid, is {}.",
            name(*row),
            format::plural(chances.len(), "customer", "customers"),
            chance_of(*chance),
            figure(step.inertia)
        ),
        What::Place { row, chance, chances } => {
            let even = 1.0 / chances.len().max(1) as f64;
            format!(
                "k-means++ draws the next centroid far from those that stand: a customer's chance is its squared distance \
                 to the nearest centroid, divided by the sum of all. Customer {} had a chance of {}, {} times an even one; \
                 {fell}.",
                name(*row),
                chance_of(*chance),
                format::number(chance / even, 1)
            )
        }
        What::Assign { changed } if step.round == 1 => format!(
            "Every customer goes to the nearest centroid: {} in {}; {fell}.",
            format::plural(*changed, "customer", "customers"),
            format::plural(step.centroids.nrows(), "cluster", "clusters")
        ),
        What::Assign { changed: 0 } => format!(
            "No customer changed its cluster, so nothing will move any more: k-means is done after {}, at an inertia of {}.",
            format::plural(step.round, "round", "rounds"),
            figure(step.inertia)
        ),
        What::Assign { changed } => format!(
            "Every customer goes to the nearest centroid: {} changed {} cluster; {fell}.",
            format::plural(*changed, "customer", "customers"),
            if *changed == 1 { "its" } else { "their" }
        ),
        What::Move { furthest, empty } => {
            let empty = match empty {
                0 => String::new(),
                n => format!(
                    " {} had lost all customers and {} to the customer furthest from its centroid.",
                    format::plural(*n, "cluster", "clusters"),
                    if *n == 1 { "goes" } else { "go" }
                ),
            };
            format!(
                "Every centroid moves to the mean of its customers, the furthest by {}; {fell}.{empty}",
                figure(*furthest)
            )
        }
    }
}

fn chance_of(share: f64) -> String {
    let percent = share * 100.0;
    format!("{} %", format::number(percent, if percent < 1.0 { 2 } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::lesson::trace;
    use ndarray::Array2;

    fn steps() -> Vec<Step> {
        let points = Array2::from_shape_fn((60, 2), |(i, j)| ((i * 37 + j * 101 + i * i) % 83) as f64);
        trace(points.view(), 3, 5).unwrap()
    }

    #[test]
    fn every_step_says_what_it_does_with_its_numbers() {
        let steps = steps();
        let all: Vec<String> = (0..steps.len()).map(|i| says(&steps, i, |row| format!("C{row}"))).collect();
        assert!(all[0].contains("each of the 60 customers had the same chance of 1.7 %"), "{}", all[0]);
        assert!(all[1].contains("times an even one; inertia fell from"), "{}", all[1]);
        assert!(all[3].starts_with("Every customer goes to the nearest centroid: 60 customers in 3 clusters"));
        assert!(all[3].contains(&format!("inertia stays at {}", figure(steps[2].inertia))), "{}", all[3]);
        let What::Move { furthest, .. } = steps[4].what else { panic!() };
        assert!(all[4].contains(&format!("the furthest by {}", figure(furthest))), "{}", all[4]);
        assert!(all.last().unwrap().starts_with("No customer changed its cluster"));
        assert_eq!(title(&steps, 0), "Step 1, place centroid 1");
        assert_eq!(title(&steps, 3), "Step 4, assign");
        assert_eq!(title(&steps, 4), "Step 5, move");
    }

    #[test]
    fn later_assignments_say_how_many_changed() {
        let told = |changed: usize| {
            let mut steps = steps();
            let last = steps.len() - 1;
            (steps[last].what, steps[last].round) = (What::Assign { changed }, 2);
            says(&steps, last, |row| row.to_string())
        };
        assert!(
            told(213).starts_with("Every customer goes to the nearest centroid: 213 customers changed their cluster;")
        );
        assert!(told(1).contains("1 customer changed its cluster;"), "{}", told(1));
    }

    #[test]
    fn figures_have_as_many_digits_as_tell_something() {
        assert_eq!([4433.21, 133.26, 5.216, 0.0456].map(figure), ["4,433", "133.3", "5.22", "0.046"]);
    }
}
