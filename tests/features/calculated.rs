//! Every kind of formula against independent computation.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::features::calculate::preview_customers;
use quintile::intake::kind::ColumnKind;
use quintile::recipe::{
    Aggregation, BinMethod, CleanStep, Compare, DatePart, Formula, Operand, Operation, Recipe, StepKind,
};
use quintile::rfm::Unit;

use crate::{Shop, added, by, calculation, table, texts};

const TABLE: &str = "\
Id,Name,Price,Amount,When
1,Ann Lee,2.5,4,2011-03-05 10:30:00
2,Bob,10,0,2011-12-31 23:59:59
3,,-4,3,2012-02-29 00:00:00
4,Ann Lee,,8,
5,Zoë,10,1,2010-01-04 06:00:00
";

/// The only column that a formula adds to a table.
fn one(text: &str, formula: Formula) -> Vec<String> {
    let mut columns = added(&table(text), "new", formula);
    assert_eq!(columns.len(), 1);
    columns.remove(0).1
}

fn column(name: &str) -> String {
    name.to_string()
}

fn strings<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(String::from).to_vec()
}

#[test]
fn arithmetic_of_columns_and_numbers() {
    let of = |left: Operand, op, right: Operand| one(TABLE, Formula::Arithmetic { left, op, right });
    let col = |name: &str| Operand::Column(name.into());
    assert_eq!(of(col("Price"), Operation::Multiply, col("amount")), ["10", "0", "-12", "", "10"]);
    assert_eq!(of(col("Price"), Operation::Divide, col("Amount")), ["0.625", "", "-1.3333333333333333", "", "10"]);
    assert_eq!(of(col("Price"), Operation::Add, Operand::Number(0.5)), ["3", "10.5", "-3.5", "", "10.5"]);
    assert_eq!(of(Operand::Number(1.0), Operation::Subtract, col("Amount")), ["-3", "1", "-2", "-7", "0"]);
}

#[test]
fn texts_are_joined_and_missing_ones_passed_over() {
    let join = |columns: &[&str], separator: &str| {
        one(
            TABLE,
            Formula::JoinText { columns: columns.iter().map(|c| column(c)).collect(), separator: separator.into() },
        )
    };
    assert_eq!(join(&["Name", "Price"], " / "), ["Ann Lee / 2.5", "Bob / 10", "-4", "Ann Lee", "Zoë / 10"]);
    assert_eq!(join(&["Id", "Name", "Id"], ""), ["1Ann Lee1", "2Bob2", "33", "4Ann Lee4", "5Zoë5"]);
}

#[test]
fn bins_put_equal_values_together() {
    let bins = |method, bins, edges: &[f64], labels: &[&str]| {
        let (edges, labels) = (edges.to_vec(), labels.iter().map(|l| l.to_string()).collect());
        one(TABLE, Formula::Bins { column: column("Price"), method, bins, edges, labels })
    };
    // −4, 2.5, 10, 10: the width is 7; a value on an edge belongs below it.
    assert_eq!(bins(BinMethod::EqualWidth, Some(2), &[], &[]), ["≤ 3", "> 3", "≤ 3", "", "> 3"]);
    assert_eq!(bins(BinMethod::Edges, None, &[2.5], &["low", "high"]), ["low", "high", "low", "", "high"]);
    assert_eq!(bins(BinMethod::Edges, None, &[0.0, 2.5, 5.0], &[]), ["> 0 to 2.5", "> 5", "≤ 0", "", "> 5"]);
    // Type 7 of −4, 2.5, 10, 10: the median is 6.25.
    assert_eq!(bins(BinMethod::Quantile, Some(2), &[], &["a", "b"]), ["a", "b", "a", "", "b"]);
    // At a half and three quarters there is 10 already: the ties stay together and bins are left empty.
    assert_eq!(bins(BinMethod::Quantile, Some(4), &[], &["1", "2", "3", "4"]), ["2", "3", "1", "", "3"]);
    let wrong = |formula: Formula| {
        let step = CleanStep::from(StepKind::Calculate { name: "new".into(), formula });
        quintile::clean::prepare(&table(TABLE), &[step], &Ctx::silent()).unwrap().effects[0].error.clone().unwrap()
    };
    let form = |edges: &[f64], labels: &[&str], name: &str| Formula::Bins {
        column: column(name),
        method: BinMethod::Edges,
        bins: None,
        edges: edges.to_vec(),
        labels: labels.iter().map(|l| l.to_string()).collect(),
    };
    assert!(wrong(form(&[3.0, 1.0], &[], "Price")).contains("ascend"));
    assert!(wrong(form(&[3.0], &["one"], "Price")).contains("one label per bin"));
    assert!(wrong(form(&[3.0], &[], "Name")).contains("holds words, and numbers are needed"));
    assert!(wrong(form(&[3.0], &[], "Prices")).contains("no column"));
}

