//! Numbers, dates, missing values, ids, roles and quality, decided from whole columns.

mod common;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use common::shared;
use quintile::clean::clean;
use quintile::ctx::Ctx;
use quintile::intake::dates::{self, DateStyle};
use quintile::intake::kind::{ColumnKind, infer};
use quintile::intake::numbers::{Decimal, NumberStyle};
use quintile::intake::quality::{self, Check, QualityItem};
use quintile::intake::{self, ColumnReport, Dict, Distribution, IntakeOut, Role, RolesOut};
use quintile::recipe::Recipe;

fn look(path: impl Into<PathBuf>) -> (IntakeOut, RolesOut) {
    look_with(&Recipe::for_file(path))
}

fn look_with(recipe: &Recipe) -> (IntakeOut, RolesOut) {
    let read = intake::read(&recipe.input, &Ctx::silent()).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &Ctx::silent()).unwrap();
    (read, roles)
}

/// A file with this text, and what is seen in it.
fn look_at(text: &str) -> (IntakeOut, RolesOut) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, text).unwrap();
    look(path)
}

fn column<'a>(roles: &'a RolesOut, name: &str) -> &'a ColumnReport {
    roles.columns.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("no column {name}"))
}

fn has(sentences: &[String], words: &str) -> bool {
    sentences.iter().any(|s| s.contains(words))
}

fn dict(values: &[String]) -> Dict {
    let mut seen = std::collections::BTreeSet::from([""]);
    let mut dict = Dict::default();
    for value in values {
        if seen.insert(value) {
            dict.push(value);
        }
    }
    dict
}

mod roundtrips {
    use proptest::prelude::*;

    use super::*;

