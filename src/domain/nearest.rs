//! Names that look like one that is not known, so that a slip of the pen is found without searching.

/// How many names are offered.
const OFFERED: usize = 3;

/// From how many percent on two names are nearly the same.
const ALIKE: usize = 75;

/// The names most like `name`, best first: those that share three quarters of their characters with it, in order, or contain all
/// of them (区卫健局 and 区卫生健康局).
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<String> {
    let wanted: Vec<char> = name.chars().collect();
    let mut near: Vec<(usize, &str)> = known.filter_map(|other| Some((likeness(&wanted, other)?, other))).collect();
    near.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    // If some name is nearly the same, a long name that only holds its characters is not a suggestion.
    let is_alike = near.first().is_some_and(|(percent, _)| *percent >= ALIKE);
    near.retain(|(percent, _)| !is_alike || *percent >= ALIKE);
    near.into_iter().take(OFFERED).map(|(_, other)| other.to_owned()).collect()
}

/// Shared characters in percent of all, where they are enough.
fn likeness(wanted: &[char], other: &str) -> Option<usize> {
    let other: Vec<char> = other.chars().collect();
    let shared = shared_in_order(wanted, &other);
    let contained = shared > 1 && shared == wanted.len().min(other.len());
    let percent = shared.saturating_mul(200).checked_div(wanted.len().saturating_add(other.len()))?;
    (percent >= ALIKE || contained).then_some(percent)
}

/// The length of the longest common subsequence.
fn shared_in_order(one: &[char], other: &[char]) -> usize {
    // `lengths[j]` is the length for the read part of `one` and the first `j + 1` characters of `other`.
    let mut lengths = vec![0_usize; other.len()];
    for left in one {
        let (mut diagonal, mut before) = (0, 0);
        for (length, right) in lengths.iter_mut().zip(other) {
            let above = *length;
            *length = if left == right { usize::saturating_add(diagonal, 1) } else { above.max(before) };
            (diagonal, before) = (above, *length);
        }
    }
    lengths.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn abbreviations_and_slips_are_found_and_strangers_are_not() {
        let known = ["区卫生健康局", "区财政局", "区民政局", "childcare-places-added", "elder-canteens"];
        for (name, expected) in [
            ("区卫健局", vec!["区卫生健康局"]),
            ("区卫生建康局", vec!["区卫生健康局"]),
            ("区财证局", vec!["区财政局"]),
            ("childcare-place-added", vec!["childcare-places-added"]),
            ("局", vec![]),
            ("水务集团", vec![]),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
