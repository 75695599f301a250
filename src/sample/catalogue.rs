//! What the shop sells.

use super::dice::Dice;

/// One product.
pub(super) struct Product {
    pub code: String,
    pub name: String,
    /// Price per piece in 2023.
    pub cents: u32,
}

/// All products, and how often each is bought outside and inside the festive season.
pub(super) struct Catalogue {
    pub products: Vec<Product>,
    plain: Vec<u64>,
    festive: Vec<u64>,
}

/// Name, price in cents of the plainest variant, and whether it is for the festive season.
const ITEMS: &[(&str, u32, bool)] = &[
    ("mug", 395, false),
    ("bowl", 595, false),
    ("plate", 495, false),
    ("teapot", 1895, false),
    ("vase", 1295, false),
    ("jug", 1495, false),
    ("egg cup", 225, false),
    ("candle", 345, false),
    ("lantern", 1650, false),
    ("tray", 1195, false),
    ("coaster", 125, false),
    ("napkins", 165, false),
    ("tea towel", 450, false),
    ("apron", 1250, false),
    ("cushion", 1795, false),
    ("throw", 3450, false),
    ("doormat", 1995, false),
    ("basket", 1350, false),
    ("clock", 2450, false),
    ("photo frame", 850, false),
    ("mirror", 3995, false),
    ("hook", 275, false),
    ("lamp", 4450, false),
    ("notebook", 295, false),
    ("lunch box", 695, false),
    ("bottle", 995, false),
    ("cake tin", 1150, false),
    ("whisk", 375, false),
    ("jam jar", 95, false),
    ("planter", 1075, false),
    ("gift bag", 145, true),
    ("star", 245, true),
    ("bauble", 195, true),
    ("garland", 895, true),
    ("wreath", 1595, true),
    ("cards", 325, true),
];

/// Words before the name, and what they add to the price in percent.
const VARIANTS: &[(&str, u32)] = &[
    ("White", 0),
    ("Blue", 0),
    ("Red", 0),
    ("Green", 5),
    ("Striped", 10),
    ("Dotted", 10),
    ("Vintage", 30),
    ("Oak", 45),
    ("Copper", 60),
];

impl Catalogue {
    /// The products are always the same; which ones sell well is drawn.
    pub fn new(dice: &mut Dice) -> Self {
        let mut products = Vec::with_capacity(ITEMS.len() * VARIANTS.len());
        let mut seasonal = Vec::with_capacity(products.capacity());
        for (i, (item, cents, festive)) in ITEMS.iter().enumerate() {
            for (j, (variant, percent)) in VARIANTS.iter().enumerate() {
                products.push(Product {
                    code: format!("{}{}", 1001 + 13 * i, (b'A' + j as u8) as char),
                    name: format!("{variant} {item}"),
                    cents: cents + cents * percent / 100 / 5 * 5,
                });
                seasonal.push(*festive);
            }
        }
        let mut ranks: Vec<u64> = (0..products.len() as u64).collect();
        dice.shuffle(&mut ranks);
        // Zipf's law: the r-th best seller sells in proportion to 1 / r, slightly flattened at the top.
        let weight = |rank: u64| 1_000_000 / (rank + 4);
        let sums = |factor: &dyn Fn(bool) -> u64| {
            let weights = ranks.iter().zip(&seasonal).map(|(&rank, &festive)| weight(rank) * factor(festive));
            weights
                .scan(0, |sum, w| {
                    *sum += w;
                    Some(*sum)
                })
                .collect()
        };
        Catalogue {
            plain: sums(&|festive| if festive { 1 } else { 20 }),
            festive: sums(&|festive| if festive { 5 } else { 2 }),
            products,
        }
    }

    /// Index of a product that somebody buys.
    pub fn pick(&self, festive: bool, dice: &mut Dice) -> usize {
        dice.by_sums(if festive { &self.festive } else { &self.plain })
    }
}