    /// Writes cents as people do: the sign of the decimals, the sign between thousands, and what stands around.
    fn written(cents: i64, decimal: char, thousands: &str, wrap: usize) -> String {
        let digits = (cents.abs() / 100).to_string();
        let mut whole = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                whole.push_str(thousands);
            }
            whole.push(c);
        }
        let plain = format!("{whole}{decimal}{:02}", cents.abs() % 100);
        match (wrap, cents < 0) {
            (0, false) => plain,
            (0, true) => format!("-{plain}"),
            (1, false) => format!("£{plain}"),
            (1, true) => format!("-£{plain}"),
            (2, false) => format!("{plain} €"),
            (2, true) => format!("({plain} €)"),
            (3, false) => format!("EUR {plain}"),
            (3, true) => format!("EUR {plain}-"),
            (_, false) => format!("+{plain} kr"),
            (_, true) => format!("({plain})"),
        }
    }

    fn clock(seconds: i64, style: usize) -> String {
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match style {
            0 => format!(" {h:02}:{m:02}:{s:02}"),
            1 => {
                format!(" {}:{m:02}:{s:02} {}", if h % 12 == 0 { 12 } else { h % 12 }, if h < 12 { "AM" } else { "PM" })
            }
            2 => format!("T{h:02}:{m:02}:{s:02}.125Z"),
            _ => format!(" {h:02}:{m:02}:{s:02}+02:00"),
        }
    }

    const ORDERS: [&str; 12] = [
        "%Y-%m-%d",
        "%Y/%-m/%-d",
        "%d.%m.%Y",
        "%-d/%-m/%Y",
        "%d-%b-%y",
        "%-d %B %Y",
        "%m/%d/%Y",
        "%-m/%-d/%y",
        "%b %-d, %Y",
        "%a, %d %b %Y",
        "%A %-d %B %Y",
        "%Y-%b-%d",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        /// A column of amounts in any country's writing reads back to the cent.
        #[test]
        fn numbers_read_back(
            cents in prop::collection::vec(-1_000_000_000_000i64..1_000_000_000_000, 5..40),
            comma: bool,
            sign in 0usize..5,
            wrap in 0usize..5,
        ) {
            let (decimal, other) = if comma { (',', ".") } else { ('.', ",") };
            let thousands = [other, "", " ", "\u{202f}", "'"][sign];
            let texts: Vec<String> = cents.iter().map(|&c| written(c, decimal, thousands, wrap)).collect();
            let kind = infer(&dict(&texts), &Ctx::silent()).unwrap();
            let ColumnKind::Number { style, .. } = kind else { panic!("{texts:?} is {kind:?}") };
            prop_assert_eq!(style.ambiguous, false);
            for (text, &cents) in texts.iter().zip(&cents) {
                let number = style.parse(text).unwrap();
                prop_assert!((number - cents as f64 / 100.0).abs() < 1e-3, "{} is {}", text, number);
                prop_assert_eq!((number * 100.0).round() as i64, cents);
            }
        }

        /// Whatever Rust writes for a number reads back to the same number.
        #[test]
        fn plain_numbers_read_back(number in prop::num::f64::NORMAL) {
            prop_assert_eq!(NumberStyle::default().parse(&number.to_string()), Some(number));
            prop_assert_eq!(NumberStyle::default().parse(&format!("{number:e}")), Some(number));
            let comma = NumberStyle::of(Decimal::Comma);
            prop_assert_eq!(comma.parse(&format!("{number:e}").replace('.', ",")), Some(number));
        }

        /// No text makes a parser fail, and what is read is finite.
        #[test]
        fn any_text_is_a_number_or_none(text in "[-+£$€%()0-9.,'eE kr\u{a0}]{0,14}") {
            for decimal in [Decimal::Point, Decimal::Comma] {
                prop_assert!(NumberStyle::of(decimal).parse(&text).is_none_or(f64::is_finite));
            }
            for style in [DateStyle::YearFirst, DateStyle::DayFirst, DateStyle::Compact, DateStyle::ExcelSerial] {
                let _ = dates::parse(&text, &style);
            }
        }

        #[test]
        fn any_text_is_a_date_or_none(text in "\\PC{0,20}", dated in "[0-9A-Za-zäéûç/.:, +-]{0,24}") {
            for text in [&text, &dated] {
                for style in [DateStyle::YearFirst, DateStyle::MonthFirst, DateStyle::DayFirst, DateStyle::Compact,
                    DateStyle::YearMonth, DateStyle::ShortYearFirst, DateStyle::EpochMillis] {
                    let _ = dates::parse(text, &style);
                }
                let _ = (dates::form_of(text), dates::zone_of(text));
            }
        }

        /// A column of moments in any order and with any clock reads back to the second.
        #[test]
        fn dates_read_back(
            days in prop::collection::vec(-700i32..21_000, 4..40),
            second in 0i64..86_400,
            order in 0usize..ORDERS.len(),
            style in 0usize..4,
            with_clock: bool,
        ) {
            // A day after the twelfth tells the order of day and month.
            let mut all = vec![dates::day_number(NaiveDate::from_ymd_opt(2011, 3, 25).unwrap())];
            all.extend(days);
            let text = |day: &i32| {
                let date = dates::date_of(*day).format(ORDERS[order]).to_string();
                if with_clock { date + &clock(second, style) } else { date }
            };
            let texts: Vec<String> = all.iter().map(text).collect();
            let kind = infer(&dict(&texts), &Ctx::silent()).unwrap();
            let ColumnKind::Date { style, ambiguous, .. } = kind else { panic!("{texts:?} is {kind:?}") };
            prop_assert!(!ambiguous);
            for (text, day) in texts.iter().zip(&all) {
                // Years of two digits are those from 1969 to 2068.
                let expected = i64::from(*day) * dates::DAY + if with_clock { second } else { 0 };
                if !ORDERS[order].contains("%y") || (-364..36_159).contains(day) {
                    prop_assert_eq!(dates::parse(text, &style), Some(expected), "{}", text);
                }
            }
        }

        /// Serial days and seconds since 1970 read back to the second.
        #[test]
        fn counted_dates_read_back(at in 0i64..4_000_000_000) {
            let serial = format!("{:.6}", at as f64 / 86_400.0 + 25_569.0);
            prop_assert_eq!(dates::parse(&serial, &DateStyle::ExcelSerial), Some(at));
            prop_assert_eq!(dates::parse(&at.to_string(), &DateStyle::EpochSeconds), Some(at));
            prop_assert_eq!(dates::parse(&format!("{at}250"), &DateStyle::EpochMillis), Some(at));
        }

        /// The type of a column does not depend on the order of its rows.
        #[test]
        fn the_order_of_rows_changes_nothing(
            mut texts in prop::collection::vec(
                prop::sample::select(vec![
                    "1,234", "1.234", "12,5", "12.5", "7", "007", "1/2/2011", "25/2/2011", "2/25/2011", "1-2-2011",
                    "1.2.2011", "2011-02-01", "1 Feb 2011", "20110201", "40513", "x", "NA", "", "£5", "5%",
                ]),
                1..25,
            ),
            seed: u64,
        ) {
            let kind = |texts: &[&str]| {
                infer(&dict(&texts.iter().map(|t| t.to_string()).collect::<Vec<_>>()), &Ctx::silent()).unwrap()
            };
            let before = kind(&texts);
            let mut state = seed | 1;
            for i in (1..texts.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                texts.swap(i, (state >> 33) as usize % (i + 1));
            }
            prop_assert_eq!(kind(&texts), before);
        }
    }
}

