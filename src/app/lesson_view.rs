//! Where the reader of a lesson is.

/// The lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lesson {
    #[default]
    KMeans,
    Silhouette,
}

/// The plane that a lesson takes place in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LessonAxes {
    /// First and second principal component.
    #[default]
    Components,
    /// Two columns of the feature matrix, standardised.
    Columns(usize, usize),
}

/// State of the lessons; changes no finding.
#[derive(Debug, Clone, Default)]
pub struct LessonView {
    pub lesson: Lesson,
    pub axes: LessonAxes,
    /// Clusters; `None`: as many as the analysis has.
    pub k: Option<u32>,
    /// Added to the recipe's seed: another start.
    pub start: u64,
    /// The step in front.
    pub step: usize,
    pub playing: bool,
    pub speed: Speed,
    /// When the last step was taken while playing, in seconds of the window's clock.
    pub stepped: f64,
    /// Whose silhouette is computed: the place in the customer table; `None`: someone typical.
    pub customer: Option<u32>,
}

/// How fast autoplay goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Speed {
    Slow,
    #[default]
    Usual,
    Fast,
}

impl Speed {
    /// Seconds from one step to the next.
    pub fn seconds(self) -> f64 {
        match self {
            Speed::Slow => 2.5,
            Speed::Usual => 1.1,
            Speed::Fast => 0.35,
        }
    }
}
