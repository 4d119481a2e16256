//! [`Way`]: a command that makes several changes of one resource at once, and the runbook of
//! several changes.

use super::{Place, Runbook};

/// A way to change a resource: one command that takes the options of several changes, such as the
/// deployment of a database with a new version and a smaller class. Changes with the same way are
/// made together by one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// Lines before the command that only this change needs.
    pub(crate) before: String,
    /// The command, up to the options and after them. The same for all changes of the resource.
    pub(crate) command: (String, String),
    /// Options of this change.
    pub(crate) options: String,
    /// The command of the rollback, up to the options and after them; empty if there is none.
    pub(crate) undo: (String, String),
    /// Options of the rollback of this change.
    pub(crate) undo_options: String,
    /// Downtime of the command, whatever the changes are.
    pub(crate) downtime: &'static str,
    /// Rollback of the command in words.
    pub(crate) rollback: &'static str,
}

impl Way {
    /// Returns whether a change with this way can be made by the same command as another.
    fn is_same(&self, other: &Self) -> bool {
        self.command == other.command && self.undo == other.undo
    }
}

/// Returns the first way of the first change that all changes have, with the options of each; `None`
/// if they have none in common.
pub(crate) fn common_way<'a>(changes: &[&'a [Way]]) -> Option<Way> {
    let (first, others) = changes.split_first()?;
    first.iter().find_map(|way| {
        let same = |ways: &&'a [Way]| ways.iter().find(|other| other.is_same(way));
        let others = others.iter().map(same).collect::<Option<Vec<&Way>>>()?;
        Some(others.into_iter().fold(way.clone(), joined))
    })
}

/// Returns a way with the options of another.
fn joined(mut way: Way, other: &Way) -> Way {
    let join = |text: &mut String, more: &str, by: &str| {
        if !text.is_empty() && !more.is_empty() {
            text.push_str(by);
        }
        text.push_str(more);
    };
    join(&mut way.before, &other.before, "\n");
    join(&mut way.options, &other.options, " ");
    join(&mut way.undo_options, &other.undo_options, " ");
    way
}

impl Runbook {
    /// Returns one runbook for several changes of a resource, in the order in which they apply: with
    /// the command of a way if they have one in common, else their scripts one after the other, each
    /// only if the one before succeeded. Rollbacks are in the opposite order.
    pub(crate) fn together(changes: &[&Self], way: Option<&Way>, place: Place<'_>) -> Self {
        let all = |of: fn(&Self) -> &Vec<String>| {
            let mut lines: Vec<String> = Vec::new();
            for line in changes.iter().flat_map(|change| of(change)) {
                if !lines.contains(line) {
                    lines.push(line.clone());
                }
            }
            lines
        };
        let words = Self {
            rollout: all(|r| &r.rollout),
            watch: all(|r| &r.watch),
            terraform: all(|r| &r.terraform),
            ..Self::default()
        };
        match way {
            Some(way) => {
                let full = |(head, tail): &(String, String), options: &str| {
                    let text = format!("{head}{options}{tail}");
                    text.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
                };
                let mut commands: Vec<String> = way.before.lines().map(ToOwned::to_owned).collect();
                commands.extend(full(&way.command, &way.options));
                let rollback_commands = match way.undo_options.as_str() {
                    "" => Vec::new(),
                    options => full(&way.undo, options),
                };
                Self { commands, rollback_commands, ..words }.scripts(place)
            }
            None => Self {
                commands: in_turn(changes.iter().map(|r| &r.commands)),
                rollback_commands: in_turn(changes.iter().rev().map(|r| &r.rollback_commands)),
                ..words
            },
        }
    }
}

/// Returns scripts as one script that ends with the first one that fails.
fn in_turn<'a>(scripts: impl Iterator<Item = &'a Vec<String>>) -> Vec<String> {
    let scripts: Vec<&Vec<String>> = scripts.filter(|s| !s.is_empty()).collect();
    match scripts.as_slice() {
        [] => Vec::new(),
        [only] => (*only).clone(),
        _ => {
            let lines = scripts.into_iter().flatten().cloned();
            let start = ["(", "set -euo pipefail"].map(ToOwned::to_owned);
            start.into_iter().chain(lines).chain([")".to_owned()]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { provider: None, account: None, region: None, folder: "st-1" };

    fn way(command: &str, options: &str) -> Way {
        let command = (format!("{command} "), " --wait".to_owned());
        Way { command, options: options.to_owned(), ..Way::default() }
    }

    fn book(command: &str, undo: &str) -> Runbook {
        let lines = |text: &str| text.lines().map(ToOwned::to_owned).collect();
        Runbook {
            commands: lines(command),
            rollback_commands: lines(undo),
            watch: vec!["errors".to_owned()],
            ..Runbook::default()
        }
    }

    #[test]
    fn changes_with_a_way_in_common_are_one_command() {
        let first = [way("modify", "--class small"), way("deploy", "--class small")];
        let second = [Way { before: "ask".to_owned(), ..way("deploy", "--version 8") }];
        let both = common_way(&[&first, &second]).unwrap();
        let books = [book("a", ""), book("b", "")];
        let one = Runbook::together(&[&books[0], &books[1]], Some(&both), PLACE);
        let expected =
            ["(", "set -euo pipefail", "ask", "deploy --class small --version 8 --wait", ")"];
        assert_eq!(one.commands, expected);
        assert_eq!((one.watch, one.rollback_commands), (vec!["errors".to_owned()], Vec::new()));
        // The first way that all have: a change in place if both can be made in place.
        let third = [way("modify", "--gp3"), way("deploy", "--gp3")];
        let both = common_way(&[&first, &third]).unwrap();
        assert_eq!(
            (both.command.0.as_str(), both.options.as_str()),
            ("modify ", "--class small --gp3")
        );
        assert_eq!(common_way(&[&first, &[]]), None);
    }

    #[test]
    fn other_changes_run_in_turn_and_roll_back_in_the_opposite_order() {
        let books = [book("(\na\n)", "(\nundo a\n)"), book("(\nb\n)", "(\nundo b\n)")];
        let one = Runbook::together(&[&books[0], &books[1]], None, PLACE);
        assert_eq!(one.commands.join(" "), "( set -euo pipefail ( a ) ( b ) )");
        assert_eq!(one.rollback_commands.join(" "), "( set -euo pipefail ( undo b ) ( undo a ) )");
        let alone = Runbook::together(&[&books[0], &book("", "")], None, PLACE);
        assert_eq!(alone.commands, books[0].commands);
    }
}
