//! The expression language: what works, what is missing, and errors with their places.

use quintile::ctx::Ctx;
use quintile::features::calculate::{ExpressionError, Level, Scope, check, functions, level_of, preview_rows, quoted};
use quintile::recipe::Formula;

use crate::{Shop, added, by, table};

const TABLE: &str = "\
Id,Name,Unit Price,Quantity,When,Note
1,Ann Lee,2.5,4,2011-03-05 10:30:00,alpha
2,Bob,10,0,2011-12-31 23:59:59,
3,cora,-4,3,2012-02-29 00:00:00,beta gamma
4,Ann Lee,0.25,8,,alpha
";

fn texts(expression: &str) -> Vec<String> {
    let table = table(TABLE);
    let mut columns = added(&table, "new", by(expression));
    assert_eq!(columns.len(), 1, "{expression}");
    columns.remove(0).1
}

#[test]
fn every_function_works() {
    let cases: &[(&str, [&str; 4])] = &[
        ("Quantity * \"Unit Price\"", ["10", "0", "-12", "2"]),
        ("quantity + 1 - 2 * 3", ["-1", "-5", "-2", "3"]),
        ("1 / Quantity", ["0.25", "", "0.3333333333333333", "0.125"]),
        ("COALESCE(1 / Quantity, -1)", ["0.25", "-1", "0.3333333333333333", "0.125"]),
        ("Quantity % 3", ["1", "0", "0", "2"]),
        ("5 % Quantity", ["1", "", "2", "5"]),
        ("MOD(Quantity, 3)", ["1", "0", "0", "2"]),
        ("-\"Unit Price\"", ["-2.5", "-10", "4", "-0.25"]),
        ("Quantity > 3", ["1", "0", "0", "1"]),
        ("Quantity >= 3 AND NOT \"Unit Price\" < 1 OR Quantity = 0", ["1", "1", "0", "0"]),
        ("Quantity <> 4", ["0", "1", "1", "1"]),
        ("Quantity BETWEEN 3 AND 4", ["1", "0", "1", "0"]),
        ("Quantity IN (0, 8)", ["0", "1", "0", "1"]),
        ("Name IN ('Bob', 'cora')", ["0", "1", "1", "0"]),
        ("Note IS NULL", ["0", "1", "0", "0"]),
        ("Note IS NOT NULL", ["1", "0", "1", "1"]),
        ("Name LIKE 'A%'", ["1", "0", "0", "1"]),
        ("Name NOT LIKE '%o%'", ["1", "0", "0", "1"]),
        ("Name ILIKE 'C%'", ["0", "0", "1", "0"]),
        (
            "CASE WHEN Quantity > 3 THEN 'many' WHEN Quantity > 0 THEN 'few' ELSE 'none' END",
            ["many", "none", "few", "many"],
        ),
        ("CASE WHEN Quantity > 3 THEN 1 END", ["1", "", "", "1"]),
        ("ABS(\"Unit Price\")", ["2.5", "10", "4", "0.25"]),
        ("ROUND(\"Unit Price\" / 3, 2)", ["0.83", "3.33", "-1.33", "0.08"]),
        ("ROUND(\"Unit Price\" * 1.1)", ["3", "11", "-4", "0"]),
        ("FLOOR(\"Unit Price\")", ["2", "10", "-4", "0"]),
        ("CEIL(\"Unit Price\")", ["3", "10", "-4", "1"]),
        ("CEILING(\"Unit Price\")", ["3", "10", "-4", "1"]),
        ("SQRT(Quantity)", ["2", "0", "1.7320508075688772", "2.8284271247461903"]),
        ("SQRT(\"Unit Price\")", ["1.5811388300841898", "3.1622776601683795", "", "0.5"]),
        ("ROUND(CBRT(Quantity), 9)", ["1.587401052", "0", "1.44224957", "2"]),
        ("EXP(0 * Quantity)", ["1", "1", "1", "1"]),
        ("ROUND(LN(Quantity), 6)", ["1.386294", "", "1.098612", "2.079442"]),
        ("ROUND(LOG10(\"Unit Price\" * 40), 6)", ["2", "2.60206", "", "1"]),
        ("ROUND(LOG2(Quantity), 9)", ["2", "", "1.584962501", "3"]),
        ("ROUND(LOG1P(Quantity), 6)", ["1.609438", "0", "1.386294", "2.197225"]),
        ("ROUND(LOG(Quantity, 2), 6)", ["2", "", "1.584963", "3"]),
        ("POW(Quantity, 2)", ["16", "0", "9", "64"]),
        ("POWER(\"Unit Price\", 3)", ["15.625", "1000", "-64", "0.015625"]),
        ("SIGN(\"Unit Price\")", ["1", "1", "-1", "1"]),
        ("GREATEST(Quantity, \"Unit Price\")", ["4", "10", "3", "8"]),
        ("LEAST(Quantity, \"Unit Price\")", ["2.5", "0", "-4", "0.25"]),
        ("COALESCE(Note, 'nothing')", ["alpha", "nothing", "beta gamma", "alpha"]),
        ("IFNULL(Note, Name)", ["alpha", "Bob", "beta gamma", "alpha"]),
        ("NULLIF(Quantity, 3)", ["4", "0", "", "8"]),
        ("UPPER(Name)", ["ANN LEE", "BOB", "CORA", "ANN LEE"]),
        ("LOWER(Name)", ["ann lee", "bob", "cora", "ann lee"]),
        ("LENGTH(Name)", ["7", "3", "4", "7"]),
        ("SUBSTR(Name, 1, 3)", ["Ann", "Bob", "cor", "Ann"]),
        ("SUBSTRING(Name, 2)", ["nn Lee", "ob", "ora", "nn Lee"]),
        ("SUBSTRING(Name FROM 2 FOR 2)", ["nn", "ob", "or", "nn"]),
        ("LEFT(Name, 1)", ["A", "B", "c", "A"]),
        ("RIGHT(Name, 2)", ["ee", "ob", "ra", "ee"]),
        ("TRIM('  x ')", ["x", "x", "x", "x"]),
        ("LTRIM(' ' || Name)", ["Ann Lee", "Bob", "cora", "Ann Lee"]),
        ("RTRIM(Name || ' ')", ["Ann Lee", "Bob", "cora", "Ann Lee"]),
        ("REPLACE(Name, 'Lee', 'Li')", ["Ann Li", "Bob", "cora", "Ann Li"]),
        ("CONCAT(Name, '-', Quantity)", ["Ann Lee-4", "Bob-0", "cora-3", "Ann Lee-8"]),
        ("Name || '/' || Id", ["Ann Lee/1", "Bob/2", "cora/3", "Ann Lee/4"]),
        ("CONCAT_WS('+', Note, Id)", ["alpha+1", "2", "beta gamma+3", "alpha+4"]),
        ("STARTS_WITH(Name, 'Ann')", ["1", "0", "0", "1"]),
        ("ENDS_WITH(Name, 'ob')", ["0", "1", "0", "0"]),
        ("STRPOS(Name, 'o')", ["0", "2", "2", "0"]),
        ("REGEXP_LIKE(Name, '^[A-Z]')", ["1", "1", "0", "1"]),
        ("CAST(Quantity AS VARCHAR)", ["4", "0", "3", "8"]),
        ("CAST(\"Unit Price\" AS INTEGER)", ["2", "10", "-4", "0"]),
        ("CAST('1.5' AS DOUBLE) * Quantity", ["6", "0", "4.5", "12"]),
        ("TRY_CAST(Name AS DOUBLE)", ["", "", "", ""]),
        ("EXTRACT(YEAR FROM When)", ["2011", "2011", "2012", ""]),
        ("EXTRACT(HOUR FROM When)", ["10", "23", "0", ""]),
        ("DATE_PART('month', When)", ["3", "12", "2", ""]),
        ("DATE_PART('isodow', When)", ["6", "6", "3", ""]),
        ("STRFTIME(When, '%Y-%m')", ["2011-03", "2011-12", "2012-02", ""]),
        ("When >= '2012-01-01'", ["0", "0", "1", ""]),
        ("When BETWEEN '2011-03-01' AND '2011-12-31'", ["1", "0", "0", ""]),
        ("When < DATE '2011-04-01'", ["1", "0", "0", ""]),
        ("CAST(When AS DATE)", ["2011-03-05", "2011-12-31", "2012-02-29", ""]),
        ("ROUND(When - CAST('2011-03-05' AS DATE), 4)", ["0.4375", "302", "361", ""]),
        ("DATE('2011-03-05')", ["2011-03-05", "2011-03-05", "2011-03-05", "2011-03-05"]),
        ("Quantity / SUM(Quantity)", ["0.26666666666666666", "0", "0.2", "0.5333333333333333"]),
        ("Quantity - MAX(quantity)", ["-4", "-8", "-5", "0"]),
        ("COUNT(*) + COUNT(Note) * 10 + COUNT(DISTINCT Note) * 100", ["234", "234", "234", "234"]),
        ("42", ["42", "42", "42", "42"]),
    ];
    for (expression, expected) in cases {
        assert_eq!(texts(expression), *expected, "{expression}");
    }
}

