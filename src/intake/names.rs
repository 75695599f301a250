//! Names of columns as words that can be compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents: `Quantité` is `quantite`, `Stückpreis` is `stuckpreis`, `Größe` is `grosse`.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            c => out.push(c),
        }
    }
    out
}

/// Folded words of a name: `InvoiceNo`, `invoice_no` and `Invoice No.` are all `invoice`, `no`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
        before_lower = c.is_lowercase();
    }
    words.retain(|w| !w.is_empty());
    words.iter().map(|w| fold(w)).collect()
}

/// Whether the name was made up by the reader because the file has none: `column_3`.
pub(super) fn is_made_up(name: &str) -> bool {
    name.strip_prefix("column_").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the name says that the values are days or moments.
pub(super) fn says_date(name: &str) -> bool {
    let words = words(name);
    let is = |w: &str| {
        matches!(
            w,
            "date"
                | "dates"
                | "datetime"
                | "timestamp"
                | "datum"
                | "fecha"
                | "dt"
                | "time"
                | "ts"
                | "zeitpunkt"
                | "zeitstempel"
                | "epoch"
                | "orderdate"
                | "invoicedate"
                | "saledate"
                | "purchasedate"
                | "transactiondate"
                | "rechnungsdatum"
                | "bestelldatum"
                | "kaufdatum"
                | "lieferdatum"
                | "bestelldato"
                | "dato"
                | "pvm"
                | "giorno"
                | "unixtime"
        )
    };
    // "data" is a date in Italian and Portuguese, and data in English.
    let data = words.first().is_some_and(|w| w == "data")
        && words.get(1).is_none_or(|w| {
            matches!(
                w.as_str(),
                "di" | "de"
                    | "do"
                    | "da"
                    | "del"
                    | "della"
                    | "ordine"
                    | "fattura"
                    | "vendita"
                    | "compra"
                    | "pedido"
                    | "venda"
            )
        });
    let created = words.first().is_some_and(|w| w == "created")
        && words.get(1).is_none_or(|w| matches!(w.as_str(), "utc" | "on" | "at" | "time" | "gmt"));
    data || created || words.iter().any(|w| is(w)) || words.last().is_some_and(|w| words.len() > 1 && w == "at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_case_accents_and_punctuation() {
        assert_eq!(words("InvoiceNo"), ["invoice", "no"]);
        assert_eq!(words("N° Facture"), ["n", "facture"]);
        assert_eq!(words("QUANTITÉ"), ["quantite"]);
        assert_eq!(words("Prix unitaire (£)"), ["prix", "unitaire"]);
        assert_eq!(fold("Größe Łódź"), "grosse lodz");
    }

    #[test]
    fn names_of_dates_are_told_from_others() {
        for name in [
            "InvoiceDate",
            "Order Date",
            "created_at",
            "Dt_Customer",
            "Data ordine",
            "data",
            "Timestamp",
            "created_utc",
            "Created",
        ] {
            assert!(says_date(name), "{name}");
        }
        for name in ["Postal Code", "Income", "update", "Data usage", "Candidate", "Lifetime value", "created_by"] {
            assert!(!says_date(name), "{name}");
        }
        assert!(is_made_up("column_12") && !is_made_up("column_") && !is_made_up("column_x"));
    }
}
