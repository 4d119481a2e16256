//! Notes on a billing export: a sentence, and the affected rows.

use polars::prelude::*;

use super::credits::field;
use super::export::BillingExport;
use super::kinds::{COMMITTED, COVERED, FEE, UNUSED, is, settled};
use super::labels;

/// Note that applies if it affects any rows.
pub struct Note {
    /// The problem, and its effect on the figures.
    pub sentence: &'static str,
    /// Affected rows, with the columns of the export. If there are none, the note does not apply.
    pub rows: LazyFrame,
}

struct Known {
    sentence: &'static str,
    applies: fn(&BillingExport) -> Expr,
}

const NOTES: &[Known] = &[
    Known {
        sentence: "fees of resource-based and legacy spend-based committed use discounts are not \
            spread over the usage they cover: EffectiveCost equals BilledCost, the fees have the \
            cost, covered usage has little or no cost, and utilization and savings of these \
            commitments are unknown",
        applies: |_| is(&[FEE, COVERED]),
    },
    Known {
        sentence: "usage and fees of committed use discounts have no subscription.instance_id \
            (the standard export lacks it): they cannot be assigned to a commitment, and the \
            unused part is not marked as Unused",
        applies: |e| is(&[COMMITTED, UNUSED]).and(e.text("subscription.instance_id").is_null()),
    },
    Known {
        sentence: "credits with a missing or unknown type become separate charges (ChargeCategory \
            Credit), like promotions; they do not reduce the cost of the usage they belong to",
        applies: |_| settled(field::UNKNOWN),
    },
    Known {
        sentence: "labels and tags that are neither a list of keys and values nor such a list as \
            JSON text are skipped",
        applies: labels::unreadable,
    },
    Known {
        sentence: "costs and credits with more than 12 decimal places are rounded half-even to 12 \
            places, each by at most 0.0000000000005",
        applies: |_| settled(field::ROUNDED),
    },
];

/// Returns all notes with the affected rows; needs the columns of [`super::kinds`].
pub(super) fn of_rows(export: &BillingExport, rows: &LazyFrame, columns: &[Expr]) -> Vec<Note> {
    let note = |known: &Known| Note {
        sentence: known.sentence,
        rows: rows.clone().filter((known.applies)(export)).select(columns),
    };
    NOTES.iter().map(note).collect()
}
