//! Data that is not as it should be: nothing panics, nothing is invented, and what cannot be shown says why.

use quintile::chart::Marks;
use quintile::ctx::Ctx;
use quintile::explore::{
    Correlation, FarRule, Measure, Period, Question, Source, Subject, SummaryKind, answer, columns, pick,
};

use super::{chart, charts, column, of_text, summaries, texts, why_empty};

const SOURCES: [Source; 3] = [Source::File, Source::Transactions, Source::Customers];

/// Every question that fits the columns of a subject.
pub fn every_question(subject: &Subject) -> Vec<Question> {
    let mut out = vec![Question::Pareto];
    for measure in [Measure::Rows, Measure::Customers, Measure::Orders, Measure::Revenue] {
        out.push(Question::WeekHours { measure });
        for period in [Period::Day, Period::Week, Period::Month] {
            out.push(Question::Timeline { period, measure });
        }
        out.extend([true, false].map(|share| Question::Cohorts { measure, share }));
    }
    for source in SOURCES {
        out.extend([Question::Summaries { source }, Question::Missing { source }]);
        out.extend(
            [Correlation::Pearson, Correlation::Spearman].map(|method| Question::Correlations { source, method }),
        );
        let all = columns(subject, source);
        let words = all.iter().find(|c| c.kind == SummaryKind::Words).map(|c| c.name.clone());
        let numbers: Vec<_> = all.iter().filter(|c| c.kind != SummaryKind::Words).collect();
        for (i, c) in numbers.iter().enumerate() {
            let column = c.name.clone();
            for log in [true, false] {
                out.push(Question::Histogram { source, column: column.clone(), bins: 7, log_x: log, log_y: !log });
                out.push(Question::Boxes { source, column: column.clone(), by: words.clone().filter(|_| log), log });
                let (y, color) = (numbers[(i + 1) % numbers.len()].name.clone(), words.clone().filter(|_| log));
                out.push(Question::Scatter { source, x: column.clone(), y, color, log_x: log, log_y: log });
            }
            let color = Some(numbers[0].name.clone());
            out.push(Question::Scatter {
                source,
                x: column.clone(),
                y: column.clone(),
                color,
                log_x: false,
                log_y: false,
            });
            for rule in [FarRule::Iqr, FarRule::RobustZ, FarRule::ByGroup] {
                out.push(Question::Outliers { source, column: column.clone(), rule, by: words.clone() });
            }
        }
        for c in &all {
            for measure in [Measure::Rows, Measure::Customers] {
                out.push(Question::Categories { source, column: c.name.clone(), measure, most: 3 });
            }
        }
    }
    out
}

/// Asks everything, with and without a selection, and points at everything; gives the charts.
fn ask_everything(subject: &Subject) -> usize {
    use quintile::chart::Pointed;
    let customers = subject.rfm.customers.len() as u32;
    let some: Vec<u32> = (0..customers).step_by(2).collect();
    let mut asked = 0;
    for question in every_question(subject) {
        if matches!(question, Question::Summaries { .. }) {
            continue;
        }
        for selection in [None, Some(&some[..]), Some(&[][..])] {
            for chart in charts(subject, &question, selection) {
                asked += 1;
                assert!(!chart.title.is_empty());
                let rows = chart.data.rows();
                let same =
                    chart.data.columns.iter().all(|(_, v)| {
                        quintile::chart::Data { columns: vec![(String::new(), v.clone())] }.rows() == rows
                    });
                assert!(same, "columns of one length: {question:?}");
                let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
                for pointed in [
                    Pointed::Mark(0),
                    Pointed::Mark(5),
                    Pointed::Mark(100_000),
                    Pointed::Range { from: everywhere.0, to: everywhere.1 },
                    Pointed::Area { x: everywhere, y: everywhere },
                ] {
                    let found = pick(subject, &question, &chart, pointed, &Ctx::silent()).unwrap();
                    assert!(found.is_sorted_by(|a, b| a < b) && found.iter().all(|&c| c < customers), "{question:?}");
                }
            }
        }
    }
    asked
}

