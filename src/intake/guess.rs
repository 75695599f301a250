//! Guesses which column plays which role, from names and contents.

use super::Table;
use super::kind::ColumnKind;
use super::roles::{Role, Summary};
use crate::recipe::Roles;

/// A proposal, with its reason in words.
pub(super) struct Guess {
    pub role: Role,
    /// Index of the column.
    pub column: usize,
    pub reason: String,
}

/// Names that mean a role, without case, spaces and punctuation; the best come first. A name that only
/// ends or begins with one of them counts for less.
fn names(role: Role) -> &'static [&'static str] {
    match role {
        Role::CustomerId => &[
            "customerid",
            "custid",
            "customernumber",
            "customerno",
            "customercode",
            "customerkey",
            "clientid",
            "clientno",
            "memberid",
            "userid",
            "buyerid",
            "accountid",
            "shopperid",
            "customer",
            "client",
            "member",
            "buyer",
            "user",
            "account",
            "kundennummer",
            "kundennr",
            "kundenid",
            "kunde",
            "idcliente",
            "clienteid",
            "cliente",
            "idclient",
            "numeroclient",
            "codicecliente",
            "klantnummer",
            "customeremail",
            "email",
            "customername",
            "clientname",
        ],
        Role::Date => &[
            "invoicedate",
            "orderdate",
            "transactiondate",
            "purchasedate",
            "saledate",
            "salesdate",
            "orderedat",
            "invoicedatetime",
            "orderdatetime",
            "transactiontime",
            "purchasetimestamp",
            "createdat",
            "paidat",
            "date",
            "datetime",
            "timestamp",
            "rechnungsdatum",
            "bestelldatum",
            "datum",
            "kaufdatum",
            "fecha",
            "datefacture",
            "datecommande",
            "data",
            "time",
            "day",
        ],
        Role::Invoice => &[
            "invoiceno",
            "invoiceid",
            "invoicenumber",
            "invoice",
            "orderid",
            "orderno",
            "ordernumber",
            "order",
            "transactionid",
            "transactionno",
            "receiptid",
            "receiptno",
            "receipt",
            "billno",
            "billid",
            "basketid",
            "ticketid",
            "purchaseid",
            "saleid",
            "salesid",
            "rechnungsnummer",
            "rechnung",
            "bestellnummer",
            "auftragsnummer",
            "factura",
            "facture",
            "pedido",
            "commande",
        ],
        Role::Product => &[
            "stockcode",
            "productid",
            "productcode",
            "sku",
            "itemid",
            "itemcode",
            "articleno",
            "articleid",
            "productno",
            "ean",
            "asin",
            "product",
            "item",
            "article",
            "artikelnummer",
            "artikel",
            "producto",
            "produit",
            "productname",
            "itemname",
            "description",
        ],
        Role::Amount => &[
            "amount",
            "totalamount",
            "lineamount",
            "linetotal",
            "ordertotal",
            "ordervalue",
            "orderamount",
            "invoiceamount",
            "totalprice",
            "totalsales",
            "sales",
            "revenue",
            "netamount",
            "netsales",
            "grossamount",
            "total",
            "turnover",
            "spend",
            "spent",
            "value",
            "payment",
            "subtotal",
            "umsatz",
            "betrag",
            "gesamtbetrag",
            "gesamtpreis",
            "importe",
            "montant",
            "ventas",
            "bedrag",
            "importo",
        ],
        Role::Quantity => &[
            "quantity",
            "qty",
            "quantityordered",
            "units",
            "pieces",
            "count",
            "numberofitems",
            "menge",
            "anzahl",
            "cantidad",
            "quantite",
            "quantita",
            "aantal",
        ],
        Role::UnitPrice => &[
            "unitprice",
            "priceperunit",
            "priceeach",
            "itemprice",
            "price",
            "unitcost",
            "preis",
            "einzelpreis",
            "stueckpreis",
            "stückpreis",
            "precio",
            "preciounitario",
            "prix",
            "prixunitaire",
            "prezzo",
            "prijs",
        ],
    }
}

/// Words that say that a column is something else, whatever else its name contains.
const OTHERWISE: &[(Role, &[&str])] = &[
    (Role::Date, &["ship", "deliver", "birth", "due", "return", "update", "expir", "sign", "join"]),
    (Role::Amount, &["discount", "tax", "vat", "shipping", "freight", "profit", "cost", "margin", "unit", "id"]),
    (Role::UnitPrice, &["total", "discount"]),
    (Role::Invoice, &["date", "time", "status", "total", "amount", "value", "priority"]),
    (Role::CustomerId, &["segment", "type", "group", "since", "age", "gender", "country", "status", "count"]),
    (Role::Product, &["category", "price", "margin", "line", "container"]),
    (Role::Quantity, &["price", "amount", "discount"]),
];

