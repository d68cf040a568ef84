//! 辖区: government levels and the tree that they form.

use std::collections::HashMap;

use entity::{JurisdictionId, JurisdictionKind};

/// A government level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jurisdiction {
    /// Its id.
    pub id: JurisdictionId,
    /// A slug that never changes (`yanzhou`).
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_english: String,
    /// City, district, county, county-level city or development zone.
    pub kind: JurisdictionKind,
    /// The code of GB/T 2260, where one exists.
    pub division_code: Option<String>,
    /// The level above.
    pub parent_id: Option<JurisdictionId>,
    /// Its place in the official order.
    pub position: i32,
}

/// All jurisdictions of an installation. They are few (a city has some dozens) and change about once in a decade.
#[derive(Debug, Default)]
pub struct Tree {
    in_order: Vec<Jurisdiction>,
    by_id: HashMap<JurisdictionId, usize>,
    by_code: HashMap<String, usize>,
    children: HashMap<JurisdictionId, Vec<usize>>,
}

impl Tree {
    /// The tree of these jurisdictions, which are in the official order.
    #[must_use]
    pub fn new(in_order: Vec<Jurisdiction>) -> Self {
        let mut tree = Self { in_order, ..Self::default() };
        for (index, jurisdiction) in tree.in_order.iter().enumerate() {
            tree.by_id.insert(jurisdiction.id, index);
            tree.by_code.insert(jurisdiction.code.clone(), index);
            if let Some(parent) = jurisdiction.parent_id {
                tree.children.entry(parent).or_default().push(index);
            }
        }
        tree
    }

    /// All of them, in the official order.
    #[must_use]
    pub fn all(&self) -> &[Jurisdiction] {
        &self.in_order
    }

    /// The one with this id.
    #[must_use]
    pub fn by_id(&self, id: JurisdictionId) -> Option<&Jurisdiction> {
        self.in_order.get(*self.by_id.get(&id)?)
    }

    /// The one with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Jurisdiction> {
        self.in_order.get(*self.by_code.get(code)?)
    }

    /// Those directly below one, in the official order.
    pub fn children(&self, id: JurisdictionId) -> impl Iterator<Item = &Jurisdiction> {
        self.children.get(&id).into_iter().flatten().filter_map(|index| self.in_order.get(*index))
    }

    /// One and all below it.
    #[must_use]
    pub fn subtree(&self, id: JurisdictionId) -> Vec<JurisdictionId> {
        let mut found = vec![id];
        let mut next = 0;
        // A row is its own child's descendant only in a broken table; membership is checked so that even that ends.
        while let Some(current) = found.get(next).copied() {
            next = next.saturating_add(1);
            for child in self.children(current) {
                if !found.contains(&child.id) {
                    found.push(child.id);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jurisdiction(code: &str, parent_id: Option<JurisdictionId>) -> Jurisdiction {
        Jurisdiction {
            id: JurisdictionId::generate(),
            code: code.into(),
            name: code.into(),
            name_english: code.into(),
            kind: JurisdictionKind::City,
            division_code: None,
            parent_id,
            position: 0,
        }
    }

    #[test]
    fn a_subtree_holds_its_root_and_every_level_below() {
        let city = jurisdiction("city", None);
        let district = jurisdiction("district", Some(city.id));
        let zone = jurisdiction("zone", Some(city.id));
        let park = jurisdiction("park", Some(zone.id));
        let ids = [city.id, district.id, zone.id, park.id];
        let tree = Tree::new(vec![city, district, zone, park]);
        assert_eq!(tree.subtree(ids[0]), ids);
        assert_eq!(tree.subtree(ids[2]), [ids[2], ids[3]]);
        assert_eq!(tree.children(ids[0]).map(|child| child.code.as_str()).collect::<Vec<_>>(), ["district", "zone"]);
    }

    #[test]
    fn a_broken_tree_still_ends() {
        let mut one = jurisdiction("one", None);
        let two = jurisdiction("two", Some(one.id));
        one.parent_id = Some(two.id);
        let ids = [one.id, two.id];
        assert_eq!(Tree::new(vec![one, two]).subtree(ids[0]), ids);
    }
}
