//! 常住人口: how many people live in a jurisdiction, so that places of different sizes can be compared.

use entity::JurisdictionId;
use rust_decimal::Decimal;

use crate::domain::share::Share;

/// The residents of a jurisdiction in a year, by whom they were counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// The jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// The year; the number is as of its end.
    pub year: i32,
    /// 常住人口, in persons.
    pub residents: i64,
    /// By whom and how they were counted, in Chinese.
    pub source: String,
    /// The source in English.
    pub source_english: String,
}

impl Population {
    /// A figure for ten thousand residents (每万人); `None` where nobody lives.
    #[must_use]
    pub fn per_ten_thousand(&self, figure: Decimal) -> Option<Share> {
        Share::from(figure).times(&Share::from(10_000_i64)).over(&Share::from(self.residents))
    }
}

/// The count to go by in a year: the latest until then, else the first after it. Towns are counted once in a while, and grow slowly.
#[must_use]
pub fn in_year(counts: &[Population], year: i32) -> Option<&Population> {
    let until = counts.iter().filter(|count| count.year <= year).max_by_key(|count| count.year);
    until.or_else(|| counts.iter().min_by_key(|count| count.year))
}

#[cfg(test)]
mod tests {
    use super::{Population, in_year};

    fn counted(year: i32, residents: i64) -> Population {
        Population {
            jurisdiction_id: entity::JurisdictionId(uuid::Uuid::nil()),
            year,
            residents,
            source: "普查".into(),
            source_english: "census".into(),
        }
    }

    #[test]
    fn the_latest_count_until_a_year_counts_else_the_first_after_it() {
        let counts = [counted(2020, 1), counted(2023, 2), counted(2010, 3)];
        let year = |year| in_year(&counts, year).map(|count| count.year);
        assert_eq!([2009, 2010, 2022, 2023, 2030].map(year), [2010, 2010, 2020, 2023, 2023].map(Some));
        assert_eq!(in_year(&[], 2024), None);
    }

    #[test]
    fn a_figure_is_shared_among_ten_thousand() {
        let shown =
            |residents, figure: i64| counted(2023, residents).per_ten_thousand(figure.into()).map(|share| share.rounded(4).to_string());
        assert_eq!(shown(630_000, 581), Some("9.2222".into()));
        assert_eq!(shown(0, 581), None);
    }
}