#[test]
fn parts_of_dates_and_days_between_them() {
    let part = |part| one(TABLE, Formula::DatePart { column: column("When"), part });
    let cases = [
        (DatePart::Year, ["2011", "2011", "2012", "", "2010"]),
        (DatePart::Quarter, ["1", "4", "1", "", "1"]),
        (DatePart::Month, ["3", "12", "2", "", "1"]),
        (DatePart::YearMonth, ["2011-03", "2011-12", "2012-02", "", "2010-01"]),
        // Python: date(2011, 3, 5).isocalendar().week and so on.
        (DatePart::Week, ["9", "52", "9", "", "1"]),
        (DatePart::Day, ["5", "31", "29", "", "4"]),
        (DatePart::Weekday, ["6", "6", "3", "", "1"]),
        (DatePart::Hour, ["10", "23", "0", "", "6"]),
    ];
    for (which, expected) in cases {
        assert_eq!(part(which), expected, "{which}");
    }
    let days = |until: Option<&str>| {
        one(TABLE, Formula::DaysSince { column: column("When"), until: until.map(|d| d.parse().unwrap()) })
    };
    assert_eq!(days(Some("2012-01-01")), ["302", "1", "-59", "", "727"]);
    assert_eq!(days(None), ["362", "61", "1", "", "787"], "to the day after the last date");
}

#[test]
fn one_hot_and_ordinal() {
    let hot = |values: &[&str], most| {
        let values = values.iter().map(|v| v.to_string()).collect();
        added(&table(TABLE), "is", Formula::OneHot { column: column("Name"), values, most })
    };
    assert_eq!(
        hot(&[], Some(2)),
        [
            ("is_Ann Lee".to_string(), strings(["1", "0", "0", "1", "0"])),
            ("is_Bob".to_string(), strings(["0", "1", "0", "0", "0"])),
        ]
    );
    assert_eq!(hot(&["Zoë"], None), [("is_Zoë".to_string(), strings(["0", "0", "0", "0", "1"]))]);
    let numbers = added(&table(TABLE), "p", Formula::OneHot { column: column("Price"), values: vec![], most: None });
    assert_eq!(numbers[0], ("p_10".to_string(), strings(["0", "1", "0", "0", "1"])));
    let order = strings(["Bob", "Ann Lee"]);
    assert_eq!(one(TABLE, Formula::Ordinal { column: column("Name"), order }), ["2", "1", "", "2", ""]);
}