#[test]
fn every_country_writes_its_months() {
    // From CLDR 44, short and long, as its locale data has them (with or without the point of an abbreviation).
    let languages = [
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "January February March April May June July August September October November December",
        "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ];
    for months in languages {
        for (i, month) in months.split(' ').enumerate() {
            let at = NaiveDate::from_ymd_opt(2011, i as u32 + 1, 9).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
            for text in
                [format!("9 {month} 2011"), format!("09-{month}-11"), format!("9. {} 2011", month.to_uppercase())]
            {
                assert_eq!(dates::parse(&text, &DateStyle::DayFirst), Some(at.timestamp()), "{text}");
            }
            let text = format!("{month} 9, 2011");
            assert_eq!(dates::parse(&text, &DateStyle::MonthFirst), Some(at.timestamp()), "{text}");
        }
    }
}

/// Every date of Superstore, against a reading by hand: both its styles put the month first.
#[test]
fn two_styles_in_one_column_are_read_right_and_told() {
    let Some(path) = shared("superstore/Sample - Superstore.csv") else { return };
    let (read, roles) = look(path);
    for name in ["Order Date", "Ship Date"] {
        let c = read.table.column(name).unwrap();
        let ColumnKind::Date { style, ambiguous: false, .. } = &c.kind else { panic!("{:?}", c.kind) };
        for row in 0..read.table.rows {
            let parts: Vec<u32> = c.text(row).split(['-', '/']).map(|p| p.parse().unwrap()).collect();
            let day = NaiveDate::from_ymd_opt(parts[2] as i32, parts[0], parts[1]).unwrap();
            assert_eq!(
                dates::parse(c.text(row), style),
                Some(i64::from(dates::day_number(day)) * dates::DAY),
                "{}",
                c.text(row)
            );
        }
    }
    // Counted with pandas: 5,952 with slashes, 4,042 with dashes, of which 359 have equal day and month.
    let order = column(&roles, "Order Date");
    assert!(
        has(&order.problems, "M/D/Y (5,952 rows") && has(&order.problems, "M-D-Y (4,042 rows"),
        "{:?}",
        order.problems
    );
    assert!(has(&roles.warnings, "Two styles are mixed in \"Order Date\""), "{:?}", roles.warnings);
    assert!(order.ambiguous_values > 0);
}

#[test]
fn an_order_that_cannot_be_told_is_counted_stated_and_can_be_changed() {
    let text = "customer,date,amount\na,1/2/2011,5\nb,3/4/2011,7\nc,3/4/2011,7\nd,5/5/2011,1\n";
    let (_, roles) = look_at(text);
    let date = column(&roles, "date");
    assert_eq!(date.ambiguous_values, 2);
    assert!(has(&roles.warnings, "2 dates in 3 rows can be read"), "{:?}", roles.warnings);
    assert!(has(&roles.warnings, "read as month, day, year") && has(&roles.warnings, "Give the date format"));
    // Another column of the file that is sure decides.
    let (read, roles) = look_at("customer,date,paid,amount\na,1/2/2011,25/2/2011,5\nb,3/4/2011,3/4/2011,7\n");
    let ColumnKind::Date { style, .. } = &read.table.column("date").unwrap().kind else { panic!() };
    assert_eq!(*style, DateStyle::DayFirst);
    assert!(has(&roles.warnings, "as in \"paid\""), "{:?}", roles.warnings);
}

#[test]
fn both_orders_in_one_column_are_counted() {
    let (_, roles) = look_at(
        "customer,date,amount\na,12/25/2011,5\nb,12/26/2011,7\nc,12/27/2011,7\nd,1/2/2011,1\ne,11/24/2011,1\n\
         f,11/25/2011,1\ng,11/26/2011,1\nh,11/27/2011,1\ni,11/28/2011,1\nj,25/3/2011,1\n",
    );
    let date = column(&roles, "date");
    assert!(
        has(&date.problems, "1 row can be read only with day and month the other way round"),
        "{:?}",
        date.problems
    );
}

#[test]
fn zones_are_named_and_not_applied() {
    let (read, roles) = look_at("customer,date,amount\na,2011-12-09T10:00:00+01:00,5\nb,2011-12-10T10:00:00Z,7\n");
    let date = column(&roles, "date");
    assert!(has(&date.problems, "several zones (+01:00, Z)"), "{:?}", date.problems);
    let cleaned = clean(&read.table, &roles, &Recipe::default().clean, None, &Ctx::silent()).unwrap();
    assert_eq!(cleaned.transactions.day, [15_317, 15_318]);
}

#[test]
fn doubtful_commas_are_counted_and_can_be_decided() {
    let text = "customer;date;amount;tax\na;2024-01-01;5,800;1,25\nb;2024-01-02;91,240;0,5\n";
    let (read, roles) = look_at(text);
    let amount = column(&roles, "amount");
    assert_eq!(amount.ambiguous_values, 2);
    assert!(has(&amount.problems, "read as decimal signs, as in \"tax\""), "{:?}", amount.problems);
    let c = read.table.column("amount").unwrap();
    assert_eq!(c.number(c.text(0)), Some(5.8));
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = Recipe::for_file(folder.path().join("x.csv"));
    std::fs::write(folder.path().join("x.csv"), text).unwrap();
    recipe.input.decimal = Some('.');
    let (read, roles) = look_with(&recipe);
    let c = read.table.column("amount").unwrap();
    assert_eq!(c.number(c.text(0)), Some(5800.0));
    assert_eq!(column(&roles, "amount").ambiguous_values, 0);
}

#[test]
fn lost_digits_days_to_come_and_days_that_are_none_are_counted() {
    let (_, roles) = look_at(
        "customer_id,date,amount\n4.91512E+12,2023-01-05,5.00\n4.91513E+12,2023-05-01,5.00\n4.91512E+12,1970-01-01,7.00\n",
    );
    assert!(has(&roles.warnings, "3 cells of \"customer_id\" are written as 4.91512E+12"), "{:?}", roles.warnings);
    assert!(has(&roles.warnings, "1 row is dated 1970-01-01"), "{:?}", roles.warnings);
    assert!(!has(&column(&roles, "amount").problems, "as an id"), "{:?}", column(&roles, "amount").problems);
    let (_, roles) = look_at("customer_id,date,amount\n1,2023-01-05,5\n2,2089-05-01,5\n1,2023-01-06,7\n");
    assert!(has(&roles.warnings, "1 row is dated 2089-05-01, in the future"), "{:?}", roles.warnings);
}

#[test]
fn ids_keep_their_zeros_and_lose_zero_decimals() {
    let (read, roles) = look_at(
        "customer_id,invoice,date,amount\n00042,536365.0,2011-01-01,5\n7,C536379.0,2011-01-02,7\n00042,536366.0,2011-01-03,1\n",
    );
    assert_eq!(column(&roles, "customer_id").kind, ColumnKind::Text);
    let cleaned = clean(&read.table, &roles, &Recipe::default().clean, None, &Ctx::silent()).unwrap();
    assert_eq!(cleaned.transactions.customers, ["7", "00042"]);
    let (read, roles) =
        look_at("customer_id,date,amount\n17850.0,2011-01-01,5\n17850,2011-01-02,7\n13047.0,2011-01-03,1\n");
    assert!(has(&roles.warnings, "2 cells of \"customer_id\""), "{:?}", roles.warnings);
    assert!(has(&roles.warnings, "17850.0 is read as the id 17850"), "{:?}", roles.warnings);
    let cleaned = clean(&read.table, &roles, &Recipe::default().clean, None, &Ctx::silent()).unwrap();
    assert_eq!(cleaned.transactions.customers, ["13047", "17850"]);
    // Prices with decimals are no ids.
    let (_, roles) = look_at("customer_id,date,amount\n1,2011-01-01,5.0\n2,2011-01-02,7.0\n");
    assert!(roles.warnings.is_empty(), "{:?}", roles.warnings);
}

#[test]
fn missing_tokens_are_found_and_names_are_kept() {
    let (_, roles) = look_at(
        "customer,date,amount,note\nNan,2011-01-01,NA,\nNone,NULL,-,x\nNULL,2011-01-03,5, \nAnna,n/a,6,y\nAnna,?,#N/A,z\n",
    );
    let customer = column(&roles, "customer");
    assert_eq!(customer.missing_tokens, [("NULL".to_string(), 1)]);
    assert_eq!((customer.missing, customer.distinct), (1, 3));
    assert_eq!(customer.missing_share, 0.2);
    let tokens = |name: &str| {
        let mut tokens: Vec<&str> = column(&roles, name).missing_tokens.iter().map(|(t, _)| t.as_str()).collect();
        tokens.sort_unstable();
        tokens.join(",")
    };
    assert_eq!(tokens("date"), "?,NULL,n/a");
    assert_eq!(tokens("amount"), "#N/A,-,NA");
    assert_eq!(tokens("note"), ", ");
    // A blank may take more than one byte.
    let (_, roles) = look_at("customer,date,amount\na,2011-01-01,\u{a0}\nb,2011-01-02,5\n");
    assert_eq!(column(&roles, "amount").missing_tokens, [(" ".to_string(), 1)]);
}

#[test]
fn reports_describe_the_values() {
    let mut text = String::from("customer;date;amount;kind\n");
    for i in 0..160 {
        let kind = if i % 4 == 0 { "b" } else { "a" };
        text.push_str(&format!("c{};2011-01-{:02};1.{:03},50 €;{kind}\n", i % 20, i % 28 + 1, i));
    }
    text.push_str("c1;2011-01-31;many;a\n");
    let (_, roles) = look_at(&text);
    let amount = column(&roles, "amount");
    assert_eq!(amount.written, "decimal comma, points between thousands, with €");
    assert!(has(&amount.problems, "1 row holds no number, for example \"many\""), "{:?}", amount.problems);
    let Distribution::Numbers { min, max, bins } = &amount.histogram else { panic!() };
    assert_eq!((*min, *max, bins.len(), bins.iter().sum::<usize>()), (1000.5, 1159.5, 16, 160));
    assert!(bins.iter().all(|&n| n == 10), "{bins:?}");
    let Distribution::Dates { first, last, bins } = &column(&roles, "date").histogram else { panic!() };
    assert_eq!((first.as_str(), last.as_str(), bins.iter().sum::<usize>()), ("2011-01-01", "2011-01-31", 161));
    let Distribution::Top { values, others } = &column(&roles, "kind").histogram else { panic!() };
    assert_eq!((values.as_slice(), *others), (&[("a".to_string(), 121), ("b".to_string(), 40)][..], 0));
    assert_eq!(amount.role.as_deref(), Some("amount"));
    assert!(amount.role_confidence.is_some_and(|c| c > 0.9));
}

#[test]
fn percentages_are_shares() {
    let (read, roles) = look_at("customer,date,discount,amount\na,2011-01-01,12.5%,5\nb,2011-01-02,3 %,6\n");
    let c = read.table.column("discount").unwrap();
    assert_eq!((c.number(c.text(0)), c.number(c.text(1))), (Some(0.125), Some(0.03)));
    assert!(column(&roles, "discount").written.contains("shares"));
}

/// Columns without names get their roles from what they contain; the customers of CDNOW come without invoices.
#[test]
fn contents_alone_give_roles() {
    let Some(path) = shared("cdnow") else { return };
    let master = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).find(|p| {
        std::fs::metadata(p).unwrap().len() > 1_000_000 && p.extension().is_some_and(|e| e == "txt" || e == "csv")
    });
    let text = std::fs::read_to_string(master.expect("the file of all purchases")).unwrap();
    let mut lines = String::new();
    for line in text.lines().filter(|l| l.trim_start().starts_with(|c: char| c.is_ascii_digit())) {
        lines.push_str(&line.split_whitespace().collect::<Vec<_>>().join(","));
        lines.push('\n');
    }
    let (_, roles) = look_at(&lines);
    let found = |role| roles.column(role);
    assert_eq!(found(Role::CustomerId), Some("column_1"));
    assert_eq!(found(Role::Date), Some("column_2"));
    assert_eq!(found(Role::Quantity), Some("column_3"));
    assert_eq!(found(Role::Amount), Some("column_4"));
    assert!(roles.roles.iter().filter(|r| r.column.is_some()).all(|r| r.confidence < 0.9 && !r.reason.is_empty()));
    assert!(has(&roles.warnings, "guessed from what the columns contain"), "{:?}", roles.warnings);
}

