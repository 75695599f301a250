//! Names of columns in tables with one row per customer, in English, German, French and Spanish.

use unicode_normalization::UnicodeNormalization;

/// Letters and digits of a name in lower case, without accents, spaces, punctuation and what stands in brackets:
/// `Récence (jours)` is `recence`.
pub(super) fn key(name: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in name.nfd() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            'ß' if depth == 0 => out.push_str("ss"),
            _ if depth == 0 && c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    // A name that is nothing but brackets keeps what they hold.
    if out.is_empty() {
        out = name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    }
    out
}

/// Days since the last purchase, or the last purchase itself.
const RECENCY: &[&str] = &[
    "recency",
    "recencydays",
    "recencyday",
    "rfmrecency",
    "dayssincelastpurchase",
    "dayssincelastorder",
    "dayssincelastvisit",
    "dayssincelasttransaction",
    "dayssincelastinvoice",
    "dayssincelastbuy",
    "dayssincelast",
    "dayssinceorder",
    "dayssincepurchase",
    "lastpurchasedays",
    "lastpurchasedaysago",
    "lastorderdaysago",
    "rezenz",
    "aktualitat",
    "tageseitletztemkauf",
    "tageseitletztereinkauf",
    "tageseitletzterbestellung",
    "tageseitkauf",
    "recence",
    "joursdepuisdernierachat",
    "joursdepuisledernierachat",
    "joursdepuisdernierecommande",
    "joursdepuisladernierecommande",
    "recencia",
    "diasdesdeultimacompra",
    "diasdesdelaultimacompra",
    "diasultimacompra",
    "diasdesdeultimopedido",
];

/// The date of the last purchase.
const LAST_DATE: &[&str] = &[
    "lastpurchase",
    "lastpurchasedate",
    "lastpurchasedon",
    "lastorder",
    "lastorderdate",
    "lastordered",
    "lastvisit",
    "lastvisitdate",
    "lasttransaction",
    "lasttransactiondate",
    "lastinvoice",
    "lastinvoicedate",
    "lastbought",
    "lastsale",
    "lastsaledate",
    "mostrecentvisit",
    "mostrecentpurchase",
    "mostrecentorder",
    "mostrecenttransaction",
    "mostrecentpurchasedate",
    "mostrecentorderdate",
    "latestvisit",
    "latestvisitdate",
    "latestpurchase",
    "latestpurchasedate",
    "latestorder",
    "latestorderdate",
    "dateoflastpurchase",
    "dateoflastorder",
    "letzterkauf",
    "letztereinkauf",
    "letzteskaufdatum",
    "letztebestellung",
    "letztesbestelldatum",
    "datumletzterkauf",
    "datumletztebestellung",
    "dernierachat",
    "datedernierachat",
    "datedudernierachat",
    "dernierecommande",
    "datedernierecommande",
    "datedeladernierecommande",
    "ultimacompra",
    "fechaultimacompra",
    "fechadeultimacompra",
    "fechadelaultimacompra",
    "ultimopedido",
    "fechaultimopedido",
];

/// Number of purchases.
const FREQUENCY: &[&str] = &[
    "frequency",
    "rfmfrequency",
    "numberoforders",
    "numberofpurchases",
    "numberoftransactions",
    "numberofinvoices",
    "numberofvisits",
    "orders",
    "ordercount",
    "orderscount",
    "numorders",
    "norders",
    "nooforders",
    "nrorders",
    "totalorders",
    "purchases",
    "purchasecount",
    "numpurchases",
    "npurchases",
    "noofpurchases",
    "totalpurchases",
    "transactions",
    "transactioncount",
    "transactionscount",
    "numtransactions",
    "ntransactions",
    "totaltransactions",
    "invoices",
    "invoicecount",
    "numinvoices",
    "visits",
    "visitcount",
    "numvisits",
    "haufigkeit",
    "haeufigkeit",
    "frequenz",
    "anzahlbestellungen",
    "anzahlkaufe",
    "anzahlkaeufe",
    "anzahleinkaufe",
    "anzahlauftrage",
    "bestellungen",
    "kaufe",
    "kaeufe",
    "frequence",
    "nombredecommandes",
    "nombrecommandes",
    "nbcommandes",
    "nombredachats",
    "nombreachats",
    "nbachats",
    "commandes",
    "achats",
    "frecuencia",
    "numerodepedidos",
    "numeropedidos",
    "numpedidos",
    "numerodecompras",
    "numerocompras",
    "numcompras",
    "pedidos",
    "compras",
];

