//! What a product says of its own health.

/// Something that requests need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is.
    pub name: &'static str,
    /// How it is, in a word: `OK` where it is good.
    pub state: &'static str,
    /// Whether requests can be answered, as far as it goes.
    pub is_good: bool,
}

/// A measurement of the product's own. Each value has its labels, which have few values whatever clients send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// Its name, without that of the product.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// Values with their labels.
    pub values: Vec<(Vec<(&'static str, String)>, u64)>,
}
