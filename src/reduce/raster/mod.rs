//! Pictures of a million points: counts per pixel in two dimensions, the nearest point per pixel in three, and which points
//! lie under the pointer or within an outline. Every lone point is seen; nothing here depends on the number of threads.

mod area;
mod cloud;
mod dress;
mod flat;
mod moments;
mod shade;
mod space;

pub use area::Outline;
pub use cloud::Cloud;
pub use dress::Dress;
pub use flat::{Flat, Window, flat};
pub use moments::{Moments, ellipse};
pub use space::{Eye, Look, NOBODY, Space, clearness, space};

/// Red, green, blue and opacity, the first three multiplied by the fourth.
pub type Pixel = [u8; 4];

/// Points between two looks at whether to go on.
const STRIDE: usize = 1 << 15;