/// Money spent in all.
const MONETARY: &[&str] = &[
    "monetary",
    "monetaryvalue",
    "monetaryamount",
    "rfmmonetary",
    "revenue",
    "totalrevenue",
    "netrevenue",
    "spend",
    "spent",
    "totalspend",
    "totalspent",
    "totalspending",
    "moneyspent",
    "amountspent",
    "totalamount",
    "amount",
    "totalamountspent",
    "sales",
    "totalsales",
    "netsales",
    "turnover",
    "totalvalue",
    "totalpurchasevalue",
    "totalordervalue",
    "umsatz",
    "gesamtumsatz",
    "nettoumsatz",
    "geldwert",
    "betrag",
    "gesamtbetrag",
    "ausgaben",
    "monetar",
    "monetaer",
    "montant",
    "montanttotal",
    "chiffredaffaires",
    "ca",
    "depenses",
    "depensestotales",
    "valeur",
    "monetaire",
    "monetario",
    "valormonetario",
    "importe",
    "importetotal",
    "gasto",
    "gastototal",
    "gastado",
    "ventas",
    "ventastotales",
    "ingresos",
];

/// What may stand around such a name without changing it.
const BEFORE: &[&str] = &["customer", "client", "rfm", "kunden"];
const AFTER: &[&str] = &["days", "indays", "eur", "usd", "gbp", "tage", "jours", "dias", "value"];

/// What a name says about a customer's purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Recency,
    LastDate,
    Frequency,
    Monetary,
}

/// Whether a column's name says that it is one of the axes of RFM; the rank is smaller for better names.
pub(super) fn says(name: &str) -> Option<(Says, usize)> {
    let lists = [
        (Says::Recency, RECENCY),
        (Says::LastDate, LAST_DATE),
        (Says::Frequency, FREQUENCY),
        (Says::Monetary, MONETARY),
    ];
    let whole = key(name);
    let find = |key: &str, worse: usize| {
        lists.iter().find_map(|(says, list)| list.iter().position(|n| *n == key).map(|rank| (*says, rank + worse)))
    };
    let without = |list: &[&str], strip: fn(&str, &str) -> Option<String>| {
        list.iter().find_map(|part| strip(&whole, part)).and_then(|rest| find(&rest, 100))
    };
    find(&whole, 0)
        .or_else(|| without(BEFORE, |whole, part| whole.strip_prefix(part).map(str::to_string)))
        .or_else(|| without(AFTER, |whole, part| whole.strip_suffix(part).map(str::to_string)))
}

/// Names that number or identify rows without saying of what.
const PLAIN_IDS: &[&str] =
    &["id", "index", "idx", "rowid", "rownumber", "rowno", "row", "no", "nr", "number", "key", "unnamed0"];

/// Whether a name says that its values identify something: `ID`, `CUST_ID`, `userId`, `index`.
pub(crate) fn is_id(name: &str) -> bool {
    let trimmed = name.trim();
    // `Paid` ends in "id" as well, so the id has to be a word of its own.
    let ends = trimmed.strip_suffix("id").or_else(|| trimmed.strip_suffix("Id")).or_else(|| trimmed.strip_suffix("ID"));
    let own_word = ends.is_some_and(|rest| {
        rest.is_empty()
            || rest.ends_with(|c: char| !c.is_alphanumeric())
            || (rest.ends_with(char::is_lowercase) && !trimmed.ends_with("id"))
    });
    own_word || PLAIN_IDS.contains(&key(name).as_str())
}

