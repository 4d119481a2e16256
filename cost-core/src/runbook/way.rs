//! [`Way`]: a command that makes several changes of one resource at once, and the runbook of
//! several changes.

use super::{Place, Runbook};
use crate::ids::stable_id;

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
    /// Lines before the command of the rollback that only this change needs.
    pub(crate) undo_before: String,
    /// The command of the rollback, up to the options and after them; empty if there is none.
    pub(crate) undo: (String, String),
    /// Options of the rollback of this change.
    pub(crate) undo_options: String,
    /// Whether it changes the version. A command changes it once: to the highest of these.
    pub(crate) upgrade: Upgrade,
    /// Downtime of the command, whatever the changes are.
    pub(crate) downtime: &'static str,
    /// Rollback of the command in words.
    pub(crate) rollback: &'static str,
}

/// Whether a change sets the version of an engine, or another engine, whose version is newer too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Upgrade {
    /// Neither.
    #[default]
    No,
    /// Another version of the same engine.
    Version,
    /// Another engine.
    Engine,
}

impl Way {
    /// Returns whether a change with this way can be made by the same command as another.
    fn is_same(&self, other: &Self) -> bool {
        self.command == other.command && self.undo == other.undo
    }
}

/// A change of a resource: its ID, the ways to make it together with others, and its runbook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) id: &'a str,
    pub(crate) ways: &'a [Way],
    pub(crate) runbook: &'a Runbook,
}

/// Changes of a resource that one script makes.
#[derive(Debug)]
pub(crate) struct Joint<'a> {
    pub(crate) parts: Vec<Part<'a>>,
    /// The way of all of them, with their options; `None` for a single change.
    pub(crate) way: Option<Way>,
}

/// Returns changes by the script that makes them: those with a way in common together, the others
/// alone, in the order of their first changes.
pub(crate) fn by_way<'a>(parts: &[Part<'a>]) -> Vec<Joint<'a>> {
    let mut all: Vec<Joint<'a>> = Vec::new();
    for part in parts {
        let joins = all.iter_mut().find_map(|joint| {
            let ways: Vec<&[Way]> = joint.parts.iter().chain([part]).map(|p| p.ways).collect();
            common_way(&ways).map(|way| (joint, way))
        });
        match joins {
            Some((found, way)) => {
                found.parts.push(*part);
                found.way = Some(way);
            }
            None => all.push(Joint { parts: vec![*part], way: None }),
        }
    }
    all
}

/// Returns the first way of the first change that all have, with the options of each; `None`
/// if they have none in common.
fn common_way(changes: &[&[Way]]) -> Option<Way> {
    let (first, others) = changes.split_first()?;
    first.iter().find_map(|way| {
        let same = |ways: &&[Way]| ways.iter().find(|other| other.is_same(way)).cloned();
        let others = others.iter().map(same).collect::<Option<Vec<Way>>>()?;
        let all: Vec<Way> = [way.clone()].into_iter().chain(others).collect();
        let upgrade = all.iter().map(|way| way.upgrade).max()?;
        let mut made =
            all.into_iter().filter(|w| matches!(w.upgrade, Upgrade::No) || w.upgrade == upgrade);
        let start = made.next()?;
        Some(made.fold(start, |way, other| joined(way, &other)))
    })
}

/// Returns a way with the options of another.
fn joined(mut way: Way, other: &Way) -> Way {
    let join = |text: &mut String, more: &str, by: &str| {
        if text.contains(more) {
            return;
        }
        if !text.is_empty() {
            text.push_str(by);
        }
        text.push_str(more);
    };
    join(&mut way.before, &other.before, "\n");
    join(&mut way.options, &other.options, " ");
    join(&mut way.undo_before, &other.undo_before, "\n");
    join(&mut way.undo_options, &other.undo_options, " ");
    way.upgrade = way.upgrade.max(other.upgrade);
    way
}

impl Joint<'_> {
    /// Returns the scripts of the changes: with the command of their way, or that of the only
    /// change.
    fn runbook(&self, place: Place<'_>) -> Runbook {
        let Some(way) = &self.way else {
            return self.parts.first().map(|part| part.runbook.clone()).unwrap_or_default();
        };
        let full = |before: &str, (head, tail): &(String, String), options: &str| {
            let text = format!("{head}{options}{tail}");
            before.lines().chain(text.lines()).map(ToOwned::to_owned).collect::<Vec<_>>()
        };
        let rollback_commands = if way.undo.0.is_empty() {
            Vec::new()
        } else {
            full(&way.undo_before, &way.undo, &way.undo_options)
        };
        let commands = full(&way.before, &way.command, &way.options);
        Runbook { commands, rollback_commands, ..Runbook::default() }.scripts(place)
    }
}

