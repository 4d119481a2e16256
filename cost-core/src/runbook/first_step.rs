//! Scripts that stop after a first step, so that someone can notice that the resource is missing
//! before it is deleted.

use super::{Runbook, shell_word};

/// The start and the end of the test whether the days since the first step have passed.
const PASSED: (&str, &str) = (" -mtime +", ")\" ] || : \"${SOONER:?");

/// Returns lines that do a first step and end the script with a message: `done`, and from when on to
/// run it again for `next`. The file marks when the first step was done. Until then, a second run
/// does not continue unless the user asks for it with the variable `SOONER`. Exit code 75 (try again
/// later) also keeps later parts of the same script from running.
pub(crate) fn first_step(file: &str, step: &str, days: u32, (done, next): (&str, &str)) -> String {
    let start = shell_word(&format!(
        "{done}; nothing is deleted yet. Run this script again in the same directory on or after"
    ));
    let end = shell_word(&format!("to {next} (exit code 75: first step done)"));
    // GNU and BSD have different options for a date in the future.
    let day = format!(
        "$(date -d '+{days} days' '+%F %H:%M' 2> /dev/null || date -v +{days}d '+%F %H:%M')"
    );
    let (passed, or) = PASSED;
    format!(
        "if [ ! -e {file} ]; then\n{step}\ntouch {file}\necho {start} \"{day}\" {end}\nexit 75\nfi\n\
         [ -n \"$(find {file}{passed}{}{or}set SOONER to yes to {next} in less than {days} days}}\"",
        days.saturating_sub(1)
    )
}

impl Runbook {
    /// Returns the days after which to run the script again if it stops after a first step; the
    /// longest time if it has several of these steps. `None` if it does all in one run.
    #[must_use]
    pub fn days_to_second_run(&self) -> Option<u32> {
        let of_line = |line: &String| {
            let (before, _) = line.split_once(PASSED.1)?;
            let (_, days) = before.rsplit_once(PASSED.0)?;
            days.parse::<u32>().ok().map(|days| days.saturating_add(1))
        };
        self.commands.iter().filter_map(of_line).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runbook_says_when_to_run_its_script_again() {
        let of = |days| first_step("off.txt", "aws x stop", days, ("it stops", "delete it"));
        let book = |lines: &str| Runbook {
            commands: lines.lines().map(ToOwned::to_owned).collect(),
            ..Runbook::default()
        };
        assert_eq!(book("aws x delete").days_to_second_run(), None);
        assert_eq!(book(&of(7)).days_to_second_run(), Some(7));
        assert_eq!(book(&format!("{}\n{}", of(3), of(14))).days_to_second_run(), Some(14));
        let text = of(7);
        let said = "echo 'it stops; nothing is deleted yet. Run this script again in the same directory on or after' ";
        assert!(text.contains(said), "{text}");
        assert!(text.contains("' \"$(date -d '+7 days' "), "{text}");
        // Seven days have passed when more than six complete ones have.
        assert!(text.contains("[ -n \"$(find off.txt -mtime +6)\" ] || "), "{text}");
    }
}