#[test]
fn amounts_are_checked_against_quantity_and_price() {
    let mut text = String::from("customer,date,quantity,price,total\n");
    (1..40)
        .for_each(|i| text.push_str(&format!("c{},2011-01-{:02},{i},0.25,{}\n", i % 7, i % 28 + 1, i as f64 * 0.25)));
    let (_, roles) = look_at(&text);
    let amount = roles.roles.iter().find(|r| r.role == Role::Amount).unwrap();
    assert!(amount.reason.contains("quantity × unit price in 100.0 %"), "{}", amount.reason);
    let (_, roles) = look_at(&text.replace("0.25,", "3.75,"));
    let amount = roles.roles.iter().find(|r| r.role == Role::Amount).unwrap();
    assert!(amount.reason.contains("not quantity × unit price") && amount.confidence <= 0.8, "{}", amount.reason);
}

fn item<'a>(items: &'a [QualityItem], id: Check, column: &str) -> &'a QualityItem {
    items
        .iter()
        .find(|i| i.id == id && i.column.as_deref().unwrap_or("") == column)
        .unwrap_or_else(|| panic!("no {id:?} of {column:?} in {items:#?}"))
}

/// Counts from pandas: `duplicated()`, `quantile` with fences of 3 × IQR, comparisons, `str.strip`.
#[test]
fn the_quality_of_real_rows_is_counted_right() {
    let Some(path) = shared("messy/variants/00_truth_utf8.csv") else { return };
    let (read, roles) = look(path);
    let items = quality::report(&read.table, &roles, &Ctx::silent()).unwrap();
    for (id, column, rows) in [
        (Check::DuplicateRows, "", 191),
        (Check::Missing, "Description", 58),
        (Check::Missing, "CustomerID", 11_008),
        (Check::Outliers, "Quantity", 1179),
        (Check::Outliers, "UnitPrice", 839),
        (Check::Negative, "Quantity", 347),
        (Check::Zero, "UnitPrice", 113),
        (Check::OuterSpaces, "Description", 5465),
        (Check::Spellings, "Description", 80),
    ] {
        assert_eq!(item(&items, id, column).rows, rows, "{id:?} {column}");
    }
    for item in &items {
        assert_eq!(quality::rows(&read.table, &roles, item, &Ctx::silent()).unwrap().len(), item.rows, "{item:?}");
    }
}

