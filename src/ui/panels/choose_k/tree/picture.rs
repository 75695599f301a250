//! The top of a tree laid out: branches side by side, as wide as the root of their customers, joins at their heights.

use super::super::sketch::{Look as Type, Sketch, faded};
use crate::chart::text::width;
use crate::chart::{Anchor, Area, At, Ink, Map, Numbers, Palette, Pen, Picture, Scale, Shape, full, nice_step};
use crate::cluster::TreeTop;
use crate::format;

/// Room for the axis on the left, and for the sizes below.
const AXIS: f32 = 52.0;
const SIZES: f32 = 26.0;
const TOP: f32 = 14.0;
/// Room on the right for the words of the cut.
const RIGHT: f32 = 28.0;

/// How it looks.
#[derive(Clone)]
pub struct Look {
    /// Per node, branches first: the colour of its cluster; `None` above the cut.
    pub inks: Vec<Option<Ink>>,
    /// Height of the cut.
    pub cut: f64,
    pub k: usize,
}

/// Where things lie.
pub struct Places {
    /// Left and right edge of each branch.
    branches: Vec<(f32, f32)>,
    /// Middle of each node.
    x: Vec<f32>,
    map: Map,
    most: f64,
    size: At,
    bottom: f32,
}

impl Places {
    pub fn of(top: &TreeTop, size: At) -> Places {
        let most = top.joins.last().map_or(1.0, |j| j.height) * 1.06;
        let bottom = size[1] - SIZES;
        let map = Map::new(&Scale::Linear { from: 0.0, to: most, format: Numbers::Plain }, bottom, TOP);
        // Square roots keep branches of a few customers visible beside those of thousands.
        let weight = |i: usize| f64::from(top.branches[i].customers).sqrt();
        let all: f64 = (0..top.branches.len()).map(weight).sum();
        let gap = 3.0;
        let room = f64::from(size[0] - AXIS - RIGHT) - gap * top.branches.len() as f64;
        let mut left = f64::from(AXIS);
        let mut branches = Vec::with_capacity(top.branches.len());
        for i in 0..top.branches.len() {
            let wide = (room * weight(i) / all.max(1e-9)).max(1.0);
            branches.push((left as f32, (left + wide) as f32));
            left += wide + gap;
        }
        let mut x: Vec<f32> = branches.iter().map(|(a, b)| (a + b) / 2.0).collect();
        for join in &top.joins {
            x.push((x[join.a] + x[join.b]) / 2.0);
        }
        Places { branches, x, map, most, size, bottom }
    }

    pub fn y(&self, height: f64) -> f32 {
        self.map.place(height.min(self.most))
    }

    pub fn height_at(&self, y: f32) -> f64 {
        self.map.value(y).min(self.most)
    }

    /// Where a cut into `k` is drawn.
    pub fn cut(&self, top: &TreeTop, k: usize) -> f64 {
        let (from, to) = top.heights(k.min(top.most()));
        if to.is_finite() { (from + to) / 2.0 } else { (from + self.most) / 2.0 }
    }

    /// The branch or join at a place.
    pub fn node_at(&self, top: &TreeTop, [x, y]: At) -> Option<usize> {
        let b = self.branches.len();
        let join = top.joins.iter().enumerate().find(|(_, j)| {
            let (left, right) = (self.x[j.a].min(self.x[j.b]), self.x[j.a].max(self.x[j.b]));
            (left - 3.0..=right + 3.0).contains(&x) && (self.y(j.height) - y).abs() < 4.0
        });
        if let Some((i, _)) = join {
            return Some(b + i);
        }
        let branch = self.branches.iter().position(|(left, right)| (left - 1.5..=right + 1.5).contains(&x))?;
        (y >= self.y(top.branches[branch].height) - 4.0).then_some(branch)
    }
}

/// The picture.
pub fn picture(top: &TreeTop, places: &Places, look: &Look, palette: &'static Palette) -> Picture {
    let mut s = Sketch::new(palette, places.size);
    axis(&mut s, places);
    let color = |node: usize| look.inks.get(node).copied().flatten().map_or(palette.muted, |ink| palette.color(ink));
    let b = top.branches.len();
    let mut shapes = Vec::new();
    let mut sized = false;
    for (i, branch) in top.branches.iter().enumerate() {
        let (left, right) = places.branches[i];
        let (x, y) = (places.x[i], places.y(branch.height));
        // A gathered branch is a triangle from where it was joined; a single leaf is a line.
        if branch.height > 0.0 {
            let fill = faded(color(i), 0.45);
            shapes.push(Shape::Strip {
                upper: vec![[left, places.bottom], [x, y], [right, places.bottom]],
                lower: vec![[left, places.bottom], [x, places.bottom], [right, places.bottom]],
                fill,
            });
            s.line(vec![[left, places.bottom], [x, y], [right, places.bottom]], Pen::new(1.0, color(i)));
        }
        s.rect(Area::new(left, places.bottom, right, places.bottom + 4.0), 0.0, color(i));
        let label = format::count(branch.customers as usize);
        let size = palette.small_size;
        if width(&label, size, false) + 2.0 < right - left {
            s.words([x, places.bottom + 14.0], label, Anchor::Middle, Type::new(size, palette.muted));
            sized = true;
        }
    }
    if sized {
        let look = Type::new(palette.small_size, palette.muted);
        s.words([AXIS - 10.0, places.bottom + 14.0], "customers", Anchor::End, look);
    }
    s.fills(shapes);
    for (i, join) in top.joins.iter().enumerate() {
        let y = places.y(join.height);
        let height = |node: usize| if node < b { top.branches[node].height } else { top.joins[node - b].height };
        let wide = if look.inks.get(b + i).copied().flatten().is_some() { 1.5 } else { 1.25 };
        for node in [join.a, join.b] {
            let pen = Pen::new(wide, color(node));
            s.hair([places.x[node], places.y(height(node))], [places.x[node], y], pen);
        }
        s.hair([places.x[join.a], y], [places.x[join.b], y], Pen::new(wide, color(b + i)));
    }
    cut(&mut s, places, look);
    s.done()
}

fn axis(s: &mut Sketch, places: &Places) {
    let p = s.palette;
    let step = nice_step(places.most, ((places.bottom - TOP) / 56.0) as usize);
    let mut v = 0.0;
    while v <= places.most {
        let y = places.y(v);
        s.hair([AXIS - 4.0, y], [places.size[0] - RIGHT, y], Pen::new(1.0, p.grid));
        s.words([AXIS - 10.0, y], full(v, &Numbers::Plain), Anchor::End, Type::new(p.small_size, p.muted));
        v += step;
    }
    s.words([AXIS - 10.0, TOP - 8.0], "height", Anchor::End, Type::new(p.small_size, p.muted));
}

/// The line, with its handle.
fn cut(s: &mut Sketch, places: &Places, look: &Look) {
    let p = s.palette;
    let y = places.y(look.cut);
    let right = places.size[0] - RIGHT;
    s.line(vec![[AXIS - 4.0, y], [right, y]], Pen::new(2.0, p.accent));
    let text = format!("k = {}", look.k);
    let half = width(&text, p.note_size, true) / 2.0 + 8.0;
    let middle = right - half;
    s.rect(Area::new(middle - half, y - 10.0, middle + half, y + 10.0), 10.0, p.accent);
    s.words([middle, y], text, Anchor::Middle, Type::new(p.note_size, p.text_on(p.accent)).bold());
}
