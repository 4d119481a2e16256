//! Runbooks: how to implement an opportunity, as commands to review and run by hand. The tool
//! itself never changes anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cloud::{Provider, cloud};
pub use crate::shell::shell_word;
use crate::shell::unquoted;

mod first_step;
mod way;

pub(crate) use first_step::first_step;
pub(crate) use way::{Joint, Part, Upgrade, Way, by_way};

/// Steps and commands of one opportunity. The tests to run first, and the rollback in words, are in
/// its trade-off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Runbook {
    /// Rollout order: staging first, then gradually.
    pub rollout: Vec<String>,
    /// Script for the provider's command line, to review and run line by line. It refuses other
    /// accounts, ends at the first error, saves what it deletes before deleting it, and waits for
    /// results. Names are quoted for the shell (bash or zsh). Empty if there is no command: then
    /// see the rollout.
    pub commands: Vec<String>,
    /// What to monitor during the rollout, and when to stop.
    pub watch: Vec<String>,
    /// Rollback script, which uses what the first script saved; empty if there is none.
    pub rollback_commands: Vec<String>,
    /// Change to make in Terraform, so that Terraform does not revert it.
    pub terraform: Vec<String>,
}

/// Location where a runbook runs. It refuses to run elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Provider of the changed resource; `None` if unknown.
    pub(crate) provider: Option<Provider>,
    /// `SubAccountId` of the changed resource.
    pub(crate) account: Option<&'a str>,
    /// `RegionId` of the changed resource.
    pub(crate) region: Option<&'a str>,
    /// Folder for the files that the script saves: the ID of the opportunity.
    pub(crate) folder: &'a str,
}

/// File of IDs that a script writes and its rollback reads.
const IDS: &str = "ids.sh";

/// The line of a rollback that renames the folder of the files after success. A second rollback
/// then finds nothing to create again, and a later run of the script starts anew.
const DONE: &str = r#"trap '[ "$?" -ne 0 ] || mv "$PWD" "$PWD-rolled-back-$(date +%s)"' EXIT"#;