#[test]
fn quality_items_select_the_rows_they_count() {
    let mut text = String::from("customer,date,amount,city,same\n");
    for i in 0..40 {
        let day = if i < 20 { format!("2011-01-{:02}", i + 1) } else { format!("2011-08-{:02}", i - 19) };
        text.push_str(&format!("c{},{day},{},Paris,x\n", i % 9, i + 1));
    }
    text.push_str("c1,1900-01-01,50,paris ,x\nc1,1985-02-03,,PARIS,x\nc1,2099-01-01,many,OrlÃ©ans,x\n");
    text.push_str(
        "c1,2011-01-02,-3,Lyon,x\nc2,2011-01-02,0,Lyon,x\nc2,2011-01-02,0,Lyon,x\nc3,2011-01-03,9999,Lyon,x\n",
    );
    let (read, roles) = look_at(&text);
    let items = quality::report(&read.table, &roles, &Ctx::silent()).unwrap();
    for (id, column, rows) in [
        (Check::DuplicateRows, "", &[45][..]),
        (Check::PlaceholderDates, "date", &[40]),
        (Check::OldDates, "date", &[41]),
        (Check::FutureDates, "date", &[42]),
        (Check::Missing, "amount", &[41]),
        (Check::WrongType, "amount", &[42]),
        (Check::Negative, "amount", &[43]),
        (Check::Zero, "amount", &[44, 45]),
        (Check::Outliers, "amount", &[46]),
        (Check::OuterSpaces, "city", &[40]),
        (Check::Spellings, "city", &[40, 41]),
        (Check::Mojibake, "city", &[42]),
    ] {
        let found = item(&items, id, column);
        assert_eq!(quality::rows(&read.table, &roles, found, &Ctx::silent()).unwrap(), rows, "{found:?}");
        assert_eq!(found.rows, rows.len());
    }
    assert_eq!(item(&items, Check::Constant, "same").rows, 47);
    // The longest of the gaps lies between the placeholder and the first real date.
    assert_eq!(item(&items, Check::DateGap, "date").rows, 0);
}