impl Runbook {
    /// Returns one runbook for several changes of a resource, in the order in which they apply: the
    /// script of each joint change, one after the other, each only if the one before succeeded.
    /// Rollbacks are in the opposite order.
    pub(crate) fn together(changes: &[Joint<'_>], place: Place<'_>) -> Self {
        let all = |of: fn(&Self) -> &Vec<String>| {
            let mut lines: Vec<String> = Vec::new();
            for line in changes.iter().flat_map(|c| &c.parts).flat_map(|part| of(part.runbook)) {
                if !lines.contains(line) {
                    lines.push(line.clone());
                }
            }
            lines
        };
        let books: Vec<Self> = changes
            .iter()
            .map(|joint| {
                // Scripts of different commands have folders of their own.
                let ids: Vec<&str> = joint.parts.iter().map(|part| part.id).collect();
                joint.runbook(Place { folder: &stable_id("st", &ids), ..place })
            })
            .collect();
        Self {
            rollout: all(|r| &r.rollout),
            watch: all(|r| &r.watch),
            terraform: all(|r| &r.terraform),
            commands: in_turn(books.iter().map(|r| &r.commands)),
            rollback_commands: in_turn(books.iter().rev().map(|r| &r.rollback_commands)),
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

    fn part<'a>(id: &'a str, ways: &'a [Way], runbook: &'a Runbook) -> Part<'a> {
        Part { id, ways, runbook }
    }

    fn text(lines: &[String]) -> String {
        lines.join(" ")
    }

    #[test]
    fn changes_with_a_way_in_common_are_one_command() {
        let first = [way("modify", "--class small"), way("deploy", "--class small")];
        let second = [Way { before: "ask".to_owned(), ..way("deploy", "--version 8") }];
        let books = [book("a", ""), book("b", "")];
        let all = by_way(&[part("1", &first, &books[0]), part("2", &second, &books[1])]);
        assert_eq!(all.len(), 1, "{all:?}");
        let one = Runbook::together(&all, PLACE);
        let expected = "( set -euo pipefail ask deploy --class small --version 8 --wait )";
        assert_eq!(text(&one.commands), expected);
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
        let together = |of: &[&Runbook]| {
            let parts: Vec<Part<'_>> = of.iter().map(|book| part("1", &[], book)).collect();
            Runbook::together(&by_way(&parts), PLACE)
        };
        let one = together(&[&books[0], &books[1]]);
        assert_eq!(text(&one.commands), "( set -euo pipefail ( a ) ( b ) )");
        assert_eq!(text(&one.rollback_commands), "( set -euo pipefail ( undo b ) ( undo a ) )");
        assert_eq!(together(&[&books[0], &book("", "")]).commands, books[0].commands);
    }

    #[test]
    fn a_change_without_a_common_way_does_not_split_the_others() {
        let (nodes, disks) = ([way("update", "--nodes")], [way("update", "--disks")]);
        let books = [book("(\nup\n)", ""), book("(\nx\n)", ""), book("(\ny\n)", "")];
        let parts =
            [part("1", &nodes, &books[1]), part("2", &[], &books[0]), part("3", &disks, &books[2])];
        let one = Runbook::together(&by_way(&parts), PLACE);
        let expected =
            "( set -euo pipefail ( set -euo pipefail update --nodes --disks --wait ) ( up ) )";
        assert_eq!(text(&one.commands), expected);
    }

    #[test]
    fn another_engine_makes_the_upgrade_of_the_old_one_needless() {
        let ask = || "ask".to_owned();
        let version =
            [Way { upgrade: Upgrade::Version, before: ask(), ..way("modify", "--version 7") }];
        let engine = [Way { upgrade: Upgrade::Engine, ..way("modify", "--engine new") }];
        let class = [way("modify", "--class small")];
        let both = common_way(&[&version, &engine]).unwrap();
        assert_eq!((both.before.as_str(), both.options.as_str()), ("", "--engine new"));
        let both = common_way(&[&version, &class]).unwrap();
        assert_eq!(
            (both.before.as_str(), both.options.as_str()),
            ("ask", "--version 7 --class small")
        );
    }
}
