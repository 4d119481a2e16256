//! Seeded noise with additions and multiplications only: the same digits on every machine.

use std::hash::Hasher;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random values of one named series: adding a series does not change the values of the others.
pub(crate) struct Noise(ChaCha8Rng);

impl Noise {
    /// Noise of the series `name`.
    pub(crate) fn of(name: &str) -> Self {
        // A seed depends on the name alone.
        let mut hash = fnv::FnvHasher::default();
        hash.write(name.as_bytes());
        Self(ChaCha8Rng::seed_from_u64(hash.finish()))
    }

    /// Uniform in 0..1, in steps of 2⁻³².
    pub(crate) fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Around 1 with standard deviation `spread`: a sum of twelve uniforms is close to normal.
    /// Never below 0.
    pub(crate) fn around_one(&mut self, spread: f64) -> f64 {
        let normal: f64 = (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0;
        (1.0 + spread * normal).max(0.0)
    }

    /// Returns an integer below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        // The bias of the remainder is far below what anybody could see here.
        self.0.next_u32() % end.max(1)
    }
}