/// Parts of names of dates that say something about the customer and nothing about single purchases.
const ABOUT_THE_CUSTOMER: &[&str] = &[
    "dtcustomer",
    "enrol",
    "join",
    "regist",
    "signup",
    "signedup",
    "since",
    "birth",
    "dob",
    "member",
    "subscri",
    "activat",
    "last",
    "latest",
    "mostrecent",
    "first",
    "churn",
    "expir",
    "created",
    "updated",
    "opened",
    "geburt",
    "anmeld",
    "kundeseit",
    "letzt",
    "erste",
    "naissance",
    "inscription",
    "adhesion",
    "dernier",
    "premier",
    "nacimiento",
    "alta",
    "registro",
    "ultim",
    "primer",
];

/// Parts of names of dates on which something was bought.
const OF_A_PURCHASE: &[&str] = &[
    "order",
    "purchase",
    "invoice",
    "transaction",
    "sale",
    "sold",
    "bought",
    "buy",
    "paid",
    "payment",
    "receipt",
    "checkout",
    "visit",
    "date",
    "time",
    "day",
    "rechnung",
    "bestell",
    "kauf",
    "datum",
    "commande",
    "achat",
    "vente",
    "factur",
    "pedido",
    "compra",
    "venta",
    "fecha",
    "data",
];

/// Whether a date of this name is one of a purchase; `None` when the name does not tell.
pub(super) fn is_purchase_date(name: &str) -> Option<bool> {
    let key = key(name);
    if ABOUT_THE_CUSTOMER.iter().any(|part| key.contains(part)) {
        return Some(false);
    }
    OF_A_PURCHASE.iter().any(|part| key.contains(part)).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_axes_in_four_languages() {
        for (name, expected) in [
            ("Recency", Says::Recency),
            ("recency_days", Says::Recency),
            ("Recency (days)", Says::Recency),
            ("Days since last purchase", Says::Recency),
            ("Tage seit letzter Bestellung", Says::Recency),
            ("Récence", Says::Recency),
            ("Recencia", Says::Recency),
            ("most_recent_visit", Says::LastDate),
            ("Letzter Kauf", Says::LastDate),
            ("Dernière commande", Says::LastDate),
            ("fecha_última_compra", Says::LastDate),
            ("number_of_orders", Says::Frequency),
            ("Häufigkeit", Says::Frequency),
            ("Fréquence", Says::Frequency),
            ("Nombre d'achats", Says::Frequency),
            ("Frecuencia", Says::Frequency),
            ("revenue", Says::Monetary),
            ("Monetary (£)", Says::Monetary),
            ("Gesamtumsatz", Says::Monetary),
            ("Montant total", Says::Monetary),
            ("Valor monetario", Says::Monetary),
            ("customer_revenue", Says::Monetary),
        ] {
            assert_eq!(says(name).map(|(s, _)| s), Some(expected), "{name}");
        }
        for name in ["R_Score", "recency_score", "Age", "Frequency band", "Segment", "T"] {
            assert_eq!(says(name), None, "{name}");
        }
    }

    #[test]
    fn ids_are_words_of_their_own() {
        for name in ["ID", "id", "CUST_ID", "userId", "Customer ID", "index", "Unnamed: 0"] {
            assert!(is_id(name), "{name}");
        }
        for name in ["Paid", "Bid", "Humid", "Income", "Covid"] {
            assert!(!is_id(name), "{name}");
        }
    }

    #[test]
    fn dates_of_purchases_are_told_from_dates_of_customers() {
        for (name, expected) in [
            ("InvoiceDate", Some(true)),
            ("order_date", Some(true)),
            ("Datum", Some(true)),
            ("Dt_Customer", Some(false)),
            ("signup_date", Some(false)),
            ("Date of birth", Some(false)),
            ("last_purchase", Some(false)),
            ("when", None),
        ] {
            assert_eq!(is_purchase_date(name), expected, "{name}");
        }
    }
}
