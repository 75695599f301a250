//! Who comes when: customers of several kinds and the days of their orders.

use super::dice::Dice;

/// Days from 2023-01-02 (a Monday) to 2024-12-30.
pub(super) const DAYS: i32 = 729;

/// What a customer is like; decides how often they come and how much they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    OneTime,
    Occasional,
    Gift,
    Loyal,
    Lapsed,
    New,
    Wholesale,
    /// An order without a customer.
    Guest,
}

/// Kinds among 1,000 customers.
const SHARES: [(Kind, u32); 7] = [
    (Kind::OneTime, 365),
    (Kind::Occasional, 235),
    (Kind::Gift, 125),
    (Kind::Loyal, 135),
    (Kind::Lapsed, 75),
    (Kind::New, 40),
    (Kind::Wholesale, 25),
];

/// One order before it has lines.
pub(super) struct Order {
    /// Minutes since the first day's midnight.
    pub minute: i32,
    /// Number of the customer; guests have none.
    pub customer: Option<u32>,
    pub kind: Kind,
    pub country: &'static str,
}

const COUNTRIES: [(&str, u32); 9] = [
    ("Germany", 610),
    ("Austria", 110),
    ("France", 70),
    ("Belgium", 55),
    ("Denmark", 45),
    ("Italy", 35),
    ("Poland", 30),
    ("Spain", 25),
    ("Ireland", 20),
];
/// Monday to Sunday.
const WEEKDAYS: [u32; 7] = [110, 105, 100, 105, 115, 65, 50];
/// January to December.
const MONTHS: [u32; 12] = [80, 78, 88, 92, 94, 88, 80, 82, 94, 108, 160, 175];
/// From 7 to 22 o'clock.
const HOURS: [u32; 16] = [4, 14, 36, 60, 72, 78, 66, 62, 66, 60, 50, 42, 44, 40, 26, 8];
const MONTH_LENGTHS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Year, month (1–12) and day of a day of the shop.
pub(super) fn date(day: i32) -> (i32, usize, i32) {
    let (mut year, mut left) = (2023, day + 1);
    let mut month = 0;
    loop {
        let length = MONTH_LENGTHS[month] + i32::from(year == 2024 && month == 1);
        if left < length {
            return (year, month + 1, left + 1);
        }
        left -= length;
        month += 1;
        if month == 12 {
            month = 0;
            year += 1;
        }
    }
}

/// Whether people shop for the festive season.
pub(super) fn festive(day: i32) -> bool {
    let (_, month, date) = date(day);
    month == 11 || (month == 12 && date <= 24) || (month == 10 && date > 15)
}

/// How busy a day is; 0 where the shop is closed. At most 115 × 175.
pub(super) fn busy(day: i32) -> u32 {
    let (_, month, date) = date(day);
    if matches!((month, date), (1, 1) | (12, 25 | 26)) {
        return 0;
    }
    // After the last day for deliveries in time, the year is over.
    let season = if month == 12 && date > 22 { 60 } else { MONTHS[month - 1] };
    WEEKDAYS[day.rem_euclid(7) as usize] * season
}

/// A day from `low` to `high`, busy days more often.
fn busy_day(low: i32, high: i32, dice: &mut Dice) -> i32 {
    loop {
        let day = dice.within(low.max(0), high.min(DAYS - 1));
        if dice.chance(u64::from(busy(day)) + 1, 115 * 175) && busy(day) > 0 {
            return day;
        }
    }
}

/// The orders of a shop with this many rows, in the order of time.
pub(super) fn orders(rows: usize, dice: &mut Dice) -> Vec<Order> {
    let customers = if rows == 0 { 0 } else { (rows / 15).max(1) as u32 };
    let mut orders = Vec::with_capacity(customers as usize * 5);
    for customer in 0..customers {
        let kind = SHARES[dice.weighted(&SHARES.map(|s| s.1))].0;
        let country = COUNTRIES[dice.weighted(&COUNTRIES.map(|c| c.1))].0;
        for day in days(kind, dice) {
            orders.push(Order { minute: minute(day, dice), customer: Some(customer), kind, country });
        }
    }
    for _ in 0..orders.len() / 24 {
        let country = COUNTRIES[dice.weighted(&COUNTRIES.map(|c| c.1))].0;
        let day = busy_day(0, DAYS - 1, dice);
        orders.push(Order { minute: minute(day, dice), customer: None, kind: Kind::Guest, country });
    }
    orders.sort_by_key(|o| o.minute);
    orders
}