#[test]
fn a_calculated_column_plays_a_role_has_its_type_and_can_be_filtered() {
    let sales =
        "Who,When,Pieces,Each\na,2020-01-01,2,1.125\nb,2020-02-01,1,3.000\na,2020-03-01,4,0.125\nc,2020-03-02,9,7\n";
    let shop = Shop::from_csv(sales, |recipe| {
        let step = |what: StepKind| CleanStep::from(what);
        recipe.clean.steps = vec![
            step(StepKind::Calculate { name: "Paid".into(), formula: by("Pieces * Each") }),
            step(StepKind::Calculate { name: "Month".into(), formula: by("CAST(When AS DATE)") }),
            step(StepKind::Calculate {
                name: "Kind".into(),
                formula: by("CASE WHEN Pieces > 2 THEN 'big' ELSE 'small' END"),
            }),
            step(StepKind::Filter { column: "Paid".into(), op: Compare::Less, values: vec!["50".into()] }),
        ];
        recipe.roles.customer_id = Some("Who".into());
        recipe.roles.amount = Some("Paid".into());
    });
    let kinds: Vec<&ColumnKind> = shop.prepared.table.columns[4..].iter().map(|c| &c.kind).collect();
    assert!(matches!(kinds[0], ColumnKind::Number { whole: false, .. }));
    assert!(matches!(kinds[1], ColumnKind::Date { time: false, ambiguous: false, .. }));
    assert_eq!(*kinds[2], ColumnKind::Text);
    assert_eq!(shop.counted.customers.ids.as_slice(), ["a", "b"]);
    // Texts read back exactly: 2 × 1.125 = 2.25 and 4 × 0.125 = 0.5.
    assert_eq!(shop.counted.customers.monetary(), [2.75, 3.0]);
    assert_eq!(shop.prepared.effects[0].note, "Column \"Paid\" worked out");
}

#[test]
fn a_column_of_the_same_name_is_replaced() {
    let table = table(TABLE);
    let step = CleanStep::from(StepKind::Calculate { name: "Price".into(), formula: by("ABS(Price)") });
    let out = quintile::clean::prepare(&table, &[step], &Ctx::silent()).unwrap();
    assert_eq!(out.table.columns.len(), table.columns.len());
    assert_eq!(out.effects[0].cells_changed, 1);
    assert_eq!(out.table.column("Price").unwrap().text(2), "4");
}

const SALES: &str = "\
CustomerID,InvoiceNo,InvoiceDate,StockCode,Quantity,UnitPrice,Country
1,101,2020-01-05,A,2,5.10,France
1,101,2020-01-05,B,1,0.20,France
1,102,2020-03-05,A,4,5.00,Spain
1,103,2020-03-06,C,-1,5.00,Spain
2,104,2020-02-01,C,10,1.00,
2,105,2020-02-02,C,10,1.50,Italy
3,106,2020-03-07,B,3,0.10,France
";

fn sales() -> Shop {
    Shop::from_csv(SALES, |_| {})
}

fn aggregate(column: &str, how: Aggregation, value: Option<&str>) -> Formula {
    Formula::Aggregate { column: column.into(), how, value: value.map(String::from) }
}

#[test]
fn rows_of_a_customer_become_one_value() {
    let shop = sales();
    let of = |column: &str, how, value| {
        let out = shop.calculated(vec![calculation("new", aggregate(column, how, value))]).unwrap();
        texts(out.customers.features.last().unwrap())
    };
    let cases = [
        ("Quantity", Aggregation::Sum, ["6", "20", "3"]),
        ("UnitPrice", Aggregation::Mean, ["3.825", "1.25", "0.1"]),
        ("UnitPrice", Aggregation::Median, ["5", "1.25", "0.1"]),
        ("Quantity", Aggregation::Min, ["-1", "10", "3"]),
        ("Quantity", Aggregation::Max, ["4", "10", "3"]),
        ("Country", Aggregation::Count, ["4", "1", "1"]),
        ("StockCode", Aggregation::Distinct, ["3", "1", "1"]),
        ("StockCode", Aggregation::First, ["A", "C", "B"]),
        ("StockCode", Aggregation::Last, ["C", "C", "B"]),
        ("StockCode", Aggregation::Mode, ["A", "C", "B"]),
        ("Country", Aggregation::Mode, ["France", "Italy", "France"]),
        ("Country", Aggregation::First, ["France", "Italy", "France"]),
        ("InvoiceDate", Aggregation::Max, ["2020-03-06", "2020-02-02", "2020-03-07"]),
    ];
    for (column, how, expected) in cases {
        assert_eq!(of(column, how, None), expected, "{how} of {column}");
    }
    assert_eq!(of("Country", Aggregation::ShareOf, Some("France")), ["0.5", "0", "1"]);
    assert_eq!(of("Quantity", Aggregation::ShareOf, Some("10.0")), ["0", "1", "0"]);
    let error = shop.calculated(vec![calculation("x", aggregate("StockCode", Aggregation::Mean, None))]).unwrap_err();
    assert!(error.to_string().contains("holds words"), "{error}");
}

