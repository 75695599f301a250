//! Names of months and days of the week in the languages that exports come in.

/// Months in English, German, French, Spanish, Italian, Dutch and Portuguese, without accents: the beginnings that name
/// one of them in any of the languages, and the whole words that they are beginnings of.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari", "janeiro", "jan", "janner"],
    &["february", "februar", "fevrier", "fevr", "fev", "febrero", "febbraio", "februari", "fevereiro", "feb", "feber"],
    &["march", "marz", "maerz", "mrz", "mars", "marzo", "maart", "mrt", "marco", "mar"],
    &["april", "avril", "avr", "abril", "abr", "aprile", "apr"],
    &["may", "mai", "mayo", "maggio", "mag", "mei", "maio"],
    &["june", "juni", "juin", "junio", "giugno", "giu", "junho", "jun"],
    &["july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "jul"],
    &["august", "aout", "aou", "agosto", "ago", "augustus", "aug"],
    &["september", "septembre", "septiembre", "setiembre", "settembre", "sett", "setembro", "set", "sept", "sep"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "ott", "outubro", "out", "oct", "okt"],
    &["november", "novembre", "noviembre", "novembro", "nov"],
    &["december", "dezember", "dez", "decembre", "diciembre", "dic", "dicembre", "dezembro", "dec"],
];

/// Days of the week in the same languages, without accents.
const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lun",
    "mar",
    "mer",
    "jeu",
    "ven",
    "sam",
    "dim",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "mie",
    "jue",
    "vie",
    "sab",
    "dom",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    "gio",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "ma",
    "wo",
    "vr",
    "za",
    "zo",
    "segunda",
    "terca",
    "quarta",
    "quinta",
    "sexta",
    "seg",
    "ter",
    "qua",
    "qui",
    "sex",
    "feira",
];

/// The month that a word names, 1–12.
pub(super) fn month(word: &str) -> Option<u32> {
    if !(3..=12).contains(&word.len()) {
        return None;
    }
    let word = fold(word);
    MONTHS.iter().position(|names| names.contains(&word.as_str())).map(|m| m as u32 + 1)
}

/// Whether a word names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    (2..=12).contains(&word.len()) && WEEKDAYS.contains(&fold(word).as_str())
}

/// Whether a word only joins the parts of a date: `9 de diciembre de 2011`.
pub(super) fn is_joint(word: &str) -> bool {
    matches!(word, "de" | "del" | "di" | "of" | "den" | "le" | "the" | "am" | "on" | "DE")
}

/// Whether letters after a number only make it an ordinal: `9th`, `1er`.
pub(super) fn is_ordinal(letters: &str) -> bool {
    matches!(letters, "st" | "nd" | "rd" | "th" | "er" | "ST" | "ND" | "RD" | "TH" | "º" | "ª")
}

/// Lower case without the accents of these languages.
fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    super::super::names::fold(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_seven_languages() {
        for (word, number) in [
            ("Dec", 12),
            ("DEZ", 12),
            ("décembre", 12),
            ("Diciembre", 12),
            ("Mär", 3),
            ("März", 3),
            ("maart", 3),
            ("março", 3),
            ("août", 8),
            ("Sept", 9),
            ("ottobre", 10),
            ("outubro", 10),
            ("févr", 2),
            ("Jänner", 1),
        ] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        for word in ["", "de", "Mond", "decade", "ma"] {
            assert_eq!(month(word), None, "{word}");
        }
        assert!(is_weekday("Fri") && is_weekday("Miércoles") && !is_weekday("Order"));
    }

    #[test]
    fn no_word_names_two_months() {
        let mut all: Vec<&str> = MONTHS.iter().flat_map(|names| names.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