/// Proposes at most one column per role; a column gets one role. Columns in `taken` are left alone, as are roles that
/// `given` decides.
pub(super) fn guess(table: &Table, summaries: &[Summary], taken: &[usize], given: &Roles) -> Vec<Guess> {
    let mut candidates: Vec<(u32, Guess)> = Vec::new();
    for role in Role::ALL {
        for (column, summary) in summaries.iter().enumerate() {
            if taken.contains(&column) {
                continue;
            }
            if let Some((score, reason)) = judge(table, column, summary, role, given) {
                candidates.push((score, Guess { role, column, reason }));
            }
        }
    }
    // Best first; among equals the role that matters more, then the column further left.
    candidates.sort_by_key(|(score, g)| (std::cmp::Reverse(*score), g.role as usize, g.column));
    let mut found: Vec<Guess> = Vec::new();
    for (_, guess) in candidates {
        if !found.iter().any(|f| f.role == guess.role || f.column == guess.column) {
            found.push(guess);
        }
    }
    found
}

/// How well a column fits a role, with the reason; `None` if its contents rule the role out.
fn judge(table: &Table, column: usize, summary: &Summary, role: Role, given: &Roles) -> Option<(u32, String)> {
    let c = &table.columns[column];
    let fits = match role {
        Role::CustomerId => {
            summary.distinct > 0 && !matches!(c.kind, ColumnKind::Date { .. } | ColumnKind::Number { whole: false })
        }
        Role::Date => {
            matches!(c.kind, ColumnKind::Date { .. }) || (given.date_format.is_some() && c.kind != ColumnKind::Empty)
        }
        Role::Invoice | Role::Product => {
            summary.distinct > 0 && !matches!(c.kind, ColumnKind::Date { .. } | ColumnKind::Number { whole: false })
        }
        Role::Amount | Role::Quantity | Role::UnitPrice => matches!(c.kind, ColumnKind::Number { .. }),
    };
    if !fits {
        return None;
    }
    let score = name_score(&c.name, role);
    if score > 0 {
        return Some((score, format!("its name says so, and its values are {}", contents(&c.kind, summary))));
    }
    // Without a telling name only a date is unmistakable.
    (role == Role::Date && !otherwise(&c.name, role)).then(|| (10, "the first column of dates".into()))
}

fn contents(kind: &ColumnKind, summary: &Summary) -> String {
    match kind {
        ColumnKind::Date { style, .. } => format!("dates ({})", style.label()),
        ColumnKind::Number { .. } => "numbers".into(),
        _ => format!("{} different texts", crate::format::count(summary.distinct)),
    }
}

/// 0–100: 100 for the best name of the role, less for later ones and for partial matches.
fn name_score(name: &str, role: Role) -> u32 {
    let words = words(name);
    let joined = words.concat();
    let list = names(role);
    if let Some(rank) = list.iter().position(|n| *n == joined) {
        return 100 - rank as u32;
    }
    if otherwise(name, role) {
        return 0;
    }
    let partial =
        |n: &&&str| n.len() >= 4 && (1..words.len()).any(|i| words[i..].concat() == **n || words[..i].concat() == **n);
    if let Some(rank) = list.iter().position(|n| partial(&n)) {
        return 50 - (rank as u32).min(40);
    }
    // "number of items", "no. of units".
    let counts = role == Role::Quantity
        && words.len() > 2
        && ["number", "no", "num", "nr"].contains(&words[0].as_str())
        && words[1] == "of";
    if counts { 40 } else { 0 }
}

fn otherwise(name: &str, role: Role) -> bool {
    let words = words(name);
    let list = OTHERWISE.iter().find(|(r, _)| *r == role).map_or(&[][..], |(_, w)| w);
    // Short words only as a whole: "id" is not in "paid".
    words.iter().any(|w| list.iter().any(|o| w == o || (o.len() > 3 && w.starts_with(o))))
}

/// Lower-case words of a name: `InvoiceNo`, `invoice_no` and `Invoice No.` are all `invoice`, `no`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(name: &str) -> Option<Role> {
        Role::ALL.into_iter().filter(|r| name_score(name, *r) > 0).max_by_key(|r| name_score(name, *r))
    }

    #[test]
    fn names_in_use_are_understood() {
        let cases = [
            ("CustomerID", Role::CustomerId),
            ("Customer ID", Role::CustomerId),
            ("customer_id", Role::CustomerId),
            ("InvoiceNo", Role::Invoice),
            ("Order ID", Role::Invoice),
            ("Order Date", Role::Date),
            ("InvoiceDate", Role::Date),
            ("order_date", Role::Date),
            ("UnitPrice", Role::UnitPrice),
            ("Sales", Role::Amount),
            ("dollar_value", Role::Amount),
            ("revenue", Role::Amount),
            ("number_of_cds", Role::Quantity),
            ("StockCode", Role::Product),
            ("Product ID", Role::Product),
            ("Kundennummer", Role::CustomerId),
            ("Umsatz", Role::Amount),
            ("Menge", Role::Quantity),
        ];
        for (name, role) in cases {
            assert_eq!(best(name), Some(role), "{name}");
        }
    }

    #[test]
    fn names_that_mean_something_else_are_left_alone() {
        for name in
            ["Ship Date", "Discount", "Profit", "Segment", "Row ID", "Country", "Product Container", "Shipping Cost"]
        {
            assert_eq!(best(name), None, "{name}");
        }
    }
}