#[test]
fn expressions_over_features_and_rows() {
    let shop = sales();
    let of = |expression: &str| texts(&shop.expression(expression).unwrap());
    // Monetary: 2·5.1 + 0.2 + 20 − 5 = 25.4, 25, 0.3; visits 2, 2, 1.
    assert_eq!(of("monetary / frequency"), ["12.7", "12.5", "0.3"]);
    assert_eq!(of("Monetary / 0"), ["", "", ""]);
    assert_eq!(of("SUM(Quantity * UnitPrice) - monetary"), ["0", "0", "0"]);
    assert_eq!(of("avg(UnitPrice)"), ["3.825", "1.25", "0.1"]);
    assert_eq!(of("MEAN(UnitPrice)"), ["3.825", "1.25", "0.1"]);
    assert_eq!(of("MEDIAN(Quantity)"), ["1.5", "10", "3"]);
    assert_eq!(of("count(distinct StockCode)"), ["3", "1", "1"]);
    assert_eq!(of("COUNT(*)"), ["4", "2", "1"]);
    assert_eq!(of("COUNT(Country)"), ["4", "1", "1"]);
    assert_eq!(of("MIN(Quantity) + MAX(Quantity)"), ["3", "20", "6"]);
    assert_eq!(of("ROUND(STDDEV(Quantity), 6)"), ["2.081666", "0", ""]);
    assert_eq!(of("ROUND(VARIANCE(Quantity), 6)"), ["4.333333", "0", ""]);
    assert_eq!(of("QUANTILE_CONT(Quantity, 0.25)"), ["0.5", "10", "3"]);
    assert_eq!(of("FIRST(StockCode) || LAST(StockCode) || MODE(StockCode)"), ["ACA", "CCC", "BBB"]);
    assert_eq!(of("SUM(CASE WHEN Country = 'France' THEN Quantity END)"), ["3", "", "3"]);
    assert_eq!(of("COALESCE(SUM(CASE WHEN Country = 'France' THEN Quantity END), 0)"), ["3", "0", "3"]);
    assert_eq!(of("CASE WHEN frequency > 1 THEN 'again' ELSE 'once' END"), ["again", "again", "once"]);
    assert_eq!(of("EXTRACT(MONTH FROM MAX(InvoiceDate))"), ["3", "2", "3"]);
    assert_eq!(of("MAX(InvoiceDate) - MIN(InvoiceDate)"), ["61", "1", "0"]);
    // Aggregates of features are over all customers.
    assert_eq!(of("ROUND(monetary / SUM(monetary), 4)"), ["0.501", "0.4931", "0.0059"]);
    // Ready-made features may be used without being chosen.
    assert_eq!(of("distinct_products * 10"), ["20", "10", "10"]);
    assert_eq!(of("favourite_product || '!'"), ["A!", "C!", "B!"]);
}

