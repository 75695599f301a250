//! Numbers that read back exactly, whatever reads the JSON.

use serde_json::{Map, Number, Value};

/// The key of an object that stands for a number which JSON cannot say, or which would not read back exactly.
const NUMBER: &str = "@number";

/// A value of TOML, in which recipes are written, as JSON.
pub(super) fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(n) => n.into(),
        toml::Value::Float(x) => number(x),
        toml::Value::Boolean(b) => b.into(),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(list) => list.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(k, v)| (k, of_toml(v))).collect()),
    }
}

/// The reverse; `None` for what TOML has no word for.
pub(super) fn to_toml(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(b) => toml::Value::Boolean(*b),
        Value::Number(n) => match n.as_i64() {
            Some(whole) => toml::Value::Integer(whole),
            None => toml::Value::Float(n.as_f64()?),
        },
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Array(list) => toml::Value::Array(list.iter().map(to_toml).collect::<Option<_>>()?),
        Value::Object(fields) => match special(fields) {
            Some(x) => toml::Value::Float(x),
            None => {
                let field = |(k, v): (&String, &Value)| Some((k.clone(), to_toml(v)?));
                toml::Value::Table(fields.iter().map(field).collect::<Option<_>>()?)
            }
        },
    })
}

/// A number as JSON that reads back to the very same bits.
pub(super) fn number(x: f64) -> Value {
    let plain = Number::from_f64(x).filter(|n| {
        let read = serde_json::from_str::<f64>(&n.to_string());
        read.is_ok_and(|read| read.to_bits() == x.to_bits())
    });
    match plain {
        Some(n) => Value::Number(n),
        None => Value::Object(Map::from_iter([(NUMBER.to_string(), Value::String(x.to_string()))])),
    }
}

/// The number that [`number`] wrote.
pub(super) fn to_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => n.as_f64(),
        Value::Object(fields) => special(fields),
        _ => None,
    }
}

fn special(fields: &Map<String, Value>) -> Option<f64> {
    match (fields.len(), fields.get(NUMBER)) {
        (1, Some(Value::String(text))) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_reads_back_exactly(bits in any::<u64>()) {
            let x = f64::from_bits(bits);
            let text = number(x).to_string();
            let read = to_number(&serde_json::from_str(&text).unwrap()).unwrap();
            prop_assert!(read.to_bits() == x.to_bits() || (x.is_nan() && read.is_nan()), "{text}");
        }
    }
}
