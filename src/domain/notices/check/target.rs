//! Targets: exact figures, and the indicators that they are counted under.

use entity::{Comparator, Quantity, QuantityError, TargetKind};
use rust_decimal::Decimal;

use super::{Found, Names, reason};
use crate::domain::{
    fault::Claims,
    figure,
    notices::{draft::TargetDraft, seed::SeedTarget, target::most_of},
    written::{Entry, Record, Written, reason::not_a_figure},
};

/// The targets of a task being checked.
struct Targets<'n> {
    names: &'n Names,
    /// A label names a target, or a part of one, within its task.
    labels: Claims<String>,
    /// In the order of the notice, parts behind their wholes.
    checked: Vec<SeedTarget>,
}

pub(super) fn check(drafts: &[Entry<TargetDraft>], task: &mut Record<'_>, names: &Names) -> Vec<SeedTarget> {
    let mut targets = Targets { names, labels: Claims::default(), checked: Vec::new() };
    targets.add(drafts, None, task);
    targets.checked
}

impl Targets<'_> {
    fn add(&mut self, drafts: &[Entry<TargetDraft>], whole: Option<&Written>, parent: &mut Record<'_>) {
        let (list, noun) = if whole.is_some() { ("parts", "其中") } else { ("targets", "目标") };
        for (place, entry) in drafts.iter().enumerate() {
            let label = entry.value.label.as_ref();
            let mut record = parent.inner(list, entry, noun, label, place);
            let target = self.target(&entry.value, whole, &mut record);
            self.checked.extend(target.clone());
            self.add(&entry.value.parts, label, &mut record);
            if let (Some(target), Some(value)) = (target, &entry.value.value) {
                self.check_parts(&target, value, &mut record);
            }
        }
    }

    /// Parts are within their whole. The people whom parts reach may be the same, so that each alone is; rates are shares of other things.
    fn check_parts(&self, whole: &SeedTarget, written: &Written, record: &mut Record<'_>) {
        let is_part = |part: &&SeedTarget| part.part_of.as_ref() == Some(&whole.label) && part.unit == whole.unit;
        let parts = self.checked.iter().filter(is_part).map(|part| Decimal::from(part.value));
        let most = match whole.kind {
            TargetKind::Rate => None,
            TargetKind::Coverage => parts.max(),
            TargetKind::Increment | TargetKind::Level | TargetKind::Amount => Some(parts.fold(Decimal::ZERO, Decimal::saturating_add)),
        };
        if let Some(most) = most.filter(|most| *most > Decimal::from(whole.value)) {
            record.fault("value", written.at, reason::parts_exceed(&written.text, most));
        }
    }

    fn target(&mut self, draft: &TargetDraft, whole: Option<&Written>, record: &mut Record<'_>) -> Option<SeedTarget> {
        let label = record.required("label", draft.label.as_ref());
        if let Some(label) = label {
            record.claim(&mut self.labels, label.text.clone(), "label", label.at, &label.text);
        }
        let value = record.required("value", draft.value.as_ref()).and_then(|value| quantity("value", value, record));
        let unit = record.required("unit", draft.unit.as_ref());
        let comparator = record.word("comparator", draft.comparator.as_ref());
        let kind = record.word::<TargetKind>("kind", draft.kind.as_ref());
        let baseline = record.optional("baseline", draft.baseline.as_ref());
        let starts_at = baseline.and_then(|baseline| quantity("baseline", baseline, record));
        if let (Some(written), Some(starts_at)) = (baseline, starts_at) {
            check_baseline(written, starts_at, (value, comparator, kind), record);
        }
        if let Some(most) = unit.and_then(|unit| most_of(kind, &unit.text)) {
            for (field, written, figure) in [("value", draft.value.as_ref(), value), ("baseline", baseline, starts_at)] {
                if let (Some(written), Some(figure)) = (written, figure)
                    && Decimal::from(figure) > most
                {
                    record.fault(field, written.at, reason::above_whole(&written.text, most));
                }
            }
        }
        let indicator = record.optional("indicator", draft.indicator.as_ref());
        if let Some(indicator) = indicator {
            self.compare(indicator, unit, draft.kind.as_ref().filter(|_| kind.is_some()), record);
        }
        Some(SeedTarget {
            label: label?.text.clone(),
            value: value?,
            baseline: starts_at,
            unit: unit?.text.clone(),
            comparator: comparator?,
            kind: kind?,
            part_of: whole.map(|whole| whole.text.clone()),
            indicator: indicator.map(|indicator| indicator.text.clone()),
        })
    }

    /// A target meets others under an indicator only when it counts the same kind of thing in the same unit.
    fn compare(&self, indicator: &Written, unit: Option<&Written>, kind: Option<&Written>, record: &mut Record<'_>) {
        let measure = match self.names.indicators.find(&indicator.text) {
            Found::Known(measure) => measure,
            Found::Unknown(near) => {
                record.fault("indicator", indicator.at, reason::unknown_indicator(&indicator.text, &near));
                return;
            }
            Found::Undecided => return,
        };
        if let (Some(unit), Some(expected)) = (unit, &measure.unit)
            && unit.text != *expected
        {
            record.fault("unit", unit.at, reason::other_unit(&unit.text, &indicator.text, expected));
        }
        if let (Some(kind), Some(expected)) = (kind, &measure.kind)
            && kind.text != *expected
        {
            record.fault("kind", kind.at, reason::other_kind(&kind.text, &indicator.text, expected));
        }
    }
}

/// A rate or a level starts somewhere, on the far side of what is to be reached; what is counted from the start of the year starts at nothing.
fn check_baseline(
    written: &Written,
    baseline: Quantity,
    (value, comparator, kind): (Option<Quantity>, Option<Comparator>, Option<TargetKind>),
    record: &mut Record<'_>,
) {
    if kind.is_some_and(|kind| !matches!(kind, TargetKind::Rate | TargetKind::Level)) {
        record.fault("baseline", written.at, reason::no_baseline());
    } else if let (Some(value), Some(comparator)) = (value, comparator) {
        let is_beyond = if comparator == Comparator::AtMost { baseline > value } else { baseline < value };
        if !is_beyond {
            record.fault("baseline", written.at, reason::baseline_reached(&written.text));
        }
    }
}

fn quantity(field: &str, written: &Written, record: &mut Record<'_>) -> Option<Quantity> {
    let reason = match figure::parse(&written.text) {
        None => not_a_figure(&written.text),
        Some(value) if value < Decimal::ZERO => reason::negative(&written.text),
        Some(value) => match Quantity::try_from(value) {
            Ok(quantity) => return Some(quantity),
            Err(QuantityError::TooPrecise) => reason::too_precise(&written.text),
            Err(QuantityError::TooLarge) => reason::too_large(&written.text),
        },
    };
    record.fault(field, written.at, reason);
    None
}