#[test]
fn later_calculations_use_earlier_ones() {
    let shop = sales();
    let out = shop
        .calculated(vec![
            calculation("per visit", by("monetary / frequency")),
            calculation("double", by("2 * \"per visit\"")),
            calculation("last day", aggregate("InvoiceDate", Aggregation::Last, None)),
            calculation("days", Formula::DaysSince { column: "last day".into(), until: None }),
            calculation("month", Formula::DatePart { column: "last day".into(), part: DatePart::Month }),
            calculation(
                "half",
                Formula::Bins {
                    column: "monetary".into(),
                    method: BinMethod::Quantile,
                    bins: Some(2),
                    edges: vec![],
                    labels: vec![],
                },
            ),
            calculation("top", Formula::OneHot { column: "favourite_product".into(), values: vec![], most: Some(2) }),
            calculation("rank", Formula::Ordinal { column: "favourite_product".into(), order: strings(["C", "B"]) }),
            calculation(
                "text",
                Formula::JoinText { columns: strings(["favourite_product", "frequency"]), separator: "-".into() },
            ),
            calculation(
                "each",
                Formula::Arithmetic {
                    left: Operand::Column("monetary".into()),
                    op: Operation::Divide,
                    right: Operand::Column("frequency".into()),
                },
            ),
        ])
        .unwrap();
    let of = |name: &str| {
        let feature = out.customers.features.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("{name}"));
        (texts(feature), feature.unit)
    };
    assert_eq!(of("double").0, ["25.4", "25", "0.6"]);
    assert_eq!(of("last day"), (strings(["2020-03-06", "2020-02-02", "2020-03-07"]), Unit::Words));
    // The snapshot is the day after the last transaction, 2020-03-08.
    assert_eq!(of("days"), (strings(["2", "35", "1"]), Unit::Days));
    assert_eq!(of("month").0, ["3", "2", "3"]);
    // The median belongs to the lower half.
    assert_eq!(of("half").0, ["2", "1", "1"]);
    assert_eq!((of("top_A").0, of("top_B").0), (strings(["1", "0", "0"]), strings(["0", "0", "1"])));
    assert_eq!(of("rank").0, ["", "1", "2"]);
    assert_eq!(of("text"), (strings(["A-2", "C-2", "B-1"]), Unit::Words));
    assert_eq!(of("each"), (strings(["12.7", "12.5", "0.3"]), Unit::Money));
    // What is added is not clustered by unless it is chosen.
    assert_eq!(out.usual, ["recency_days", "frequency", "monetary"]);
}

#[test]
fn errors_of_features_name_them_and_their_place() {
    let shop = sales();
    let error = shop.expression("monetary / frequenzy").unwrap_err();
    let Error::Expression { name, why, .. } = &error else { panic!("{error:?}") };
    assert_eq!((name.as_str(), why.at.clone()), ("new", Some(11..20)));
    assert!(
        error.to_string().contains("\"new\" cannot be worked out")
            && error.to_string().contains("did you mean frequency?"),
        "{error}"
    );
    let error = shop.expression("UnitPrice * 2").unwrap_err().to_string();
    assert!(error.contains("many values per customer") && error.contains("AVG(UnitPrice)"), "{error}");
    let error = shop.expression("SUM(monetary * Quantity)").unwrap_err().to_string();
    assert!(error.contains("mixes columns and features"), "{error}");
    for name in ["monetary", "Frequency", "cluster", ""] {
        let error = shop.calculated(vec![calculation(name, by("recency_days"))]).unwrap_err().to_string();
        assert!(error.contains("another name"), "{name}: {error}");
    }
    let column = Formula::DatePart { column: "InvoiceDate".into(), part: DatePart::Year };
    let error = shop.calculated(vec![calculation("x", column)]).unwrap_err().to_string();
    assert!(error.contains("many values per customer"), "{error}");
}

#[test]
fn a_preview_of_features_is_what_they_are() {
    let shop = sales();
    let what = calculation("new", by("SUM(Quantity) / frequency"));
    let preview = preview_customers(
        &shop.known(),
        &shop.counted,
        &shop.counted.customers,
        &shop.recipe,
        &what,
        2,
        &Ctx::silent(),
    )
    .unwrap();
    assert_eq!(preview.names, ["new"]);
    assert_eq!(preview.values, [strings(["3", "10"])]);
}

