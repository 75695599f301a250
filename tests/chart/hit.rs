//! What is found under the pointer.

use quintile::chart::*;

use crate::every_kind;

#[test]
fn marks_are_found_where_they_are_drawn() {
    for (kind, chart) in every_kind().iter().enumerate() {
        let picture = layout(chart, [700.0, 480.0], Palette::of(false), &Options::BODY);
        for place in &picture.places {
            let at = match &place.outline {
                Outline::Rect(area) => area.center(),
                // Bands: half-way between the two lines at a quarter of the width, where few cross.
                Outline::Polygon(points) => {
                    let (a, b) = (points[3], points[points.len() - 4]);
                    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
                }
                _ => continue,
            };
            let found = picture.hit(at).unwrap_or_else(|| panic!("kind {kind}: nothing at {at:?}"));
            if matches!(place.outline, Outline::Rect(_)) {
                assert_eq!(found.mark, place.mark, "kind {kind}");
            }
            assert!(!chart.tip(found.mark).is_empty(), "kind {kind} says nothing");
        }
        assert_eq!(picture.hit([-50.0, -50.0]), None);
    }
}

#[test]
fn points_and_lines_are_found_nearby() {
    let kinds = every_kind();
    let picture = layout(&kinds[3], [700.0, 480.0], Palette::of(false), &Options::BODY);
    let (x, y) = (picture.x.unwrap(), picture.y.unwrap());
    let Marks::Points(points) = &kinds[3].marks else { panic!() };
    for i in [0, 17, 499] {
        let at = [x.place(points.x[i]) + 1.0, y.place(points.y[i])];
        let nearest = |m: usize| (x.place(points.x[m]) - at[0]).hypot(y.place(points.y[m]) - at[1]);
        let found = picture.hit(at).unwrap().mark;
        assert!((0..500).all(|m| nearest(m) >= nearest(found)), "{found} is not the nearest");
    }
    assert!(kinds[3].tip(0).contains("Net spend £1.00"), "{}", kinds[3].tip(0));

    let picture = layout(&kinds[5], [700.0, 480.0], Palette::of(false), &Options::BODY);
    let at = [picture.x.unwrap().place(14_944.0 + 100.0) + 0.3, picture.plot.center()[1]];
    let hit = picture.hit(at).unwrap();
    assert_eq!((hit.mark, hit.together), (100, vec![100, 374 + 100]), "both lines have a value on that day");
    assert_eq!(kinds[5].tip(374 + 100), "day 100");
    assert_eq!(kinds[5].tip(2 * 374), "");
}