#[test]
fn every_function_that_is_offered_is_tested() {
    let source = include_str!("expressions.rs");
    let aggregates = include_str!("calculated.rs");
    for function in functions() {
        let call = format!("{}(", function.name);
        assert!(source.contains(&call) || aggregates.contains(&call), "{} is offered and not tested", function.name);
        assert!(function.usage.contains(function.name) && function.help.ends_with('.'), "{}", function.name);
    }
}

/// What is wrong, and the text at the place.
fn wrong(expression: &str) -> (String, Option<String>) {
    let error: ExpressionError =
        check(expression, Level::Rows, &Scope::of(Some(&table(TABLE)), &[])).expect_err(expression);
    (error.message, error.at.map(|at| expression[at].to_string()))
}

#[test]
fn errors_point_at_their_place() {
    let cases: &[(&str, &str, &str)] = &[
        ("Quantiti * 2", "did you mean Quantity?", "Quantiti"),
        ("Quantity * UnitPrice", "did you mean \"Unit Price\"?", "UnitPrice"),
        ("Quantity * Unit Price", "double quotes", "Unit Price"),
        ("Quantity + Colour", "there is no column \"Colour\"", "Colour"),
        ("Quantity +", "ends where a value is expected", "+"),
        ("(Quantity + 2", "never closed", "("),
        ("Quantity + 2)", "closes nothing", ")"),
        ("Quantity * * 2", "value is missing before", "*"),
        ("Quantity 2", "operator", "2"),
        ("ROUD(Quantity)", "did you mean ROUND?", "ROUD"),
        ("'abc", "no closing '", "'abc"),
        ("\"Unit Price", "no closing \"", "\"Unit Price"),
        ("SELECT Quantity", "query", "SELECT"),
        ("Quantity FROM t", "query", "FROM"),
        ("(SELECT 1)", "query", "SELECT"),
        ("read_csv('x.csv')", "there is no function \"read_csv\"", "read_csv"),
        ("Quantity; DROP", "one expression", ";"),
        ("Quantity -- comment", "no comments", "--"),
        ("Quantity AS q", "AS", "AS"),
        ("SUM(Quantity) OVER (PARTITION BY Name)", "windows", "OVER"),
        ("SUM(AVG(Quantity))", "aggregate within an aggregate", "AVG"),
        ("AVG(Quantity, 2)", "AVG takes one value", "AVG(Quantity, 2)"),
        ("MAX(Quantity, Id)", "GREATEST", "MAX(Quantity, Id)"),
        ("AVG()", "AVG of what?", "AVG()"),
        ("SUM(Name)", "needs numbers, not words", "SUM(Name)"),
        ("FIRST(Quantity)", "order in time", "FIRST(Quantity)"),
        ("When > 'yesterday'", "is no date", "'yesterday'"),
        ("1 +\n Quantiti", "did you mean", "Quantiti"),
        ("1 +\n (2 * )", "value is missing", ")"),
        ("Quantity ? 2", "?", "?"),
    ];
    for (expression, message, place) in cases {
        let (found, at) = wrong(expression);
        assert!(found.contains(message), "{expression}: {found}");
        assert_eq!(at.as_deref(), Some(*place), "{expression}: {found}");
    }
    for expression in ["", "   ", "Name * 2", "Quantity.x", "*", "CASE WHEN 1", "()"] {
        let (message, _) = wrong(expression);
        assert!(!message.is_empty() && !message.contains('\n'), "{expression}: {message}");
    }
}