#[test]
fn any_file_can_be_asked_anything() {
    let files = [
        // One row only.
        "customer_id,date,amount\n7,2024-01-05,12.5\n",
        // A column without any value, a constant, words that are infinities, negative and huge numbers.
        "customer_id,date,amount,empty,same,odd\n1,2024-01-05,10,,5,inf\n1,2024-02-07,20,,5,-inf\n2,2024-02-07,-3,,5,nan\n\
         2,2024-03-01,1e15,,5,1e999\n3,2024-03-01,0.001,NA,5,7\n",
        // Times of day, invoices, quantities and prices.
        "invoice,customer,when,product,quantity,price\nA1,x,2024-01-05 08:30,p,2,3.5\nA1,x,2024-01-05 08:30,q,1,1\n\
         A2,y,2024-03-09 23:59,p,5,3.5\n,z,2024-03-10 00:00,r,1,9\n",
        // One row per customer.
        "customer_id,age,income,city\n1,20,1000,A\n2,30,,B\n3,40,3000,\n4,50,4000,A\n",
        // The same, without ids.
        "age,income,score\n20,1000,5\n30,2500,7\n40,3000,1\n50,4500,9\n",
    ];
    for text in files {
        assert!(ask_everything(&of_text(text)) > 30, "{text}");
    }
}

#[test]
fn what_cannot_be_shown_says_why() {
    let subject = of_text("customer_id,date,amount,note\n1,2024-01-05,10,\n2,2024-02-07,20,\n");
    let why = |question: Question| why_empty(&chart(&subject, &question)).unwrap_or_default().to_string();
    let source = Source::Transactions;
    assert!(why(Question::WeekHours { measure: Measure::Rows }).contains("no time of day"));
    assert!(why(Question::Missing { source: Source::Customers }).contains("Nothing is missing"));
    let by_group = Question::Outliers { source, column: "amount".into(), rule: FarRule::ByGroup, by: None };
    assert!(why(by_group).contains("Choose the column"));
    let error = |question: Question| answer(&subject, &question, None, &Ctx::silent()).unwrap_err().to_string();
    let histogram =
        |column: &str| Question::Histogram { source, column: column.into(), bins: 5, log_x: false, log_y: false };
    assert!(error(histogram("nothing")).contains("\"nothing\""));
    assert!(error(histogram("customer_id")).contains("words"));
    let negative = of_text("customer_id,date,amount,level\n1,2024-01-05,10,-1\n2,2024-02-07,20,-5\n");
    let log = Question::Histogram { source, column: "level".into(), bins: 5, log_x: true, log_y: false };
    assert!(why_empty(&chart(&negative, &log)).unwrap().contains("above zero"));
    let customers = of_text("customer_id,age,income\n1,20,1000\n2,30,2000\n3,40,3500\n");
    let timeline = Question::Timeline { period: Period::Month, measure: Measure::Revenue };
    assert!(why_empty(&chart(&customers, &timeline)).unwrap().contains("one row per customer"));
    assert!(why_empty(&chart(&customers, &Question::Pareto)).is_some());
}

#[test]
fn infinities_and_words_among_numbers_are_missing() {
    let mut text = String::from("customer_id,date,amount,level\n");
    let odd = ["NaN", "", "1e999", "NULL"].map(String::from);
    for (i, level) in (1..=80).map(|n| n.to_string()).chain(odd).enumerate() {
        text.push_str(&format!("{i},2024-01-05,10,{level}\n"));
    }
    let all = summaries(&of_text(&text), Source::Transactions);
    let level = all.iter().find(|s| s.name == "level").unwrap();
    assert_eq!((level.kind, level.count, level.missing, level.max), (SummaryKind::Number, 80, 4, 80.0));
    assert_eq!((level.mean, level.median, level.sum), (40.5, 40.5, 3240.0));
}

#[test]
fn empty_periods_are_zeros_and_cut_ones_are_said() {
    let subject = of_text("customer_id,date,amount\n1,2024-01-15,10\n2,2024-04-20,20\n");
    let timeline = Question::Timeline { period: Period::Month, measure: Measure::Rows };
    let months = chart(&subject, &timeline);
    assert_eq!(*column(&months.data, "rows"), [1.0, 0.0, 0.0, 1.0]);
    assert!(months.note.contains("2 months without a row shown as zero"), "{}", months.note);
    assert!(months.note.contains("Jan 2024 has data from 2024-01-15 on, Apr 2024 up to 2024-04-20"), "{}", months.note);
}

#[test]
fn others_stand_last_with_their_number() {
    let text = "customer_id,date,amount,city\n1,2024-01-15,10,A\n2,2024-04-20,20,B\n3,2024-04-20,20,B\n4,2024-04-21,1,C\n\
                5,2024-04-21,1,D\n6,2024-04-21,1,\n";
    let question =
        Question::Categories { source: Source::Transactions, column: "city".into(), measure: Measure::Rows, most: 2 };
    let bars = chart(&of_text(text), &question);
    assert_eq!(texts(&bars.data, "city"), ["B", "A", "2 others"]);
    assert_eq!(*column(&bars.data, "rows"), [2.0, 1.0, 2.0]);
    assert!(bars.note.contains("1 without a value"), "{}", bars.note);
    assert!(matches!(&bars.marks, Marks::Rows(bars) if bars.len() == 3));
}
