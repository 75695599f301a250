//! Who moved up between two dates, and who is slipping.

use super::{Migration, Moved, RfmOut, SegmentMap};

/// Which segments are better than which.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranks {
    /// Place of each segment of the map, 1 for the best; equal places are equally good, `None` has no place in the order.
    pub of: Vec<Option<u32>>,
    /// Whether the map states them; otherwise they go by the mean monetary of the segment's customers at the later date.
    pub stated: bool,
}

/// Where a customer went between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Movement {
    /// To a better segment.
    Up,
    /// To a worse one.
    Slipping,
    /// The same segment, or one that is neither better nor worse.
    Level,
    /// Not there at the earlier date.
    New,
    /// Not there at the later date.
    Gone,
}

impl Movement {
    pub const ALL: [Movement; 5] = [Movement::Up, Movement::Slipping, Movement::Level, Movement::New, Movement::Gone];

    /// A stable name for outputs.
    pub fn name(self) -> &'static str {
        match self {
            Movement::Up => "moved_up",
            Movement::Slipping => "slipping",
            Movement::Level => "level",
            Movement::New => "new",
            Movement::Gone => "gone",
        }
    }
}

/// The customers who moved up or are slipping, and all others, as places in [`Migration::customers`]; each list with the
/// most money first: that of the later date, and of the earlier one for those who slip or are gone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UpOrDown {
    pub up: Vec<u32>,
    pub slipping: Vec<u32>,
    pub level: Vec<u32>,
    pub new: Vec<u32>,
    pub gone: Vec<u32>,
}

impl UpOrDown {
    pub fn of(&self, movement: Movement) -> &[u32] {
        match movement {
            Movement::Up => &self.up,
            Movement::Slipping => &self.slipping,
            Movement::Level => &self.level,
            Movement::New => &self.new,
            Movement::Gone => &self.gone,
        }
    }
}

impl Ranks {
    /// Whether one segment is better than another; false where either has no place in the order.
    pub fn is_better(&self, segment: u8, than: u8) -> bool {
        self.movement(Some(than), Some(segment)) == Movement::Up
    }

    /// The place of a segment in the order, 1 for the best.
    pub fn place(&self, segment: u8) -> Option<u32> {
        self.of[usize::from(segment)]
    }

    /// Where somebody went who came from one segment to another; `None` is new, respectively gone.
    pub fn movement(&self, from: Option<u8>, to: Option<u8>) -> Movement {
        // Whoever was inactive has no place in the order.
        let rank = |segment: u8| self.of.get(usize::from(segment)).copied().flatten();
        match (from, to) {
            (None, _) => Movement::New,
            (_, None) => Movement::Gone,
            (Some(from), Some(to)) => match (rank(from), rank(to)) {
                (Some(was), Some(is)) if is < was => Movement::Up,
                (Some(was), Some(is)) if is > was => Movement::Slipping,
                _ => Movement::Level,
            },
        }
    }

    /// Says what the order goes by.
    pub(super) fn note(&self) -> String {
        let by = if self.stated {
            "the order that the map states"
        } else {
            "mean monetary at the later date, as the map states no order"
        };
        format!("Which segment is better than another goes by {by}.")
    }
}

/// The order of the map's segments: as the map states it, where any segment has a rank; else by mean monetary, highest
/// first, and segments without customers have no place.
pub fn ranks(map: &SegmentMap, later: &RfmOut) -> Ranks {
    let of: Vec<Option<u32>> = map.segments.iter().map(|s| s.rank).collect();
    if of.iter().any(Option::is_some) {
        return Ranks { of, stated: true };
    }
    let mut sums = vec![(0usize, crate::exact::ExactSum::default()); of.len()];
    for (&segment, &money) in later.segment.iter().zip(later.customers.monetary()) {
        let (n, sum) = &mut sums[usize::from(segment)];
        *n += 1;
        sum.add(money);
    }
    let means: Vec<Option<f64>> =
        sums.iter().map(|(n, sum)| (*n > 0).then(|| sum.value() / (*n).max(1) as f64)).collect();
    let better = |mean: f64| means.iter().flatten().filter(|other| **other > mean).count() as u32;
    Ranks { of: means.iter().map(|mean| mean.map(|mean| better(mean) + 1)).collect(), stated: false }
}

/// Who moved up, who is slipping, and who is new, gone or neither.
pub fn up_or_down(migration: &Migration) -> UpOrDown {
    let customers = &migration.customers;
    let mut out = UpOrDown::default();
    for (i, moved) in customers.iter().enumerate() {
        let list = match migration.movement(moved) {
            Movement::Up => &mut out.up,
            Movement::Slipping => &mut out.slipping,
            Movement::Level => &mut out.level,
            Movement::New => &mut out.new,
            Movement::Gone => &mut out.gone,
        };
        list.push(i as u32);
    }
    let by = |list: &mut Vec<u32>, money: fn(&Moved) -> f64| {
        list.sort_by(|&a, &b| money(&customers[b as usize]).total_cmp(&money(&customers[a as usize])));
    };
    for list in [&mut out.up, &mut out.level, &mut out.new] {
        by(list, |moved| moved.spent_after);
    }
    for list in [&mut out.slipping, &mut out.gone] {
        by(list, |moved| moved.spent_before);
    }
    out
}

impl Migration {
    /// Where one of its customers went.
    pub fn movement(&self, moved: &Moved) -> Movement {
        self.ranks.movement(moved.from, moved.to)
    }
}