/// Shell functions for script lines. A script defines those that it uses.
///
/// `save FILE COMMAND…` writes the output of a command to a file once; a second run does not
/// overwrite it. `keep NAME VALUE` stores a shell variable for the rollback, and `once NAME
/// COMMAND…` the output of a command, which a second run does not repeat: it creates a resource once,
/// and reads a property as it was before the change. `until_is WANT MINUTES COMMAND…` waits until a
/// command prints a word, or one of several with `|` between them. It ends the script if the command
/// prints a word for a failure instead, and after this number of minutes. A command that fails is
/// repeated: a new resource is not visible at once.
const FUNCTIONS: [(&str, &str); 4] = [
    ("save", r#"save() { if [ ! -s "$1" ]; then "${@:2}" > "$1.new"; mv "$1.new" "$1"; fi; }"#),
    ("keep", r#"keep() { grep -qs "^$1=" ids.sh || printf '%s=%q\n' "$1" "$2" >> ids.sh; }"#),
    (
        "once",
        r#"once() { if ! grep -qs "^$1=" ids.sh; then local value; value=$("${@:2}"); printf '%s=%q\n' "$1" "$value" >> ids.sh; fi; . ./ids.sh; }"#,
    ),
    (
        "until_is",
        r#"until_is() { local want="$1" left="$(($2 * 4))" now; shift 2; while :; do now=$("$@") || now=''; case "|$want|" in *"|$now|"*) return 0 ;; esac; case "$now" in *FAILED|*[Ff]ailed|CANCELLED|[Cc]ancelled|error) echo "it is $now, not $want: $*" >&2; exit 1 ;; esac; left="$((left - 1))"; if [ "$left" -lt 1 ]; then echo "it is $now, not $want in time: $*" >&2; exit 1; fi; sleep 15; done; }"#,
    ),
];

impl Runbook {
    /// Returns the runbook with its lines as scripts: each in a subshell that ends at the first
    /// error, in the right account and region.
    pub(crate) fn scripts(self, place: Place<'_>) -> Self {
        // Files mark what was done. A rollback makes the script start anew.
        let marks = self.commands.iter().any(|line| line.starts_with("touch "));
        let rollback_commands = script(self.rollback_commands, place, ("cd", marks));
        let commands = script(self.commands, place, ("mkdir -p", marks));
        Self { commands, rollback_commands, ..self }
    }
}

/// Returns the lines with the common start and end of a script. It uses a folder if it needs or
/// writes files, or if `marks` is set.
fn script(lines: Vec<String>, place: Place<'_>, (folder, marks): (&str, bool)) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    // Names can contain any text.
    let own: Vec<String> = lines.iter().map(|line| unquoted(line)).collect();
    let uses = |name: &str| own.iter().any(|l| l.split_whitespace().any(|w| w == name));
    let mut all = vec!["(".to_owned(), "set -euo pipefail".to_owned()];
    if let Some(provider) = place.provider {
        all.extend(cloud(provider).script_start(place.account, place.region));
    }
    all.extend(FUNCTIONS.iter().filter(|(name, _)| uses(name)).map(|(_, text)| (*text).to_owned()));
    let stores = ["save", "keep", "once"].into_iter().any(uses);
    if marks || stores || own.iter().any(|l| l.contains("file://") || l.contains(IDS)) {
        let name = shell_word(place.folder);
        if folder != "cd" {
            all.push(format!("{folder} {name}"));
        }
        all.push(format!("cd {name}"));
        if folder == "cd" {
            all.push(DONE.to_owned());
        }
    }
    all.extend(lines.iter().map(|line| joined(line)));
    all.push(")".to_owned());
    all
}

/// Returns a line in which options and quoted values that start with a dash are one word each:
/// `--name='-a'`. In two words, the command line takes such a value for an option. [`shell_word`]
/// quotes these values.
fn joined(line: &str) -> String {
    ["'-", "$'-"].iter().fold(line.to_owned(), |line, start| joined_at(&line, start))
}

/// Returns the line with `=` instead of a blank between options and words with this start.
fn joined_at(line: &str, start: &str) -> String {
    let gap = format!(" {start}");
    let mut parts = line.split(&gap);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let word = all.rsplit(' ').next().unwrap_or_default();
        let is_option = word.len() > 2
            && word.starts_with("--")
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        all.push(if is_option { '=' } else { ' ' });
        all.push_str(start);
        all.push_str(part);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_checks_where_it_is_and_defines_what_it_uses() {
        let place = Place {
            provider: Some(Provider::Aws),
            account: Some("1'2"),
            region: Some("eu-west-1"),
            folder: "op-1",
        };
        let lines = |l: &[&str]| l.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        let book = Runbook {
            commands: lines(&[
                "save a.json aws ec2 describe-volumes",
                "aws ec2 delete-volume --volume-id v",
            ]),
            rollback_commands: lines(&["aws ec2 create-volume --cli-input-json file://a.json"]),
            ..Runbook::default()
        };
        let book = book.scripts(place);
        let text = book.commands.join("\n");
        assert!(text.starts_with("(\nset -euo pipefail\n") && text.ends_with("\n)"), "{text}");
        assert!(text.contains(r#"[ "$ACCOUNT" = '1'\''2' ] || {"#), "{text}");
        assert!(text.contains("save() {") && !text.contains("until_is() {"), "{text}");
        assert!(text.contains("mkdir -p op-1\ncd op-1\nsave a.json"), "{text}");
        let back = book.rollback_commands.join("\n");
        assert!(back.contains("\ncd op-1\ntrap '") && !back.contains("mkdir"), "{back}");
        assert!(back.contains("-rolled-back-$(date +%s)\"' EXIT\naws ec2 create-volume"), "{back}");
        assert!(Runbook::default().scripts(place).commands.is_empty());
    }

    #[test]
    fn a_script_waits_for_a_result_and_ends_at_a_failure() {
        let (_, until_is) = FUNCTIONS.into_iter().find(|(name, _)| *name == "until_is").unwrap();
        let run = |want: &str, states: &str| {
            // Prints the next state at each call. A file counts the calls, which are in subshells.
            let script = format!(
                "set -euo pipefail\n{until_is}\nsleep() {{ :; }}\ncalls=$(mktemp)\n\
                 state() {{ echo >> \"$calls\"; echo {states} | cut -d ' ' -f \"$(wc -l < \"$calls\" | tr -d ' ')\"; }}\n\
                 trap 'rm \"$calls\"' EXIT\nuntil_is '{want}' 1 state\necho done"
            );
            let done = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (text(done.stdout), text(done.stderr))
        };
        let ok = ("done\n".to_owned(), String::new());
        let failed = |text: &str| (String::new(), format!("it is {text}: state\n"));
        assert_eq!(run("available", "creating creating available"), ok);
        assert_eq!(run("SUCCEEDED|SUCCEEDED_WITH_ISSUES", "IN_PROGRESS SUCCEEDED_WITH_ISSUES"), ok);
        for state in ["FAILED", "Failed", "Cancelled", "CREATE_FAILED", "create-failed", "error"] {
            let states = format!("PENDING {state} available");
            assert_eq!(run("available", &states), failed(&format!("{state}, not available")));
        }
        // Four calls a minute.
        assert_eq!(run("available", "a a a b available"), failed("b, not available in time"));
    }

    #[test]
    fn a_value_that_starts_with_a_dash_is_no_option() {
        let line = format!("aws logs delete-log-group --log-group-name {}", shell_word("-a b"));
        assert_eq!(joined(&line), "aws logs delete-log-group --log-group-name='-a b'");
        let line = format!("aws s3api x --bucket {} --key {} --all", shell_word("--b"), "'-c'");
        assert_eq!(joined(&line), "aws s3api x --bucket='--b' --key='-c' --all");
        let line = format!("aws x --key {}", shell_word("-\u{200b}"));
        assert_eq!(joined(&line), r"aws x --key=$'-\xe2\x80\x8b'");
        for same in ["keep NAME '-a'", "aws x --a b", "aws x --a 'b --c' '-d'", "[ a = '-b' ]"] {
            assert_eq!(joined(same), same);
        }
    }

    #[test]
    fn a_script_starts_as_the_command_line_of_its_cloud_asks() {
        let start = |provider, account| {
            let place = Place { provider, account, region: Some("eu"), folder: "op-1" };
            let commands = vec!["true".to_owned()];
            let lines = Runbook { commands, ..Runbook::default() }.scripts(place).commands;
            let end = lines.len() - 2;
            lines[2..end].join("\n")
        };
        let azure = start(Some(Provider::Azure), Some("/subscriptions/0A-1'2"));
        assert!(
            azure.starts_with("ACCOUNT=$(az account show --query id --output tsv)\n"),
            "{azure}"
        );
        assert!(azure.contains(r#"[ "$ACCOUNT" = '0a-1'\''2' ] || {"#), "{azure}");
        let google = start(Some(Provider::Google), Some("shop $(id)"));
        assert!(google.starts_with("export CLOUDSDK_CORE_PROJECT='shop $(id)'\n"), "{google}");
        for unknown in [Some(Provider::Oracle), Some(Provider::Other), None] {
            assert_eq!(start(unknown, Some("1")), "", "{unknown:?}");
        }
        assert_eq!(start(Some(Provider::Google), None), "");
    }
}
