//! Small tables as the text of a file.
#![allow(dead_code)] // each test binary uses a part of it

/// Orders of a small shop over 2024: customers differ in how often and how lately they buy, and many buy once.
pub fn orders(customers: usize) -> String {
    let mut text = String::from("order,date,customer,amount\n");
    for c in 0..customers {
        let orders = 1 + (c * 7) % 11 / 2 * (c % 3);
        for o in 0..orders {
            let day = (c * 13 + o * 29) % 360;
            let date = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
            text += &format!("{}-{o},{date},{},{}\n", 1000 + c, 100 + c, 5 + (c * 31 + o * 17) % 240);
        }
    }
    text
}

/// 150 visitors of a mall with an age, an income and a score, in five groups: a table of customers without purchases.
pub fn visitors() -> String {
    let mut text = String::from("CustomerID,Genre,Age,Annual Income (k$),Spending Score (1-100)\n");
    for i in 0..150u32 {
        let (income, score) = [(20, 80), (25, 20), (55, 50), (90, 85), (95, 15)][i as usize % 5];
        let (age, genre) = (20 + i * 7 % 45, if i % 2 == 0 { "Male" } else { "Female" });
        text += &format!("{:04},{genre},{age},{},{}\n", i + 1, income + i * 3 % 9, score + i * 5 % 11);
    }
    text
}

/// The first rows of the sample file, under `header` if that is given.
pub fn part_of_the_sample(rows: usize, header: Option<&str>) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv");
    let sample = std::fs::read_to_string(path).unwrap();
    let mut lines = sample.lines();
    let own = lines.next().unwrap();
    let rows: Vec<&str> = lines.take(rows).collect();
    format!("{}\n{}\n", header.unwrap_or(own), rows.join("\n"))
}