fn minute(day: i32, dice: &mut Dice) -> i32 {
    day * 1440 + (7 + dice.weighted(&HOURS) as i32) * 60 + dice.within(0, 59)
}

/// The days of one customer's orders, not sorted.
fn days(kind: Kind, dice: &mut Dice) -> Vec<i32> {
    let last = DAYS - 1;
    match kind {
        Kind::OneTime | Kind::Guest => vec![busy_day(0, last, dice)],
        Kind::Occasional => {
            // Two to nine orders, few more often than many.
            let orders = 2 + dice.weighted(&[34, 26, 17, 10, 6, 4, 2, 1]);
            let first = dice.within(-200, last - 90);
            (0..orders).map(|_| busy_day(first, last, dice)).collect()
        }
        Kind::Gift => {
            // 2023-11-10 to 12-22 and 2024-11-08 to 12-22; some come in one of the two years only.
            let seasons: &[i32] = [&[312][..], &[676], &[312, 676]][dice.weighted(&[22, 22, 56])];
            let several = if seasons.len() == 1 { 2 } else { 1 };
            let mut days = Vec::new();
            for &from in seasons {
                for _ in 0..several + dice.weighted(&[60, 30, 10]) {
                    days.push(busy_day(from, from + 43, dice));
                }
            }
            days
        }
        Kind::Loyal => {
            // Many were there before the file begins.
            let first = dice.within(-500, 450);
            let gap = [18, 26, 34, 44, 56, 70][dice.weighted(&[5, 12, 22, 26, 22, 13])];
            regular(first, last, gap, dice)
        }
        Kind::Lapsed => {
            let first = dice.within(-100, 250);
            let stay = dice.within(100, 270);
            regular(first, (first + stay).min(last - 190), dice.within(18, 45), dice)
        }
        Kind::New => {
            let first = dice.within(last - 80, last - 12);
            let mut days = vec![first];
            days.extend((0..1 + dice.weighted(&[55, 30, 15])).map(|_| busy_day(first, last, dice)));
            days
        }
        Kind::Wholesale => {
            let first = dice.within(-400, 300);
            // One in six leaves.
            let end = if dice.chance(1, 6) { first.max(0) + dice.within(150, 400) } else { last };
            let gap = [7, 12, 18, 27][dice.weighted(&[10, 30, 35, 25])];
            regular(first, end.min(last), gap, dice)
        }
    }
}

/// Orders about every `gap` days, half a gap sooner or later, moved to days on which the shop is busy.
fn regular(first: i32, last: i32, gap: i32, dice: &mut Dice) -> Vec<i32> {
    let mut days = Vec::new();
    let mut day = first;
    while day <= last {
        if day >= 0 {
            days.push(busy_day(day - 3, (day + 3).min(last), dice));
        }
        day += dice.within(gap - gap / 2, gap + gap / 2).max(1);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, NaiveDate};

    #[test]
    fn dates_are_those_of_the_calendar() {
        let first = NaiveDate::from_ymd_opt(2023, 1, 2).unwrap();
        for day in 0..DAYS {
            let d = first.checked_add_days(Days::new(day as u64)).unwrap();
            assert_eq!(date(day), (d.year(), d.month() as usize, d.day() as i32));
            assert_eq!(day % 7, d.weekday().num_days_from_monday() as i32);
        }
        assert_eq!(date(DAYS - 1), (2024, 12, 30));
        assert_eq!(date(312), (2023, 11, 10));
        assert_eq!(date(676), (2024, 11, 8));
    }
}
