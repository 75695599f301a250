//! Names of columns that mean a role, in the languages that exports come in.

use super::names::words;
use super::roles::Role;

/// The least score of a name that means a role as a whole.
pub(super) const EXACT: u32 = 51;

/// Words that carry no meaning in names of columns.
const JOINTS: &[&str] = &["de", "du", "des", "del", "della", "di", "do", "da", "der", "of", "the", "van", "la", "le"];

/// Names that mean a role, without case, accents, spaces and punctuation, divided by blanks; the best come first. A name that only
/// ends or begins with one of them counts for less.
fn names(role: Role) -> &'static str {
    match role {
        Role::CustomerId => {
            "customerid custid customernumber customerno customercode customerkey clientid clientno memberid \
             userid buyerid accountid shopperid customer client member buyer user account kundennummer \
             kundennr kundenid kunde idcliente clienteid cliente idclient numeroclient codicecliente \
             codigocliente codeclient nclient klantnummer klantid klant kundnr kund customeremail email \
             customername clientname kdnr kdnummer cust loyaltycard loyaltycardno loyaltycardnumber loyaltycardid \
             billingemail emailbilling"
        }
        Role::Date => {
            "invoicedate orderdate transactiondate purchasedate saledate salesdate orderedat invoicedatetime \
             orderdatetime transactiontime purchasetimestamp createdat paidat date datetime timestamp \
             rechnungsdatum bestelldatum datum kaufdatum fecha datefacture datecommande dateachat fechapedido \
             fechafactura fechacompra dataordine datafattura datapedido datavenda orderdatum factuurdatum \
             dato data time day created createdutc createdon"
        }
        Role::Invoice => {
            "invoiceno invoiceid invoicenumber invoice orderid orderno ordernumber order transactionid \
             transactionno receiptid receiptno receipt billno billid basketid ticketid purchaseid saleid \
             salesid rechnungsnummer rechnung bestellnummer auftragsnummer belegnummer bonnummer factura \
             numerofactura facture numerofacture nfacture fattura numerofattura fatura factuurnummer factuur \
             ordernummer ordine pedido commande \
             rechnungsnr rechnungnr belegnr bestellnr auftragsnr"
        }
        Role::Product => {
            "stockcode productid productcode sku itemid itemcode articleno articleid productno ean asin \
             product item article artikelnummer artikel producto produit prodotto produto articulo \
             codigoproducto codeproduit productname itemname description"
        }
        Role::Amount => {
            "amount totalamount lineamount linetotal ordertotal ordervalue orderamount invoiceamount \
             totalprice totalsales sales revenue netamount netsales grossamount total turnover spend spent \
             value payment subtotal umsatz betrag gesamtbetrag gesamtpreis summe gesamt gesamtsumme \
             nettobetrag bruttobetrag importe importetotal montant montanttotal prixtotal totale totaal valor \
             valortotal ventes vendas omzet fatturato belopp ventas bedrag importo"
        }
        Role::Quantity => {
            "quantity qty quantityordered units pieces count numberofitems menge anzahl stuck stuckzahl \
             cantidad unidades quantite qte quantita qta quantidade qtd antal aantal"
        }
        Role::UnitPrice => {
            "unitprice priceperunit priceeach itemprice price unitcost preis einzelpreis stueckpreis \
             stuckpreis precio preciounitario prix prixunitaire prezzounitario precounitario preco \
             valorunitario eenheidsprijs stuksprijs pris prezzo prijs"
        }
        Role::Category => {
            "category productcategory itemcategory categoryname categoryid maincategory productgroup productline \
             producttype itemgroup articlegroup subcategory department warengruppe produktgruppe artikelgruppe \
             kategorie produktkategorie categorie categorieproduit rayon categoria categoriaproducto \
             categoriaprodotto categoriaproduto productgroep productcategorie varugrupp"
        }
        Role::Discount => {
            "discount discountamount discountpercent discountpercentage discountpct discountrate discountvalue \
             linediscount totaldiscount rabatt rabattbetrag nachlass remise reduction descuento sconto desconto \
             korting rabat"
        }
    }
}

