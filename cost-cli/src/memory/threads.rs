//! Number of threads, and settings of the allocator, for the memory budget.

use std::num::NonZero;
use std::thread::available_parallelism;

use super::Size;

/// Memory for each thread of the query engine. Measured on the demo estate: one thread takes 90 MiB
/// of private memory, two take 180 MiB. Larger bills take more per thread, so twice as much.
const PER_THREAD: u64 = 256 << 20;
/// Below this budget, the allocator uses one arena (mallopt(3), `M_ARENA_MAX`). Each arena of
/// another thread reserves 64 MiB of addresses (`HEAP_MAX_SIZE` in glibc), which count for
/// `ulimit -v` whether they are used or not. With one thread and one arena, the review of the demo
/// estate takes 236 MiB of addresses instead of 948 MiB (measured on two cores).
const ONE_ARENA_BELOW: u64 = 2 << 30;
/// Variables with a number of threads: of polars, and of rayon.
const ENGINE: &str = "POLARS_MAX_THREADS";
const RAYON: &str = "RAYON_NUM_THREADS";
/// Variable with the number of arenas of the GNU allocator. Others ignore it.
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// Environment of the child process, and warnings about settings that are not used.
pub(super) struct Sizing {
    pub(super) variables: Vec<(&'static str, String)>,
    pub(super) warnings: Vec<String>,
}

/// Returns the sizes for a budget. What the user has set is used, if it is a number of threads.
pub(super) fn sizing(budget: Size, set: impl Fn(&str) -> Option<String>) -> Sizing {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let most = usize::try_from(budget.0 / PER_THREAD).unwrap_or(usize::MAX);
    let threads = most.clamp(1, cores);
    let mut out = Sizing { variables: Vec::new(), warnings: Vec::new() };
    for name in [ENGINE, RAYON] {
        let own = set(name);
        let is_number = |text: &String| text.trim().parse::<NonZero<usize>>().is_ok();
        if own.as_ref().is_some_and(is_number) {
            continue;
        }
        if let Some(text) = own {
            out.warnings.push(format!(
                "{name} is `{text}`, which is not a number of threads from 1: using {threads}"
            ));
        }
        out.variables.push((name, threads.to_string()));
    }
    if budget.0 < ONE_ARENA_BELOW && set(ARENAS).is_none() {
        out.variables.push((ARENAS, "1".to_owned()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mib: u64, set: &[(&str, &str)]) -> Sizing {
        let value = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        sizing(Size(mib << 20), value)
    }

    #[test]
    fn little_memory_has_one_thread_and_one_arena() {
        let one = |name| (name, "1".to_owned());
        assert_eq!(of(410, &[]).variables, [one(ENGINE), one(RAYON), one(ARENAS)]);
        assert!(of(410, &[]).warnings.is_empty());
        assert!(of(4_096, &[]).variables.iter().all(|(name, _)| *name != ARENAS));
    }

    #[test]
    fn a_number_of_threads_that_is_set_is_used_and_zero_is_not() {
        let set = of(410, &[(ENGINE, "3"), (ARENAS, "2")]);
        assert_eq!(set.variables, [(RAYON, "1".to_owned())]);
        for wrong in ["0", "-1", "many", ""] {
            let sizing = of(410, &[(ENGINE, wrong)]);
            assert!(sizing.variables.contains(&(ENGINE, "1".to_owned())), "{wrong}");
            assert!(sizing.warnings[0].contains("POLARS_MAX_THREADS"), "{wrong}");
        }
    }
}
