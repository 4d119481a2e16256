//! The exact optimum of a single layer.

use super::ordered::Ordered;

/// Returns the amount of a layer with the lowest cost, for the usage that the layers before it
/// leave, USD per hour.
pub(super) fn alone(of: &Ordered, layer: usize, budgets: &[f64]) -> f64 {
    // One more USD displaces 1 ÷ rate on demand until a group is fully covered. These are the
    // points where that value falls, and by how much.
    let mut falls: Vec<(f64, f64)> = Vec::new();
    let mut worth = 0.0;
    for left in of.left_before(layer, budgets).chunks_exact(of.width()) {
        let (mut spent, mut now) = (0.0, None);
        for (group, rate) in of.order[layer].iter().filter(|(group, _)| left[*group] > 0.0) {
            let here = 1.0 / rate;
            match now {
                None => worth += here,
                Some(last) => falls.push((spent, last - here)),
            }
            now = Some(here);
            spent += left[*group] * rate;
        }
        falls.extend(now.map(|last| (spent, last)));
    }
    falls.sort_by(|a, b| a.0.total_cmp(&b.0));
    let cost = crate::usage::as_f64(of.hours());
    let mut amount = 0.0;
    for (at, fall) in falls {
        // An equal cost is not an improvement.
        if worth <= cost * (1.0 + 1e-12) {
            break;
        }
        amount = at;
        worth -= fall;
    }
    amount
}
