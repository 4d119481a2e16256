//! Memoized function of text cells, evaluated once for most equal cells.
//!
//! Within one array of the engine, equal views are equal text: a view contains short text and
//! points to longer text. Columns of a bill repeat a few texts, so most cells are looked up by
//! comparing 16 bytes.

use polars::prelude::*;

/// Number of stored results. A power of two, small enough for the first-level cache: 1,024 × 32
/// bytes at most.
const ANSWERS: usize = 1024;
/// View that no text has: its length is larger than an array can contain.
const NO_VIEW: u128 = u128::MAX;

/// Returns the slot of a view: the upper bits of a multiplicative hash (Knuth, TAOCP 6.4).
#[inline]
fn slot(view: u128) -> usize {
    let low = u64::try_from(view & u128::from(u64::MAX)).unwrap_or(0);
    let high = u64::try_from(view >> 64).unwrap_or(0);
    let hash = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(hash >> 54).unwrap_or(0) % ANSWERS
}

/// Returns the result of `of` for each cell; [`Default`] for null.
#[inline]
pub(crate) fn each<T: Copy + Default>(
    texts: &StringChunked,
    mut of: impl FnMut(&str) -> T,
) -> Vec<T> {
    let mut out = Vec::with_capacity(texts.len());
    for array in texts.downcast_iter() {
        let mut answers = [(NO_VIEW, T::default()); ANSWERS];
        for (view, cell) in array.views().iter().zip(array.iter()) {
            let Some(text) = cell else {
                out.push(T::default());
                continue;
            };
            let view = view.as_u128();
            let answer = &mut answers[slot(view)];
            if answer.0 != view {
                *answer = (view, of(text));
            }
            out.push(answer.1);
        }
    }
    out
}

/// Returns whether `holds` is true for all cells that are not null.
#[inline]
pub(super) fn all(texts: &StringChunked, holds: impl Fn(&str) -> bool) -> bool {
    texts.downcast_iter().all(|array| {
        let mut known = [NO_VIEW; ANSWERS];
        array.views().iter().enumerate().all(|(at, view)| {
            let view = view.as_u128();
            let seen = &mut known[slot(view)];
            if *seen == view {
                return true;
            }
            let Some(text) = array.get(at) else { return true };
            *seen = view;
            holds(text)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> StringChunked {
        let long = "arn:aws:ec2:us-east-1:111111111111:instance/i-0123456789abcdef0";
        let mut texts: StringChunked =
            [Some(long), None, Some(""), Some("a"), Some(long)].into_iter().collect();
        let more: StringChunked = [None, Some("b"), Some(long), Some("")].into_iter().collect();
        texts.append(&more).expect("one type");
        texts
    }

    #[test]
    fn equal_cells_have_one_answer_and_null_has_none() {
        assert_eq!(each(&texts(), |text| Some(text.len())), {
            [Some(63), None, Some(0), Some(1), Some(63), None, Some(1), Some(63), Some(0)]
        });
    }

    #[test]
    fn all_looks_at_blank_text_beside_null_and_at_each_array() {
        assert!(all(&texts(), |_| true));
        assert!(!all(&texts(), |text| !text.is_empty()));
        assert!(!all(&texts(), |text| text != "b"));
    }
}