#[test]
fn the_place_is_shown_with_carets() {
    let expression = "1 +\n Ünit * Quantiti";
    let error = ExpressionError { message: "there is none".into(), at: Some(13..21) };
    assert_eq!(error.pointed(expression), " Ünit * Quantiti\n        ^^^^^^^^");
    assert_eq!(error.sentence(expression), "there is none (at character 13)");
}

#[test]
fn names_are_written_as_they_can_be_read() {
    assert_eq!(quoted("Quantity"), "Quantity");
    assert_eq!(quoted("Unit Price"), "\"Unit Price\"");
    assert_eq!(quoted("order"), "\"order\"");
    assert_eq!(quoted("2nd"), "\"2nd\"");
    assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
}

#[test]
fn the_level_is_found_from_the_names() {
    let shop = Shop::from_csv(
        "CustomerID,InvoiceNo,InvoiceDate,Quantity,UnitPrice\n1,a,2011-01-01,2,3\n1,b,2011-02-01,1,3\n2,c,2011-02-05,4,5\n",
        |_| {},
    );
    let scope = Scope::of(Some(&shop.prepared.table), &shop.counted.customers.features);
    let level = |expression: &str| level_of(expression, &scope);
    assert_eq!(level("Quantity * UnitPrice"), Ok(Level::Rows));
    assert_eq!(level("Quantity / SUM(Quantity)"), Ok(Level::Rows));
    assert_eq!(level("monetary / frequency"), Ok(Level::Customers));
    assert_eq!(level("avg(UnitPrice)"), Ok(Level::Customers));
    assert_eq!(level("monetary / max(Quantity)"), Ok(Level::Customers));
    let error = level("monetary / Quantity").unwrap_err();
    assert!(error.message.contains("AVG(Quantity)"), "{}", error.message);
    assert_eq!(error.at, Some(11..19));
    let error = level("monetry / 2").unwrap_err();
    assert!(error.message.contains("did you mean monetary?"), "{}", error.message);
}

#[test]
fn a_preview_shows_the_first_values_only() {
    let table = table(TABLE);
    let formula = Formula::Expression { expression: "Quantity * 2".into() };
    let preview = preview_rows(&table, "double", &formula, 2, &Ctx::silent()).unwrap();
    assert_eq!((preview.names, preview.values), (vec!["double".to_string()], vec![vec!["8".to_string(), "0".into()]]));
    let error = preview_rows(&table, "x", &by("Quantiti"), 2, &Ctx::silent()).unwrap_err();
    assert_eq!(error.at, Some(0..8));
}
