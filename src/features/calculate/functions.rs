//! The functions that an expression may use, each with one line of help.

/// One function, keyword or operator of the expression language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name, in capitals as SQL is written; lower case works as well.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// What it gives, in one line.
    pub help: &'static str,
    /// Whether it makes one value of many: of all rows of a customer, or of all rows of the table.
    pub aggregate: bool,
}

const fn f(name: &'static str, usage: &'static str, help: &'static str) -> Function {
    Function { name, usage, help, aggregate: false }
}

const fn a(name: &'static str, usage: &'static str, help: &'static str) -> Function {
    Function { name, usage, help, aggregate: true }
}

/// Every function that works, aggregates last.
pub fn functions() -> &'static [Function] {
    FUNCTIONS
}

pub(super) const FUNCTIONS: &[Function] = &[
    f("ABS", "ABS(x)", "The number without its sign."),
    f(
        "ROUND",
        "ROUND(x, digits)",
        "Rounded to that many digits after the point, or to a whole number; halves to the even digit.",
    ),
    f("FLOOR", "FLOOR(x)", "The next whole number below."),
    f("CEIL", "CEIL(x)", "The next whole number above."),
    f("CEILING", "CEILING(x)", "The next whole number above."),
    f("SQRT", "SQRT(x)", "The square root; missing for negative numbers."),
    f("CBRT", "CBRT(x)", "The cube root."),
    f("EXP", "EXP(x)", "e to the power of the number."),
    f("LN", "LN(x)", "The natural logarithm; missing for zero and less."),
    f("LOG10", "LOG10(x)", "The logarithm to base 10; missing for zero and less."),
    f("LOG2", "LOG2(x)", "The logarithm to base 2; missing for zero and less."),
    f("LOG1P", "LOG1P(x)", "The natural logarithm of one plus the number."),
    f("LOG", "LOG(x, base)", "The logarithm to a base."),
    f("POW", "POW(x, y)", "The first number to the power of the second."),
    f("POWER", "POWER(x, y)", "The first number to the power of the second."),
    f("MOD", "MOD(x, y)", "What is left over from a division; missing where the second is zero."),
    f("SIGN", "SIGN(x)", "−1, 0 or 1."),
    f("GREATEST", "GREATEST(x, y, …)", "The largest of several values of a row."),
    f("LEAST", "LEAST(x, y, …)", "The smallest of several values of a row."),
    f("COALESCE", "COALESCE(x, y, …)", "The first value that is not missing."),
    f("IFNULL", "IFNULL(x, y)", "The second value where the first is missing."),
    f("NULLIF", "NULLIF(x, y)", "Missing where both are equal, else the first."),
    f("UPPER", "UPPER(text)", "All letters capital."),
    f("LOWER", "LOWER(text)", "All letters small."),
    f("LENGTH", "LENGTH(text)", "Number of characters."),
    f("SUBSTR", "SUBSTR(text, start, length)", "A part of a text; the first character is 1."),
    f("SUBSTRING", "SUBSTRING(text, start, length)", "A part of a text; the first character is 1."),
    f("LEFT", "LEFT(text, n)", "The first characters."),
    f("RIGHT", "RIGHT(text, n)", "The last characters."),
    f("TRIM", "TRIM(text)", "Without spaces around it."),
    f("LTRIM", "LTRIM(text)", "Without spaces before it."),
    f("RTRIM", "RTRIM(text)", "Without spaces behind it."),
    f("REPLACE", "REPLACE(text, find, put)", "Every occurrence replaced."),
    f("CONCAT", "CONCAT(x, y, …)", "One text of several values; missing ones are passed over."),
    f("CONCAT_WS", "CONCAT_WS(separator, x, y, …)", "One text of several values with a separator between them."),
    f("STARTS_WITH", "STARTS_WITH(text, beginning)", "1 where the text begins so, else 0."),
    f("ENDS_WITH", "ENDS_WITH(text, end)", "1 where the text ends so, else 0."),
    f("STRPOS", "STRPOS(text, find)", "Where a text stands in another, from 1; 0 where it does not."),
    f("REGEXP_LIKE", "REGEXP_LIKE(text, pattern)", "1 where a regular expression fits, else 0."),
    f("CAST", "CAST(x AS DOUBLE)", "Another type: DOUBLE, INTEGER, VARCHAR, DATE or TIMESTAMP."),
    f("TRY_CAST", "TRY_CAST(x AS DOUBLE)", "Another type; missing where it cannot be read as such."),
    f("EXTRACT", "EXTRACT(YEAR FROM date)", "A part of a date: YEAR, QUARTER, MONTH, WEEK, DAY, ISODOW, HOUR."),
    f("DATE_PART", "DATE_PART('year', date)", "A part of a date: year, quarter, month, week, day, isodow, hour."),
    f("DATE", "DATE('2011-12-31')", "A date from a text."),
    f("STRFTIME", "STRFTIME(date, '%Y-%m')", "A date as text."),
    a("SUM", "SUM(x)", "The sum; missing where there is no value."),
    a("AVG", "AVG(x)", "The mean."),
    a("MEAN", "MEAN(x)", "The mean."),
    a("MEDIAN", "MEDIAN(x)", "The middle value."),
    a("MIN", "MIN(x)", "The smallest value."),
    a("MAX", "MAX(x)", "The largest value."),
    a("COUNT", "COUNT(x), COUNT(DISTINCT x), COUNT(*)", "Rows with a value; different values; all rows."),
    a("STDDEV", "STDDEV(x)", "The standard deviation (ddof 1); missing for fewer than two values."),
    a("VARIANCE", "VARIANCE(x)", "The variance (ddof 1); missing for fewer than two values."),
    a("QUANTILE_CONT", "QUANTILE_CONT(x, 0.9)", "The value below which that share lies (type 7)."),
    a("FIRST", "FIRST(x)", "The value of the earliest row; the smallest of several."),
    a("LAST", "LAST(x)", "The value of the latest row; the smallest of several."),
    a("MODE", "MODE(x)", "The value of most rows; the smallest of several."),
];

/// Words of the language that stand before a bracket without being a function.
pub(super) const BEFORE_BRACKETS: &[&str] = &[
    "and", "or", "not", "in", "between", "when", "then", "else", "case", "is", "like", "ilike", "distinct", "from",
    "as", "decimal", "numeric", "varchar", "char", "float", "interval", "any", "all",
];

/// Words that begin or belong to a query, each with what is to be done instead.
pub(super) fn is_query_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "select",
        "join",
        "union",
        "intersect",
        "except",
        "with",
        "into",
        "table",
        "values",
        "order",
        "group",
        "having",
        "limit",
        "offset",
        "over",
        "window",
        "qualify",
        "exists",
        "insert",
        "update",
        "delete",
        "drop",
        "create",
        "filter",
        "where",
        "partition",
    ];
    WORDS.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// Words that are part of the language and no names of columns, for telling names from the rest.
pub(super) fn is_keyword(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "or", "not", "in", "between", "when", "then", "else", "case", "end", "is", "null", "like", "ilike",
        "rlike", "regexp", "distinct", "from", "for", "as", "true", "false", "interval",
    ];
    WORDS.iter().any(|w| word.eq_ignore_ascii_case(w))
}
