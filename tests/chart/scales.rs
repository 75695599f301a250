//! Scales and their marks, and the areas of tiles.

use proptest::prelude::*;
use quintile::chart::*;

use crate::{linear, pounds};

fn marks(scale: Scale, most: usize) -> Vec<String> {
    ticks(&scale, &Map::new(&scale, 0.0, 100.0), most).into_iter().map(|t| t.label).collect()
}

#[test]
fn marks_are_round_and_short() {
    assert_eq!(marks(linear(0.0, 400.0, Numbers::Whole), 5), ["0", "100", "200", "300", "400"]);
    assert_eq!(marks(linear(0.0, 1.0, Numbers::Percent), 5), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
    assert_eq!(marks(linear(0.0, 0.03, Numbers::Plain), 3), ["0", "0.01", "0.02", "0.03"]);
    assert_eq!(marks(linear(-10.0, 10.0, Numbers::Plain), 4), ["−10", "−5", "0", "5", "10"]);
    assert_eq!(marks(linear(0.0, 3.0, Numbers::Whole), 12), ["0", "1", "2", "3"]);
    assert_eq!(marks(linear(0.0, 1_200_000.0, pounds()), 3), ["£0", "£0.5M", "£1.0M"]);
    assert_eq!(marks(linear(-20_000.0, 20_000.0, pounds()), 2), ["−£20k", "£0", "£20k"]);
    assert_eq!(marks(linear(0.0, 50_000.0, Numbers::Whole), 2), ["0", "50,000"]);
    let log = |to: f64| Scale::Log { from: 1.0, to, format: Numbers::Whole };
    assert_eq!(marks(log(100.0), 10), ["1", "2", "5", "10", "20", "50", "100"]);
    assert_eq!(marks(log(1e6), 6), ["1", "10", "100", "1,000", "10,000", "100k", "1M"]);
    // 2010-12-01 is day 14,944; 2011-12-09 day 15,317.
    let days = |from: f64, to: f64, most| marks(Scale::Days { from, to }, most);
    assert_eq!(days(14_944.0, 15_317.0, 7), ["Jan 2011", "Mar", "May", "Jul", "Sep", "Nov"]);
    assert_eq!(days(14_944.0, 14_950.0, 6), ["1 Dec 2010", "2 Dec", "3 Dec", "4 Dec", "5 Dec", "6 Dec", "7 Dec"]);
    assert_eq!(days(14_944.0, 14_990.0, 8), ["6 Dec 2010", "13 Dec", "20 Dec", "27 Dec", "3 Jan 2011", "10 Jan"]);
    assert_eq!(days(0.0, 18_000.0, 5), ["1970", "1980", "1990", "2000", "2010"]);
}

#[test]
fn ranges_that_cannot_be_drawn_are_mended() {
    let nan = f64::NAN;
    for (from, to) in
        [(0.0, 0.0), (5.0, 5.0), (3.0, 1.0), (nan, nan), (0.0, f64::INFINITY), (-1e300, 1e300), (1e15, 1e15)]
    {
        for scale in [
            linear(from, to, Numbers::Plain),
            Scale::Log { from, to, format: Numbers::Plain },
            Scale::Days { from, to },
        ] {
            let map = Map::new(&scale, 10.0, 110.0);
            let (low, high) = map.range();
            assert!(low < high, "{scale:?}");
            assert_eq!((map.place(low), map.place(high)), (10.0, 110.0), "{scale:?}");
            ticks(&scale, &map, 10);
        }
    }
}

proptest! {
    #[test]
    fn places_and_values_are_each_other_s_inverse(from in -1e6f64..1e6, wide in 0.01f64..1e6, share in 0.0f64..1.0) {
        for scale in [
            linear(from, from + wide, Numbers::Plain),
            Scale::Log { from: wide, to: wide * 1e3, format: Numbers::Plain },
        ] {
            let map = Map::new(&scale, 300.0, 20.0);
            let place = 20.0 + 280.0 * share as f32;
            prop_assert!((map.place(map.value(place)) - place).abs() < 0.5);
        }
    }

    #[test]
    fn steps_are_one_two_or_five(span in 1e-9f64..1e12, most in 1usize..20) {
        let step = nice_step(span, most);
        let digits = step / 10f64.powf((step * 1.000_001).log10().floor());
        prop_assert!([1.0, 2.0, 5.0].iter().any(|d| (digits - d).abs() < 1e-6), "{step}");
        prop_assert!(span / step <= most as f64 * 1.000_01 && span / step > most as f64 / 2.6, "{span} by {step}");
    }

    #[test]
    fn tiles_have_the_areas_of_their_values(values in prop::collection::vec(0.1f64..1e4, 1..60)) {
        let room = Area::new(10.0, 20.0, 510.0, 320.0);
        let total: f64 = values.iter().sum();
        let areas: Vec<Area> = squarify(&values, &room).into_iter().map(Option::unwrap).collect();
        for (area, value) in areas.iter().zip(&values) {
            let share = f64::from(area.width()) * f64::from(area.height()) / 150_000.0;
            prop_assert!((share - value / total).abs() < 1e-4, "{area:?} for {value} of {total}");
            let inside = area.left > 9.9 && area.top > 19.9 && area.right < 510.1 && area.bottom < 320.1;
            prop_assert!(inside, "{area:?}");
        }
        for (i, a) in areas.iter().enumerate() {
            for b in &areas[i + 1..] {
                let across = a.right.min(b.right) - a.left.max(b.left);
                let down = a.bottom.min(b.bottom) - a.top.max(b.top);
                prop_assert!(across < 0.01 || down < 0.01, "{a:?} {b:?}");
            }
        }
    }
}

#[test]
fn the_treemap_is_that_of_its_paper() {
    // Bruls, Huizing, van Wijk: Squarified treemaps (2000), figure 4: a rectangle 6 × 4 with areas 6, 6, 4, 3, 2, 2, 1.
    let areas = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], &Area::new(0.0, 0.0, 6.0, 4.0));
    let close = |i: usize, left: f32, top: f32, right: f32, bottom: f32| {
        let a = areas[i].unwrap();
        let off = [a.left - left, a.top - top, a.right - right, a.bottom - bottom];
        assert!(off.iter().all(|d| d.abs() < 1e-4), "{i}: {a:?}");
    };
    close(0, 0.0, 0.0, 3.0, 2.0);
    close(1, 0.0, 2.0, 3.0, 4.0);
    close(2, 3.0, 0.0, 3.0 + 12.0 / 7.0, 7.0 / 3.0);
    close(3, 3.0 + 12.0 / 7.0, 0.0, 6.0, 7.0 / 3.0);
    close(4, 3.0, 7.0 / 3.0, 4.2, 4.0);
    assert_eq!(squarify(&[0.0, f64::NAN, -1.0], &Area::new(0.0, 0.0, 6.0, 4.0)), [None, None, None]);
}
