//! Signals that ask the program to end: SIGINT (Ctrl-C), SIGTERM, and SIGHUP (ADR 0044).
//!
//! A thread takes them. So the first process of a container (PID 1) also ends: without a handler,
//! the system ignores signals to it (`pid_namespaces(7)`).

use std::fs;
use std::io::{PipeWriter, Write};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::output;

/// Maximum time to wait for steps in progress, such as a notice that is being sent. Chosen: half of
/// the ten seconds after which Docker kills a container (`docker stop`, read 2026-11).
const GRACE: Duration = Duration::from_secs(5);
/// Exit code of a shell for a process that a signal ended, without the number of the signal (bash
/// manual, "Exit Status").
const ENDED_BY: i32 = 128;

/// Message if a step has not ended by then.
const LATE: &str =
    "stopped: the notice that was being sent was waited for in vain, and can arrive twice";

/// First signal that asked this process to end; 0 if none did.
static ASKED: AtomicI32 = AtomicI32::new(0);
/// Pipe to the child process that runs the command.
static CHILD: Mutex<Option<PipeWriter>> = Mutex::new(None);
/// Steps in progress, and the notification that one has ended.
static STEPS: Mutex<usize> = Mutex::new(0);
static STEP_ENDED: Condvar = Condvar::new();

/// Takes the signals from now on. Those that are ignored stay ignored, as after `nohup`.
pub(crate) fn watch() {
    // A caller that ignores the end of its children passes that on, and waiting for ours would fail.
    let _ = signal_hook::flag::register(SIGCHLD, Arc::new(AtomicBool::new(false)));
    let ignored = ignored(&fs::read_to_string("/proc/self/status").unwrap_or_default());
    let taken = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !ignored.contains(signal));
    // Without the thread, signals have their default effect.
    let Ok(mut signals) = Signals::new(taken) else { return };
    let handle = signals.handle();
    let take = move || {
        for signal in signals.forever() {
            on(signal);
        }
    };
    if std::thread::Builder::new().name("signals".to_owned()).spawn(take).is_err() {
        handle.close();
    }
}

/// Returns the signals that a process ignores, by its status: a line `SigIgn:` with a hexadecimal
/// mask, whose lowest bit is signal 1 (`proc_pid_status(5)`).
fn ignored(status: &str) -> Vec<i32> {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    let is_ignored =
        |signal: &i32| mask.checked_shr(signal.unsigned_abs() - 1).unwrap_or(0) & 1 == 1;
    (1..=64).filter(is_ignored).collect()
}

/// Passes the first signal to the child, which ends in order. Without one, or for a second signal,
/// ends this process.
fn on(signal: i32) {
    let is_first = ASKED.compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    if !(is_first && tell(signal)) {
        end(signal);
    }
}

/// Writes the number of the signal to the child's pipe. Returns whether there is one.
fn tell(signal: i32) -> bool {
    let number = u8::try_from(signal).unwrap_or_default();
    locked(&CHILD).as_mut().is_some_and(|child| child.write_all(&[number]).is_ok())
}

/// Sets the pipe to the child process: it gets the number of the first signal. The pipe closes when
/// this process ends.
pub(crate) fn pass_to(child: Option<PipeWriter>) {
    *locked(&CHILD) = child;
}

/// Returns the signal that asked this process to end.
pub(crate) fn asked() -> Option<i32> {
    Some(ASKED.load(Ordering::SeqCst)).filter(|signal| *signal > 0)
}

/// A step that should not be interrupted: a signal ends the process only after it, or after
/// [`GRACE`].
pub(crate) struct Step(());

/// Begins a step.
pub(crate) fn step() -> Step {
    *locked(&STEPS) += 1;
    Step(())
}

impl Drop for Step {
    fn drop(&mut self) {
        *locked(&STEPS) -= 1;
        STEP_ENDED.notify_all();
    }
}

/// Ends this process in order: after the steps in progress, and without what it has not written
/// completely.
pub(crate) fn end(signal: i32) -> ! {
    ASKED.store(signal, Ordering::SeqCst);
    let waited = STEP_ENDED.wait_timeout_while(locked(&STEPS), GRACE, |steps| *steps > 0);
    let is_over = waited.is_ok_and(|(_, waited)| waited.timed_out());
    if is_over {
        output::warn(LATE);
    }
    if let Some(text) = abandon() {
        output::warn(text);
    }
    die(signal)
}

/// Removes what was not written completely. Returns the message about that.
pub(crate) fn abandon() -> Option<&'static str> {
    (cost_core::estate::abandon_all() > 0)
        .then_some("stopped: what was written so far is removed, and a former estate is unchanged")
}

/// Ends this process by a signal, so that its caller sees the reason. The first process of a
/// container cannot end by one: it ends with the exit code of a shell.
pub(crate) fn die(signal: i32) -> ! {
    if std::process::id() != 1 {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    std::process::exit(ENDED_BY + signal)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_mask() {
        // nohup ignores SIGHUP (1), a shell without job control SIGINT (2) and SIGQUIT (3).
        assert_eq!(ignored("Name:\tcost\nSigIgn:\t0000000000000001\nSigCgt:\t4\n"), [1]);
        assert_eq!(ignored("SigBlk:\t0\nSigIgn:\t0000000000001006\n"), [2, 3, 13]);
        assert_eq!(ignored("SigIgn:\t8000000000000000\n"), [64]);
        assert_eq!(ignored(""), [0; 0]);
    }
}