#[test]
fn inspect_says_it_all_as_text_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    std::fs::write(
        &path,
        "Kunde;Datum;Betrag;Notiz\n0017;01.02.2011;1.234,50;a\n0018;03.04.2011;-;b\n0017;25.04.2011;7,25\n",
    )
    .unwrap();
    let run = |path: &Path, flags: &[&str]| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_quintile"))
            .arg("inspect")
            .arg(path)
            .args(flags)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&run(&path, &["--json"])).unwrap();
    for key in ["version", "input", "columns", "roles", "role_reasons", "role_confidence", "quality", "warnings"] {
        assert!(!json[key].is_null(), "{key}");
    }
    assert_eq!(json["roles"]["customer_id"], "Kunde");
    assert!(json["role_confidence"]["customer_id"].as_f64().unwrap() > 0.8);
    let amount = &json["columns"][2];
    assert_eq!((&amount["type"], &amount["style"]["decimal"]), (&"number".into(), &"comma".into()));
    assert_eq!(amount["written"], "decimal comma, points between thousands");
    assert_eq!(amount["missing_tokens"][0], serde_json::json!(["-", 1]));
    assert_eq!(amount["histogram"]["numbers"]["max"], 1234.5);
    assert_eq!(json["input"][0]["ragged_rows"], 1);
    assert_eq!(json["input"][0]["rejects"][0]["line"], 4);
    let text = run(&path, &[]);
    for words in ["separated by ;", "decimal comma", "read as missing: \"-\" in 1 row", "D.M.Y", "% sure", "Quality"] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&run(&path, &["--json", "--decimal", "."])).unwrap();
    assert_eq!(json["columns"][2]["style"]["decimal"], "point");
}
