//! The displaced cost of a layer by its amount, if the layer shares no usage with others.

use super::blocks::Step;
use crate::usage::as_f64;

/// The usage of a layer with a single rate, sorted, and the sums of its smallest hours.
pub(super) struct Curve {
    rate: f64,
    /// Usage of the hours, USD, smallest first.
    usage: Vec<f64>,
    /// Sum of the smallest hours, by their number, USD.
    sums: Vec<f64>,
}

impl Curve {
    /// Returns the curve of a layer, for usage by hour and in it by group. `None` if other layers
    /// cover the same groups, or if the layer has several rates.
    pub(super) fn of(
        order: &[Vec<Step>],
        layer: usize,
        usage: &[f64],
        groups: usize,
    ) -> Option<Self> {
        let steps = &order[layer];
        let (_, rate) = *steps.first()?;
        let others = order.iter().enumerate().filter(|(at, _)| *at != layer);
        let mut of_others = others.flat_map(|(_, steps)| steps);
        let is_single = steps.iter().all(|(_, r)| r.to_bits() == rate.to_bits());
        if !is_single || of_others.any(|(group, _)| steps.iter().any(|(g, _)| g == group)) {
            return None;
        }
        let sum = |row: &[f64]| steps.iter().fold(0.0, |sum, (group, _)| sum + row[*group]);
        let mut usage: Vec<f64> = usage.chunks_exact(groups).map(sum).collect();
        usage.sort_by(f64::total_cmp);
        let mut sum = 0.0;
        let mut sums = vec![sum];
        for hour in &usage {
            sum += hour;
            sums.push(sum);
        }
        Some(Self { rate, usage, sums })
    }

    /// Returns the on-demand cost that an amount displaces, mean USD per hour.
    pub(super) fn displaced(&self, usd_per_hour: f64) -> f64 {
        let most = usd_per_hour.max(0.0) / self.rate;
        let complete = self.usage.partition_point(|usage| *usage <= most);
        let partly = self.usage.len() - complete;
        (self.sums[complete] + as_f64(partly) * most) / as_f64(self.usage.len().max(1))
    }
}