#[test]
fn the_window_and_the_returns_policy_hold_for_aggregates() {
    let shop = Shop::from_csv(SALES, |recipe| {
        recipe.rfm.window_days = Some(20);
        recipe.clean.returns = quintile::recipe::Returns::Drop;
    });
    let of = |expression: &str| texts(&shop.expression(expression).unwrap());
    // From 2020-02-17 on, without the return of customer 1.
    assert_eq!(shop.counted.customers.ids.as_slice(), ["1", "3"]);
    assert_eq!(of("COUNT(*)"), ["1", "1"]);
    assert_eq!(of("SUM(Quantity)"), ["4", "3"]);
}

#[test]
fn a_table_of_customers_is_calculated_with_as_well() {
    let mut text = String::from("CustomerID,Age,Income,City\n");
    for i in 0..40 {
        text.push_str(&format!("{},{},{},{}\n", 1000 + i, 20 + i, 1000 * (i + 1), ["Rome", "Oslo"][i % 2]));
    }
    let file = crate::file(&text);
    let mut recipe = Recipe::for_file(file.path());
    recipe.features.calculate = vec![
        calculation("per year", by("Income / Age")),
        calculation("share", by("Income / SUM(Income)")),
        calculation("north", by("CASE WHEN City = 'Oslo' THEN 1 ELSE 0 END")),
    ];
    recipe.features.columns = Some(strings(["per year", "Age"]));
    recipe.cluster.k_max = 3;
    let findings = crate::common::analyse(&recipe).unwrap();
    let features = &findings.rfm.customers.features;
    let of = |name: &str| &features.iter().find(|f| f.name == name).unwrap().values;
    assert_eq!(of("per year")[3], 4000.0 / 23.0);
    assert!((of("share")[0] - 1.0 / 820.0).abs() < 1e-15);
    assert_eq!(of("north")[..4], [0.0, 1.0, 0.0, 1.0]);
    let clustered: Vec<&str> = findings.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(clustered, ["Age", "per year"]);
}

/// Rows of a small shop: customer, day, number (sometimes missing) and word.
fn rows() -> impl Strategy<Value = Vec<(u8, u16, Option<i32>, u8)>> {
    proptest::collection::vec((0u8..4, 0u16..60, proptest::option::weighted(0.8, -500i32..2000), 0u8..4), 12..60)
}

fn shop_of(rows: &[(u8, u16, Option<i32>, u8)]) -> Shop {
    let mut text = String::from("CustomerID,InvoiceDate,Amount,Number,Word\n");
    for (customer, day, number, word) in rows {
        let date = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap() + chrono::Days::new((*day).into());
        let number = number.map_or(String::new(), |n| format!("{}", f64::from(n) / 100.0));
        text.push_str(&format!("{},{date},5,{number},w{word}\n", 70 + customer));
    }
    Shop::from_csv(&text, |recipe| {
        recipe.roles.amount = Some("Amount".into());
        recipe.roles.invoice = Some(String::new());
        recipe.roles.quantity = Some(String::new());
    })
}