/// Words that say that a column is something else, whatever else its name contains.
const OTHERWISE: &[(Role, &[&str])] = &[
    (
        Role::Date,
        &[
            "ship",
            "deliver",
            "birth",
            "due",
            "return",
            "update",
            "expir",
            "sign",
            "join",
            "geburt",
            "naissance",
            "nacimiento",
            "nascita",
            "nascimento",
            "geboorte",
            "liefer",
            "versand",
            "livraison",
            "entrega",
            "envio",
            "consegna",
            "fallig",
            "echeance",
        ],
    ),
    (
        Role::Amount,
        &[
            "discount",
            "tax",
            "vat",
            "shipping",
            "freight",
            "profit",
            "cost",
            "margin",
            "unit",
            "id",
            "rabatt",
            "steuer",
            "mwst",
            "versand",
            "remise",
            "tva",
            "iva",
            "descuento",
            "sconto",
            "desconto",
            "korting",
            "unitaire",
            "unitario",
            "einzel",
        ],
    ),
    (Role::UnitPrice, &["total", "discount"]),
    (Role::Invoice, &["date", "time", "status", "total", "amount", "value", "priority"]),
    (
        Role::CustomerId,
        &[
            "segment", "category", "type", "group", "since", "age", "gender", "country", "status", "count", "note",
            "notes", "comment", "comments", "message",
        ],
    ),
    (Role::Product, &["category", "price", "margin", "line", "container"]),
    (Role::Quantity, &["price", "amount", "discount"]),
    (
        Role::Category,
        &[
            "customer", "client", "member", "kunden", "cliente", "price", "age", "income", "spend", "payment", "ship",
            "risk", "size",
        ],
    ),
    (Role::Discount, &["code", "after", "before", "without", "net", "type", "name", "price", "reason", "date"]),
];

/// 0–100: 100 for the best name of the role, less for later ones and for partial matches.
pub(super) fn name_score(name: &str, role: Role) -> u32 {
    let all = words(name);
    // "Date de commande" is a "date commande".
    let words: Vec<&String> = all.iter().filter(|w| !JOINTS.contains(&w.as_str())).collect();
    let concat = |words: &[&String]| words.iter().map(|w| w.as_str()).collect::<String>();
    let joined = concat(&words);
    // The number of an item within its order.
    if role == Role::Product
        && name.trim_end().ends_with('#')
        && matches!(joined.as_str(), "item" | "product" | "article")
    {
        return 0;
    }
    let list = || names(role).split_whitespace();
    if let Some(rank) = list().position(|n| n == joined) {
        return 100 - (rank as u32).min(100 - EXACT);
    }
    if otherwise(name, role) {
        return 0;
    }
    let partial =
        |n: &str| n.len() >= 4 && (1..words.len()).any(|i| concat(&words[i..]) == n || concat(&words[..i]) == n);
    if let Some(rank) = list().position(partial) {
        return EXACT - 1 - (rank as u32).min(40);
    }
    // "number of items", "no. of units".
    let counts = role == Role::Quantity
        && all.len() > 2
        && ["number", "no", "num", "nr"].contains(&all[0].as_str())
        && all[1] == "of";
    if counts { 40 } else { 0 }
}

/// Whether the name says that the column is something else than `role`.
pub(super) fn otherwise(name: &str, role: Role) -> bool {
    let words = words(name);
    let list = OTHERWISE.iter().find(|(r, _)| *r == role).map_or(&[][..], |(_, w)| w);
    // Short words only as a whole: "id" is not in "paid".
    words.iter().any(|w| list.iter().any(|o| w == o || (o.len() > 3 && w.starts_with(o))))
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
            ("N° Facture", Role::Invoice),
            ("Quantité", Role::Quantity),
            ("QUANTITE", Role::Quantity),
            ("Date de commande", Role::Date),
            ("Prix unitaire (£)", Role::UnitPrice),
            ("Client ID", Role::CustomerId),
            ("Stückpreis", Role::UnitPrice),
            ("Código cliente", Role::CustomerId),
            ("Data do pedido", Role::Date),
            ("Numero fattura", Role::Invoice),
            ("Número de pedido", Role::Invoice),
            ("Omzet", Role::Amount),
            ("Rechnungsnr", Role::Invoice),
            ("Belegnr.", Role::Invoice),
            ("Kd-Nr", Role::CustomerId),
            ("cust", Role::CustomerId),
            ("loyalty_card", Role::CustomerId),
            ("Email (Billing)", Role::CustomerId),
            ("E-Mail", Role::CustomerId),
            ("created_utc", Role::Date),
            ("Category", Role::Category),
            ("Product Category", Role::Category),
            ("Sub-Category", Role::Category),
            ("Product line", Role::Category),
            ("Warengruppe", Role::Category),
            ("Discount", Role::Discount),
            ("Discount (%)", Role::Discount),
            ("Rabatt", Role::Discount),
        ];
        for (name, role) in cases {
            assert_eq!(best(name), Some(role), "{name}");
        }
    }

    #[test]
    fn names_that_mean_something_else_are_left_alone() {
        for name in [
            "Ship Date",
            "Customer Category",
            "Discount Code",
            "Price after discount",
            "Profit",
            "Segment",
            "Row ID",
            "Country",
            "Product Container",
            "Shipping Cost",
            "Pays",
            "Geburtsdatum",
            "Date de livraison",
            "Customer Note",
            "Item #",
        ] {
            assert_eq!(best(name), None, "{name}");
        }
    }
}
