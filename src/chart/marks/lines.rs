//! Lines over a common axis, with gaps where there is no value.

use crate::chart::Line;
use crate::chart::layout::Draft;
use crate::chart::palette::faded;
use crate::chart::picture::{Area, At, Pen, Shape, Track};
use crate::chart::scale::Map;

pub(in crate::chart) fn draw(draft: &mut Draft, lines: &[Line], plot: &Area, x: &Map, y: &Map) {
    let (low, high) = y.range();
    let base = y.place(if y.is_log() { low } else { 0f64.clamp(low, high) }).clamp(plot.top, plot.bottom);
    let mut first = 0;
    let mut strokes = Vec::new();
    for line in lines {
        let color = draft.palette.color(line.ink);
        let n = line.x.len().min(line.y.len());
        let place = |i: usize| -> At {
            let height = y.place(line.y[i]);
            // `clamp` keeps NaN, which is a gap.
            [x.place(line.x[i]).clamp(plot.left, plot.right), height.clamp(plot.top, plot.bottom)]
        };
        let at: Vec<At> = (0..n).map(place).collect();
        for run in at.split(|p| !p[0].is_finite() || !p[1].is_finite()).filter(|r| !r.is_empty()) {
            if let [alone] = run {
                strokes.push(Shape::Circle { center: *alone, radius: 2.0, fill: Some(color), pen: None });
                continue;
            }
            let run = thinned(run);
            if line.filled {
                let lower = run.iter().map(|p| [p[0], base]).collect();
                draft.push(Shape::Strip { upper: run.clone(), lower, fill: faded(color, 0.16) });
            }
            let pen = if line.dashed { Pen::dashed(1.5, color) } else { Pen::new(1.75, color) };
            strokes.push(Shape::Line { points: run, pen });
        }
        draft.picture.tracks.push(Track { first, at });
        first += n;
    }
    // All lines above all fillings.
    draft.picture.shapes.append(&mut strokes);
}

/// At most four points per point of width: first, lowest, highest and last, which look the same as all
/// (M4 aggregation, Jugel et al. 2014).
fn thinned(run: &[At]) -> Vec<At> {
    let wide = run[run.len() - 1][0] - run[0][0];
    if (run.len() as f32) < wide * 4.0 || run.len() < 64 {
        return run.to_vec();
    }
    let mut kept = Vec::with_capacity(wide as usize * 4 + 4);
    for column in run.chunk_by(|a, b| a[0].floor() == b[0].floor()) {
        let by_height = |a: &&At, b: &&At| a[1].total_cmp(&b[1]);
        let ends = [column.first(), column.iter().min_by(by_height), column.iter().max_by(by_height), column.last()];
        let mut ends: Vec<At> = ends.into_iter().flatten().copied().collect();
        ends.sort_by(|a, b| a[0].total_cmp(&b[0]));
        ends.dedup();
        kept.append(&mut ends);
    }
    kept
}
