//! [`Numbers`]: keys of a few codes as small numbers. Each line item needs five lookups, which take
//! most of the roll-up's time.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// Map key of `N` codes, hashed and compared by words, which takes half the time of bytes.
#[derive(Clone, Copy)]
struct Key<const N: usize>([u32; N]);

impl<const N: usize> Hash for Key<N> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (pairs, last) = self.0.as_chunks::<2>();
        for [a, b] in pairs {
            state.write_u64(u64::from(*a) << 32 | u64::from(*b));
        }
        for code in last {
            state.write_u32(*code);
        }
    }
}

impl<const N: usize> PartialEq for Key<N> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let mut differs = 0;
        for at in 0..N {
            differs |= self.0[at] ^ other.0[at];
        }
        differs == 0
    }
}

impl<const N: usize> Eq for Key<N> {}

/// Distinct keys of `N` codes, numbered in order of first occurrence.
pub(super) struct Numbers<const N: usize> {
    at: HashMap<Key<N>, u32, foldhash::fast::FixedState>,
    all: Vec<[u32; N]>,
    /// For each last code of a key, the number of the previous key with that code, which is usually
    /// requested again. Put the code last that determines most of the others.
    recent: Vec<u32>,
}

/// Converts to an index; beyond every vector if it does not fit.
#[inline]
pub(super) fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

impl<const N: usize> Default for Numbers<N> {
    fn default() -> Self {
        Self { at: HashMap::default(), all: Vec::new(), recent: Vec::new() }
    }
}

impl<const N: usize> Numbers<N> {
    /// Returns the number of a key, a new one for a new key, and whether it is new.
    #[inline]
    pub(super) fn number(&mut self, key: [u32; N]) -> (u32, bool) {
        let last = index(key[N - 1]);
        let recent = self.recent.get(last).copied().unwrap_or(u32::MAX);
        if self.all.get(index(recent)).is_some_and(|seen| Key(*seen) == Key(key)) {
            return (recent, false);
        }
        let known = self.at.get(&Key(key)).copied();
        let number = known.unwrap_or_else(|| {
            let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(key);
            self.at.insert(Key(key), number);
            number
        });
        if self.recent.len() <= last {
            self.recent.resize(last + 1, u32::MAX);
        }
        self.recent[last] = number;
        (number, known.is_none())
    }

    /// Returns all keys, by number.
    #[inline]
    pub(super) fn keys(&self) -> &[[u32; N]] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_as_they_are_met() {
        let mut numbers = Numbers::<3>::default();
        let met = [[1, 2, 7], [1, 3, 7], [1, 2, 7], [1, 2, 0], [1, 3, 7], [1, 3, 7], [2, 3, 7]];
        let found = met.map(|key| numbers.number(key));
        assert_eq!(
            found,
            [(0, true), (1, true), (0, false), (2, true), (1, false), (1, false), (3, true)]
        );
        assert_eq!(numbers.keys(), [[1, 2, 7], [1, 3, 7], [1, 2, 0], [2, 3, 7]]);
    }
}