const EACH: &[&str] = &[
    "SUM(Number)",
    "AVG(Number)",
    "MEDIAN(Number)",
    "MIN(Number)",
    "MAX(Number)",
    "COUNT(Number)",
    "COUNT(*)",
    "COUNT(DISTINCT Word)",
    "FIRST(Number)",
    "LAST(Word)",
    "MODE(Word)",
    "STDDEV(Number)",
    "SUM(Number * 2)",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn aggregates_are_as_by_brute_force(rows in rows()) {
        let shop = shop_of(&rows);
        let mut of: BTreeMap<String, Vec<(u16, Option<i32>, u8)>> = BTreeMap::new();
        rows.iter().for_each(|(c, day, number, word)| {
            of.entry((70 + c).to_string()).or_default().push((*day, *number, *word));
        });
        for expression in EACH {
            let feature = shop.expression(expression).unwrap();
            for (found, (id, rows)) in texts(&feature).iter().zip(&of) {
                let mut numbers: Vec<i32> = rows.iter().filter_map(|r| r.1).collect();
                numbers.sort_unstable();
                let n = numbers.len() as f64;
                let total = numbers.iter().map(|v| i64::from(*v)).sum::<i64>() as f64 / 100.0;
                let mean = total / n;
                let value = |v: Option<i32>| v.map_or(f64::NAN, |v| f64::from(v) / 100.0);
                let number = match *expression {
                    "SUM(Number)" if numbers.is_empty() => f64::NAN,
                    "SUM(Number)" => total,
                    "SUM(Number * 2)" if numbers.is_empty() => f64::NAN,
                    "SUM(Number * 2)" => 2.0 * total,
                    "AVG(Number)" => mean,
                    "MEDIAN(Number)" if numbers.is_empty() => f64::NAN,
                    "MEDIAN(Number)" => {
                        f64::from(numbers[(numbers.len() - 1) / 2] + numbers[numbers.len() / 2]) / 200.0
                    }
                    "MIN(Number)" => value(numbers.first().copied()),
                    "MAX(Number)" => value(numbers.last().copied()),
                    "COUNT(Number)" => n,
                    "COUNT(*)" => rows.len() as f64,
                    "COUNT(DISTINCT Word)" => {
                        rows.iter().map(|r| r.2).collect::<std::collections::BTreeSet<_>>().len() as f64
                    }
                    "FIRST(Number)" => value(rows.iter().filter_map(|r| Some((r.0, r.1?))).min().map(|r| r.1)),
                    "STDDEV(Number)" if numbers.len() < 2 => f64::NAN,
                    "STDDEV(Number)" => {
                        let squares = numbers.iter().map(|v| (f64::from(*v) / 100.0 - mean).powi(2)).sum::<f64>();
                        (squares / (n - 1.0)).sqrt()
                    }
                    _ => {
                        let word = match *expression {
                            "LAST(Word)" => {
                                let last = rows.iter().map(|r| r.0).max().unwrap();
                                rows.iter().filter(|r| r.0 == last).map(|r| r.2).min().unwrap()
                            }
                            _ => {
                                let count = |w: u8| rows.iter().filter(|r| r.2 == w).count();
                                (0..4).rev().max_by_key(|w| count(*w)).unwrap()
                            }
                        };
                        prop_assert_eq!(found, &format!("w{word}"), "{} of {}", expression, id);
                        continue;
                    }
                };
                let same = match found.parse::<f64>() {
                    Ok(found) => (found - number).abs() <= 1e-9 * number.abs().max(1e-3),
                    Err(_) => number.is_nan(),
                };
                prop_assert!(same, "{} of {}: {}, expected {}", expression, id, found, number);
            }
        }
    }

    #[test]
    fn permuting_rows_changes_no_digit(rows in rows(), turn in 0usize..30) {
        let mut other = rows.clone();
        other.rotate_left(turn % rows.len());
        other.reverse();
        let (a, b) = (shop_of(&rows), shop_of(&other));
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        for expression in EACH {
            let (a, b) = (a.expression(expression).unwrap(), one.install(|| b.expression(expression)).unwrap());
            let bits = |f: &quintile::rfm::Feature| f.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&a), bits(&b), "{}", expression);
            prop_assert_eq!(&a.names, &b.names);
        }
    }

    #[test]
    fn no_text_makes_the_engine_panic(text in "[ a-zA-Z0-9_\"'().,*+/<>=%|-]{0,24}") {
        let shop = sales();
        // Whatever it says, it comes back as a value or an error with a place inside the text.
        if let Err(Error::Expression { why, .. }) = shop.expression(&text)
            && let Some(at) = why.at
        {
            prop_assert!(at.start <= at.end && at.end <= text.len(), "{:?} of {:?}", at, text);
            prop_assert!(text.get(at).is_some());
        }
    }
}
